"""A bad value of the environment stops the start and is named; a good one comes out as promised."""

import subprocess
import sys
from pathlib import Path

import pytest

from vssid.kernel.crypto import new_key
from vssid.settings import PROJECT_ROOT, VARIABLES, BadSetting, load

PRODUCTION = {
    "VSSID_ENV": "production",
    "SECRET_KEY": "s" * 32,
    "DATA_KEY": new_key(),
    "PUBLIC_URL": "https://vssid.example",
    "SMS_URL": "https+json://sms.example/send",
    "MAIL_URL": "smtps://mail.example",
}


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"DATA_DIR": str(tmp_path / "data")}


BAD = [
    ("VSSID_ENV", "staging"),
    ("SECRET_KEY", "s" * 31),
    ("DATA_KEY", "c2hvcnQ="),
    ("DATA_KEY", "not base64!"),
    ("DATA_KEY", "đ" * 44),
    ("DATA_KEY", new_key() + ","),
    ("DATA_KEY", new_key() + ",c2hvcnQ="),
    ("DATABASE_URL", "mysql://localhost/vssid"),
    ("DATABASE_URL", "postgresql://localhost/vssid"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:///"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("DATABASE_URL", "vssid.sqlite"),
    ("PUBLIC_URL", "vssid.example"),
    ("PUBLIC_URL", "ftp://127.0.0.1"),
    ("PUBLIC_URL", "http://"),
    ("PUBLIC_URL", "http://127.0.0.1:99999"),
    ("PUBLIC_URL", "http://[::1"),
    ("PUBLIC_URL", "https://vssid.example/vssid"),
    ("PUBLIC_URL", "https://vssid.example/?a=1"),
    ("PUBLIC_URL", "http://vssid.example"),
    ("PUBLIC_URL", "http://192.168.1.10:8000"),
    ("PUBLIC_URL", "http://localhost.example"),
    ("TRUSTED_PROXIES", "10.0.0.0/33"),
    ("TRUSTED_PROXIES", "127.0.0.1, proxy"),
    ("TRUSTED_PROXIES", "*"),
    ("PORT", "0"),
    ("PORT", "abc"),
    ("PORT", "70000"),
    ("PORT", "-1"),
    ("PORT", "8000.5"),
    ("PORT", "٨٠٠٠"),
    ("WEB_CONCURRENCY", "0"),
    ("WEB_CONCURRENCY", "65"),
    ("SMS_URL", "smtp://sms.example"),
    ("SMS_URL", "http://sms.example"),
    ("SMS_URL", "https+json://"),
    ("SMS_URL", "https+json://sms.example:port"),
    ("MAIL_URL", "http+json://mail.example"),
    ("MAIL_URL", "smtp://"),
    ("MAIL_URL", "smtp://mail.example:99999"),
    ("MAIL_URL", "mail.example"),
    ("SITE_NAME", "a" * 41),
    ("SITE_NAME", "two\nlines"),
    ("PROVINCE", "9"),
    ("PROVINCE", "091"),
    ("PROVINCE", "AG"),
    ("HOTLINE", "0" * 31),
    ("HOTLINE", "1900\t0000"),
    ("LOG_LEVEL", "chatty"),
    ("CAPTCHA", "maybe"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_refused_by_name(environ: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load(environ | {name: value})
    assert caught.value.name == name
    assert str(caught.value).startswith(f"{name}: ")
    assert "\n" not in str(caught.value)


def test_every_variable_but_data_dir_has_a_bad_value_above() -> None:
    free_of_choice = {"DATA_DIR", "HOST"}
    assert {name for name, _value in BAD} == set(VARIABLES) - free_of_choice


def test_a_folder_that_cannot_be_made_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match=r"^DATA_DIR: "):
        load({"DATA_DIR": str(tmp_path / "file" / "data")})


@pytest.mark.parametrize("name", ["DATA_KEY", "SECRET_KEY"])
def test_a_refusal_does_not_repeat_a_secret(environ: dict[str, str], name: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load(environ | {name: "hunter2"})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", [name for name, (_default, required, _meaning) in VARIABLES.items() if required])
@pytest.mark.parametrize("value", ["", "   "])
def test_production_does_not_start_without(environ: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load(environ | PRODUCTION | {name: value})
    assert caught.value.name == name


def test_production_needs_the_variables_that_the_contract_marks() -> None:
    marked = {name for name, (_default, required, _meaning) in VARIABLES.items() if required}
    assert marked == {"SECRET_KEY", "DATA_KEY", "PUBLIC_URL", "SMS_URL", "MAIL_URL"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMS_URL", "outbox:"),
        ("MAIL_URL", "outbox:"),
        ("CAPTCHA", "off"),
        ("PUBLIC_URL", "http://vssid.example"),
        ("PUBLIC_URL", "http://127.0.0.1:8000"),
    ],
)
def test_production_takes_no_switch_that_turns_protection_off(environ: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load(environ | PRODUCTION | {name: value})
    assert caught.value.name == name


def test_a_complete_production_environment_starts_and_leaves_no_keys_on_the_disk(environ: dict[str, str]) -> None:
    settings = load(environ | PRODUCTION)
    assert (settings.production, settings.https, settings.captcha) == (True, True, True)
    assert list(settings.data_dir.iterdir()) == []


def test_development_needs_nothing(environ: dict[str, str]) -> None:
    settings = load(environ)
    assert (settings.env, settings.host, settings.port) == ("development", "127.0.0.1", 8000)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert (settings.sms_url, settings.mail_url) == ("outbox:", "outbox:")
    assert settings.database_url == f"sqlite:///{settings.data_dir}/vssid.sqlite"


def test_blank_counts_as_not_given(environ: dict[str, str]) -> None:
    assert load(environ | {"PORT": " ", "HOST": "", "DATABASE_URL": ""}).port == 8000


def test_the_default_address_follows_the_port(environ: dict[str, str]) -> None:
    assert load(environ | {"PORT": "8123"}).public_url == "http://127.0.0.1:8123"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_plain_http_is_for_loopback(environ: dict[str, str], host: str) -> None:
    settings = load(environ | {"PUBLIC_URL": f"http://{host}:8000/"})
    assert settings.public_url == f"http://{host}:8000"
    assert not settings.https


def test_a_relative_sqlite_path_is_absolute_before_anyone_sees_it(environ: dict[str, str]) -> None:
    assert (
        load(environ | {"DATABASE_URL": "sqlite:///a/b.sqlite"}).database_url == f"sqlite:///{PROJECT_ROOT}/a/b.sqlite"
    )
    assert load(environ | {"DATABASE_URL": "sqlite:////var/b.sqlite"}).database_url == "sqlite:////var/b.sqlite"


@pytest.mark.parametrize(("cores", "workers"), [(1, 1), (2, 2), (8, 8), (64, 8)])
def test_there_is_a_worker_a_core_eight_at_most(environ: dict[str, str], monkeypatch, cores: int, workers: int) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: set(range(cores)))
    assert load(environ).web_concurrency == workers
    assert load({**environ, "WEB_CONCURRENCY": "3"}).web_concurrency == 3


def test_a_postgresql_address_stays_as_it_is(environ: dict[str, str]) -> None:
    url = "postgresql+psycopg://vssid@localhost/vssid"
    assert load(environ | {"DATABASE_URL": url}).database_url == url


def test_a_relative_data_dir_stands_in_the_project_not_where_the_shell_is(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert (
        load({"DATA_DIR": "instance"} | {"SECRET_KEY": "s" * 32, "DATA_KEY": new_key()}).data_dir
        == PROJECT_ROOT / "instance"
    )
    assert list(tmp_path.iterdir()) == []


def test_trusted_proxies_are_addresses_and_networks(environ: dict[str, str]) -> None:
    assert load(environ | {"TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,,::1"}).trusted_proxies == (
        "127.0.0.1",
        "10.0.0.0/8",
        "::1",
    )


def test_older_data_keys_follow_the_current_one(environ: dict[str, str]) -> None:
    new, old = new_key(), new_key()
    assert len(set(load(environ | {"DATA_KEY": f"{new},{old}"}).data_keys)) == 2


def test_made_keys_are_kept_and_for_the_owner_alone(environ: dict[str, str]) -> None:
    first, second = load(environ), load(environ)
    assert (first.secret_key, first.data_keys) == (second.secret_key, second.data_keys)
    for name in ("secret_key", "data_key"):
        assert (first.data_dir / name).stat().st_mode & 0o777 == 0o600
    assert {path.name for path in first.data_dir.iterdir()} == {"secret_key", "data_key"}


def test_processes_that_start_together_agree_on_one_key(environ: dict[str, str]) -> None:
    script = "from vssid.settings import load; s = load(); print(s.secret_key, s.data_keys[0].hex())"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script], env=environ, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    answers = {process.communicate(timeout=30)[0] for process in started}
    assert len(answers) == 1
    assert answers.pop().strip()
