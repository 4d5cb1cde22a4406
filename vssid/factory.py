"""create_app: settings → kernel → web → rooms. Knows everyone, is known by no one."""

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import Engine

from vssid import (
    accounts,
    attesting,
    demo,
    directory,
    helping,
    migrations,
    newsroom,
    notices,
    officers,
    organisations,
    printing,
    privacy,
    registration,
    rosters,
    shield,
    work,
)
from vssid import settings as environment
from vssid.accounts.entry import new_device, passkey
from vssid.accounts.entry import views as entry_views
from vssid.accounts.factors import backup_codes, passkeys, smart_otp
from vssid.accounts.recovery import asking, witness
from vssid.accounts.recovery import views as recovery_views
from vssid.accounts.relatives import views as relatives_views
from vssid.accounts.security import devices, phrase, preferences
from vssid.accounts.security import views as security_views
from vssid.attesting import cli as attesting_cli
from vssid.attesting import sharing
from vssid.attesting import views as attesting_views
from vssid.card import refusals as card_refusals
from vssid.card import renewal as card_renewal
from vssid.card import strips
from vssid.card import views as card_views
from vssid.card.prints import views as card_prints
from vssid.card.renewal import views as card_calendar
from vssid.card.strips import views as strips_views
from vssid.card.today import views as card_today
from vssid.content import views as content_views
from vssid.demo import cli as demo_cli
from vssid.directory import views as directory_views
from vssid.estimates import views as estimates_views
from vssid.helping import views as helping_views
from vssid.home import search as home_search
from vssid.home import settings as home_settings
from vssid.home import views as home_views
from vssid.imports import cli as imports_cli
from vssid.imports import desk as imports_desk
from vssid.kernel.clock import now
from vssid.kernel.crypto import Keyring
from vssid.kernel.db import unit
from vssid.kernel.files import FileStore
from vssid.kernel.labels import N_, Np_
from vssid.kernel.limits import Limiter
from vssid.kernel.workshop import Workshop
from vssid.lookups import views as lookups_views
from vssid.lookups.lists import open_data as lookups_data
from vssid.lookups.lists import views as lookups_lists
from vssid.officers import cli as officers_cli
from vssid.officers import views as officers_views
from vssid.officers.keys import sign_in as officers_sign_in
from vssid.officers.keys import views as officers_keys
from vssid.officers.staff import desk as staff_desk
from vssid.printing import batch as printing_batch
from vssid.printing import desk as printing_desk
from vssid.printing import downloads as printing_downloads
from vssid.records import benefits, family
from vssid.records import views as records_views
from vssid.records.benefits import downloads as benefit_downloads
from vssid.records.benefits import views as benefits_views
from vssid.records.contributions import downloads as contributions_downloads
from vssid.records.contributions import statement as contributions_statement
from vssid.records.contributions import views as contributions_views
from vssid.records.contributions import watch as contributions_watch
from vssid.records.papers import views as papers_views
from vssid.records.visits import downloads as visit_downloads
from vssid.records.visits import statement as visit_statement
from vssid.records.visits import views as visits_views
from vssid.services import SERVICES
from vssid.settings import PROJECT_ROOT, Settings
from vssid.signing import cli as signing_cli
from vssid.support import assistant, chat, feedback
from vssid.support import views as support_views
from vssid.verifying import facility
from vssid.verifying import views as verifying_views
from vssid.web import (
    assets,
    bodies,
    choices,
    cli,
    copies,
    db,
    errors,
    forgery,
    frame,
    headers,
    htmx,
    i18n,
    logs,
    pages,
    probes,
    published,
    pwa,
    sheets,
    weight,
)
from vssid.web.frame import Item, Navigation
from vssid.web.proxies import TrustedProxies

VERSION = "0.1.0"
LARGEST_FORM = 200 * 1024

NAVIGATION = Navigation(
    bar=(
        Item(N_("QL cá nhân"), "/ca-nhan", "user", "ca-nhan"),
        Item(Np_("short", "Thẻ BHYT"), "/ca-nhan/the-bhyt", "card", "the-bhyt"),
        Item(N_("Tra cứu"), "/tra-cuu", "search", "tra-cuu"),
        Item(N_("Hỗ trợ"), "/ho-tro", "help", "ho-tro"),
    ),
    drawer=(
        Item(N_("Quản lý cá nhân"), "/ca-nhan"),
        Item(N_("Thông báo"), "/thong-bao"),
        Item(N_("Thẻ BHYT"), "/ca-nhan/the-bhyt"),
        Item(N_("Gia đình"), "/ca-nhan/gia-dinh"),
        Item(N_("Thông tin tài khoản"), "/tai-khoan"),
        Item(N_("Đổi mật khẩu"), "/tai-khoan/mat-khau"),
        Item(N_("Tìm kiếm"), "/tim-kiem"),
        Item(N_("Tra cứu"), "/tra-cuu"),
        Item(N_("Tin tức sự kiện"), "/tin-tuc"),
        Item(N_("Hướng dẫn"), "/huong-dan"),
        Item(N_("Tổng đài hỗ trợ"), "/ho-tro"),
        Item(N_("Giúp người khác"), "/giup-do"),
        Item(N_("Kiểm tra tin nhắn, cuộc gọi"), "/kiem-tra"),
        Item(N_("Huỷ thay đổi"), "/huy"),
        Item(N_("Cài đặt"), "/cai-dat"),
        Item(N_("Mời cài đặt VssID"), "/moi"),
    ),
    footer=(
        Item(N_("Tìm kiếm"), "/tim-kiem"),
        Item(N_("Tra cứu"), "/tra-cuu"),
        Item(N_("Hỗ trợ"), "/ho-tro"),
        Item(N_("Theo dõi tờ khai"), "/to-khai"),
        Item(N_("Xác minh thẻ, giấy tờ"), "/xac-minh"),
        Item(N_("Kiểm tra tin nhắn, cuộc gọi"), "/kiem-tra"),
        Item(N_("Huỷ thay đổi"), "/huy"),
        Item(N_("Giúp người khác"), "/giup-do"),
        Item(N_("Tin tức sự kiện"), "/tin-tuc"),
        Item(N_("Hướng dẫn"), "/huong-dan"),
        Item(N_("Giới thiệu"), "/gioi-thieu"),
        Item(N_("Cài đặt"), "/cai-dat"),
        Item(N_("Mời cài đặt VssID"), "/moi"),
        Item(N_("Quyền riêng tư"), "/quyen-rieng-tu"),
        Item(N_("Dành cho cán bộ"), "/can-bo"),
    ),
    members=(
        Item(N_("Tổ chức của bạn"), "/to-chuc"),
        Item(N_("Thành viên"), "/to-chuc/thanh-vien"),
    ),
)


def create_app(given: Settings | None = None) -> Flask:
    """The whole application for `given` settings, or for those of the environment."""
    settings = given or environment.load()
    app = Flask("vssid", static_folder=None, template_folder=str(PROJECT_ROOT / "templates"))
    _configure(app, settings)
    _equip(app, settings)
    _open_web(app, settings)
    _open_rooms(app)
    return app


def prepare_database(engine: Engine) -> None:
    """Tables by the migrations, then the reference lists and texts that this version ships."""
    migrations.upgrade(engine)
    with unit(engine) as session:
        directory.load_reference(session, now())
        newsroom.load_shipped(session, now())
        newsroom.bring_up_words(session)


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        PROJECT_ROOT=PROJECT_ROOT,
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        DATA_DIR=settings.data_dir,
        CAPTCHA=settings.captcha,
        VERSION=VERSION,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=100,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        SESSION_COOKIE_NAME="__Host-vssid" if settings.https else "vssid",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PREFERRED_URL_SCHEME="https" if settings.https else "http",
        TRUSTED_HOSTS=[settings.public_host] if settings.production else ["localhost", "127.0.0.1", "[::1]"],
    )
    bodies.init_app(app)


def _equip(app: Flask, settings: Settings) -> None:
    logs.configure(settings.log_level)
    keyring = Keyring(list(settings.data_keys))
    app.extensions["keyring"] = keyring
    app.extensions["files"] = FileStore(settings.data_dir / "files", keyring)
    app.extensions["workshop"] = Workshop()
    db.init_app(app, settings.database_url)
    with app.app_context():
        app.extensions["limiter"] = Limiter(db.db.engine, settings.secret_key)


def _open_web(app: Flask, settings: Settings) -> None:
    inlined = sheets.read(PROJECT_ROOT / "static" / "css")
    logs.init_app(app)
    htmx.init_app(app)
    i18n.init_app(app)
    published.init_app(app)
    choices.init_app(app)
    pages.init_app(app)
    forgery.init_app(app, settings.public_url, development=not settings.production)
    errors.init_app(app)
    app.extensions["assets"] = assets.init_app(app)
    headers.init_app(app, inlined)
    weight.init_app(app)
    frame.init_app(app, settings, inlined, NAVIGATION)
    pwa.init_app(app, app.extensions["assets"], inlined.with_card)
    probes.init_app(app, lambda: migrations.is_current(db.db.engine))
    with app.app_context():
        published.open_counter(app, db.db.engine)
    app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    app.cli.add_command(cli.guards)
    app.cli.add_command(_database_commands())


def _database_commands() -> AppGroup:
    group = AppGroup("db", help="The database's tables.")

    @group.command("upgrade")
    def upgrade() -> None:
        """Bring tables, shipped reference lists and texts to this version."""
        prepare_database(db.db.engine)
        click.echo("Tables and reference lists are up to date.")

    return group


def _open_rooms(app: Flask) -> None:
    """Register every room's windows, desks, commands and periodic jobs."""
    accounts.init_app(app)
    officers.init_app(app)
    staff_desk.init_app(app)
    organisations.init_app(app)
    family.init_app(app)
    contributions_views.init_app(app)
    visits_views.init_app(app)
    papers_views.init_app(app)
    benefits.init_app(app)
    helping.init_app(app)
    registration.init_app(app)
    card_refusals.init_app(app)
    rosters.init_app(app)
    printing.init_app(app)
    facility.init_app(app)
    lookups_lists.init_app(app)
    privacy.init_app(app)
    imports_desk.init_app(app)
    feedback.init_app(app)
    assistant.init_app(app)
    notices.init_app(app, SERVICES)
    newsroom.init_app(app)
    home_search.init_app(app)
    chat.init_app(app)
    shield.init_app(app)
    shield.register_link_check(app, notices.inviting.is_ours)
    for blueprint in (
        directory_views.bp,
        content_views.bp,
        entry_views.bp,
        new_device.bp,
        passkey.bp,
        passkeys.bp,
        smart_otp.bp,
        backup_codes.bp,
        recovery_views.bp,
        asking.bp,
        witness.bp,
        relatives_views.bp,
        security_views.bp,
        devices.bp,
        preferences.bp,
        phrase.bp,
        helping_views.bp,
        officers_views.bp,
        officers_sign_in.bp,
        officers_keys.bp,
        staff_desk.bp,
        attesting_views.bp,
        sharing.bp,
        records_views.bp,
        contributions_views.bp,
        contributions_downloads.bp,
        contributions_statement.bp,
        family.bp,
        visits_views.bp,
        papers_views.bp,
        visit_downloads.bp,
        visit_statement.bp,
        benefits_views.bp,
        benefit_downloads.bp,
        card_views.bp,
        card_prints.bp,
        strips_views.bp,
        card_today.bp,
        card_calendar.bp,
        lookups_views.bp,
        lookups_data.bp,
        verifying_views.bp,
        printing_batch.bp,
        printing_desk.bp,
        printing_downloads.bp,
        home_settings.bp,
        home_views.bp,
        estimates_views.bp,
        support_views.bp,
    ):
        app.register_blueprint(blueprint)
    app.cli.add_command(officers_cli.officers)
    demo.init_app(app)
    app.cli.add_command(demo_cli.demo)
    app.cli.add_command(imports_cli.imports)
    app.cli.add_command(signing_cli.signing)
    app.cli.add_command(attesting_cli.issuer_keys)
    work.init_app(app)
    for name, every, job in (
        *accounts.JOBS,
        *attesting.JOBS,
        *strips.JOBS,
        *helping.JOBS,
        *registration.JOBS,
        *card_refusals.JOBS,
        *rosters.JOBS,
        *printing.JOBS,
        *facility.JOBS,
        *privacy.JOBS,
        *imports_desk.JOBS,
        *feedback.JOBS,
        *assistant.JOBS,
        *notices.JOBS,
        *newsroom.JOBS,
        *chat.JOBS,
        *shield.JOBS,
    ):
        work.register_periodic(app, name, every, job)
    making = (
        copies,
        directory,
        newsroom,
        registration,
        rosters,
        printing,
        privacy,
        imports_desk,
        contributions_watch,
        card_renewal,
    )
    for name, step in (maker for room in making for maker in room.MAKERS):
        work.register_maker(app, name, step)
