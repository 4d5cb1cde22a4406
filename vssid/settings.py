"""The environment, read once into a frozen Settings. A bad value stops the start and is named."""

import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from vssid.kernel.crypto import new_key, parse_key

PROJECT_ROOT = Path(__file__).resolve().parent.parent

CITIZEN_IDLE = timedelta(minutes=30)
OFFICER_IDLE = timedelta(minutes=15)
MEMBER_IDLE = timedelta(minutes=15)
SESSION_ABSOLUTE = timedelta(hours=12)

# name → (default in development, required in production, meaning): the README's table is compared with this.
VARIABLES: dict[str, tuple[str, bool, str]] = {
    "VSSID_ENV": ("development", False, "development or production"),
    "SECRET_KEY": ("made in DATA_DIR/secret_key", True, "signs cookies; 32 characters or more"),
    "DATA_KEY": (
        "made in DATA_DIR/data_key",
        True,
        "wraps file and field keys; 32 bytes in URL-safe base64, older keys after a comma",
    ),
    "DATABASE_URL": ("sqlite:///DATA_DIR/vssid.sqlite", False, "sqlite:///… or postgresql+psycopg://…"),
    "DATA_DIR": ("instance", False, "database, files, outbox"),
    "PUBLIC_URL": ("http://127.0.0.1:PORT", True, "the address people type; https in production"),
    "TRUSTED_PROXIES": ("", False, "addresses or networks whose X-Forwarded-* headers count, comma-separated"),
    "HOST": ("127.0.0.1", False, "where to listen"),
    "PORT": ("8000", False, "where to listen"),
    "WEB_CONCURRENCY": ("a worker a core, 8 at most", False, "worker processes"),
    "SMS_URL": ("outbox:", True, "outbox: (development), http+json://… or https+json://…"),
    "MAIL_URL": (
        "outbox:",
        True,
        "outbox: (development), smtp://, smtp+starttls:// or smtps://user:password@host:port?from=address",
    ),
    "SITE_NAME": ("VssID", False, "the name in the top bar"),
    "PROVINCE": ("91", False, "code of the province that is served (two digits)"),
    "HOTLINE": ("1900 0000", False, "the number people are told to call"),
    "LOG_LEVEL": ("info", False, "debug, info, warning or error"),
    "CAPTCHA": ("on", False, "on or off; off is refused in production"),
}


class BadSetting(Exception):
    """A variable of the environment has a value that the system cannot run with."""

    def __init__(self, name: str, why: str) -> None:
        """Name the variable first: that is what the operator looks for."""
        super().__init__(f"{name}: {why}")
        self.name = name


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations."""

    env: str
    secret_key: str
    data_keys: tuple[bytes, ...]
    database_url: str
    data_dir: Path
    public_url: str
    trusted_proxies: tuple[str, ...]
    host: str
    port: int
    web_concurrency: int
    sms_url: str
    mail_url: str
    site_name: str
    province: str
    hotline: str
    log_level: str
    captcha: bool

    @property
    def production(self) -> bool:
        """Whether real people are served."""
        return self.env == "production"

    @property
    def https(self) -> bool:
        """Whether cookies are Secure and carry the __Host- prefix."""
        return self.public_url.startswith("https://")

    @property
    def public_host(self) -> str:
        """Host (and port, if written) of PUBLIC_URL."""
        return urlsplit(self.public_url).netloc


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the environment. Raises BadSetting naming the first variable that will not do."""
    reader = _Reader(os.environ if environ is None else environ)
    env = reader.choice("VSSID_ENV", "development", "production")
    production = env == "production"
    reader.require_all(production)
    data_dir = reader.folder("DATA_DIR")
    port = reader.number("PORT", 1, 65535)
    public_url = reader.text("PUBLIC_URL") or f"http://127.0.0.1:{port}"
    _check_public_url(public_url, production)
    return Settings(
        env=env,
        secret_key=_secret_key(reader, data_dir),
        data_keys=_data_keys(reader, data_dir),
        database_url=_database_url(reader.text("DATABASE_URL"), data_dir),
        data_dir=data_dir,
        public_url=public_url.rstrip("/"),
        trusted_proxies=reader.networks("TRUSTED_PROXIES"),
        host=reader.text("HOST") or "127.0.0.1",
        port=port,
        web_concurrency=reader.number("WEB_CONCURRENCY", 1, 64) if reader.text("WEB_CONCURRENCY") else workers(),
        sms_url=reader.gateway("SMS_URL", ("outbox", "http+json", "https+json"), production),
        mail_url=reader.gateway("MAIL_URL", ("outbox", "smtp", "smtps", "smtp+starttls"), production),
        site_name=reader.words("SITE_NAME", 40),
        province=reader.digits("PROVINCE", 2),
        hotline=reader.words("HOTLINE", 30),
        log_level=reader.choice("LOG_LEVEL", "debug", "info", "warning", "error"),
        captcha=_captcha(reader, production),
    )


def workers() -> int:
    """A worker for each core that this process may use; more than eight need more than a small server's memory."""
    return min(len(os.sched_getaffinity(0)), 8)


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str) -> str:
        return self._environ.get(name, "").strip()

    def _or_default(self, name: str) -> str:
        return self.text(name) or VARIABLES[name][0]

    def require_all(self, production: bool) -> None:
        for name, (_default, required, meaning) in VARIABLES.items():
            if production and required and not self.text(name):
                raise BadSetting(name, f"is needed in production ({meaning})")

    def choice(self, name: str, *allowed: str) -> str:
        value = self._or_default(name).lower()
        if value not in allowed:
            raise BadSetting(name, f"must be one of {', '.join(allowed)}, not {value!r}")
        return value

    def number(self, name: str, low: int, high: int) -> int:
        value = self._or_default(name)
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise BadSetting(name, f"must be a whole number from {low} to {high}, not {value!r}")
        return int(value)

    def digits(self, name: str, count: int) -> str:
        value = self._or_default(name)
        if len(value) != count or not (value.isascii() and value.isdigit()):
            raise BadSetting(name, f"must be {count} digits, not {value!r}")
        return value

    def words(self, name: str, limit: int) -> str:
        value = self._or_default(name)
        if len(value) > limit or not value.isprintable():
            raise BadSetting(name, f"must be one line of at most {limit} characters")
        return value

    def folder(self, name: str) -> Path:
        path = Path(self._or_default(name))
        path = path if path.is_absolute() else PROJECT_ROOT / path
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as wrong:
            raise BadSetting(name, f"cannot be made a folder ({wrong.strerror}): {path}") from wrong
        return path

    def networks(self, name: str) -> tuple[str, ...]:
        parts = [part.strip() for part in self.text(name).split(",") if part.strip()]
        for part in parts:
            try:
                ip_network(part, strict=False)
            except ValueError as wrong:
                raise BadSetting(name, f"{part!r} is neither an address nor a network") from wrong
        return tuple(parts)

    def gateway(self, name: str, schemes: tuple[str, ...], production: bool) -> str:
        value = self._or_default(name)
        scheme = value.partition(":")[0]
        if scheme not in schemes:
            raise BadSetting(name, f"must begin with one of {', '.join(s + ':' for s in schemes)}")
        if scheme == "outbox":
            if production:
                raise BadSetting(name, "outbox: delivers nothing and is refused in production")
            return value
        try:
            parts = urlsplit(value)
            complete = bool(parts.hostname) and (parts.port is None or parts.port > 0)
        except ValueError as wrong:
            raise BadSetting(name, f"is not a valid address ({wrong})") from wrong
        if not complete:
            raise BadSetting(name, "names no host")
        return value


def _captcha(reader: _Reader, production: bool) -> bool:
    on = reader.choice("CAPTCHA", "on", "off") == "on"
    if production and not on:
        raise BadSetting("CAPTCHA", "cannot be off in production")
    return on


def _check_public_url(url: str, production: bool) -> None:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as wrong:
        raise BadSetting("PUBLIC_URL", f"is not a valid address ({wrong})") from wrong
    if parts.scheme not in ("http", "https") or not host or parts.path not in ("", "/") or parts.query:
        raise BadSetting("PUBLIC_URL", "must be http(s)://host[:port] and nothing more")
    if parts.scheme == "https":
        return
    if production:
        raise BadSetting("PUBLIC_URL", "must be https in production")
    if host != "localhost" and not _is_loopback(host):
        raise BadSetting("PUBLIC_URL", "http is allowed on loopback only; use https")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _database_url(value: str, data_dir: Path) -> str:
    if not value:
        return f"sqlite:///{data_dir / 'vssid.sqlite'}"
    if value.startswith("postgresql+psycopg://"):
        return value
    path = value.removeprefix("sqlite:///")
    if path == value or not path or path == ":memory:":
        raise BadSetting("DATABASE_URL", "must be sqlite:///path or postgresql+psycopg://…")
    return f"sqlite:///{PROJECT_ROOT / path}"


def _secret_key(reader: _Reader, data_dir: Path) -> str:
    given = reader.text("SECRET_KEY") or _kept(
        data_dir / "secret_key", lambda: urlsafe_b64encode(secrets.token_bytes(48)).decode()
    )
    if len(given) < 32:
        raise BadSetting("SECRET_KEY", "needs at least 32 characters")
    return given


def _data_keys(reader: _Reader, data_dir: Path) -> tuple[bytes, ...]:
    text = reader.text("DATA_KEY") or _kept(data_dir / "data_key", new_key)
    try:
        return tuple(parse_key(part) for part in text.split(","))
    except ValueError as wrong:
        raise BadSetting("DATA_KEY", "must be 32 bytes in URL-safe base64 (older keys after a comma)") from wrong


def _kept(path: Path, make: Callable[[], str]) -> str:
    """The key in `path`, made at the first command. Processes that start together agree on one, whole or not at all."""
    if not path.exists():
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        with open(partial, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
            out.write(make())
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(partial, path)
        partial.unlink()
    return path.read_text().strip()
