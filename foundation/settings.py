"""What a deployment can set, read from the environment by cli, app and worker alone."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path

from foundation.errors import Invalid

IDENTITY = (
    "oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_claim_credit_code", "oidc_claim_firm",
    "oidc_claim_person", "oidc_claim_role", "oidc_legal_words",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rates:
    """How often one address or account may ask, in the span of each kind; 0 is without a limit."""

    reads: int = 1200  # a minute, by address: a hall or an office behind one address
    sign_ins: int = 60  # a quarter of an hour
    registrations: int = 20  # an hour
    bindings: int = 60  # a quarter of an hour
    tokens: int = 600  # a minute
    violations: int = 60  # a minute, by address: reports against the content security policy


NO_RATES = Rates(**{each.name: 0 for each in fields(Rates)})


@dataclass(frozen=True, slots=True)
class Settings:
    """Plain values; every default is right for production and safe to publish."""

    database_url: str
    secret_key: str = ""
    # earlier ones: what they sealed can still be read; no cookie of theirs is taken
    secret_keys_before: tuple[str, ...] = ()
    broker_url: str = ""
    files: Path = Path("var/files")
    city: str = "广元市"
    public_url: str = ""
    # the mail server as apprise writes it, with {address} for the recipient
    mail_url: str = ""
    demo: bool = False
    clock_offset: timedelta = timedelta()
    secure_cookies: bool = True
    second_factor: bool = True
    staff_idle: timedelta = timedelta(minutes=30)
    enterprise_idle: timedelta = timedelta(hours=2)
    # how many proxies of ours stand before the web and name the visitor's address
    proxies: int = 0
    # the city's identity service (OpenID Connect); none set, none offered
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    # what it calls the credit code, the enterprise, the person and the role, and its words for 法定代表人
    oidc_claim_credit_code: str = "credit_code"
    oidc_claim_firm: str = "enterprise_name"
    oidc_claim_person: str = "name"
    oidc_claim_role: str = "role"
    oidc_legal_words: str = "legal,法定代表人,法人"
    # the virus scanner (clamd): unix:/run/clamav/clamd.ctl or tcp://host:3310; none, and none is asked
    clamav: str = ""
    # who may read /metrics; nobody without one
    metrics_token: str = ""
    slow_query_ms: int = 500
    rates: Rates = Rates()

    @property
    def keys(self) -> tuple[str, ...]:
        """What seals, and what opens: today's key first."""
        return (self.secret_key, *self.secret_keys_before)

    def demanding(self, *names: str) -> "Settings":
        """These settings, where the *names* are filled; Invalid names the missing variable otherwise."""
        missing = [name for name in names if not getattr(self, name)]
        if missing:
            variable = missing[0].upper()
            raise Invalid.of(variable, "没有设置", f"请设置环境变量 {variable} 后重新启动")
        return self


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings named in *environment* (the process's own by default)."""
    env = os.environ if environment is None else environment
    home = Path(env.get("PORTAL_HOME", "var")).absolute()
    return Settings(
        database_url=_driver(env.get("DATABASE_URL") or f"sqlite:///{home / 'demo' / 'portal.db'}"),
        secret_key=env.get("SECRET_KEY", ""),
        secret_keys_before=tuple(env.get("SECRET_KEYS_BEFORE", "").split()),
        broker_url=env.get("BROKER_URL", ""),
        files=Path(env.get("FILES_DIR") or home / "files"),
        city=env.get("CITY", "广元市"),
        public_url=env.get("PUBLIC_URL", "").rstrip("/"),
        mail_url=env.get("MAIL_URL", ""),
        demo=env.get("PORTAL_DEMO") == "1",
        clock_offset=timedelta(seconds=_number(env, "PORTAL_CLOCK_OFFSET", 0)),
        secure_cookies=env.get("SECURE_COOKIES", "1") == "1",
        second_factor=env.get("SECOND_FACTOR", "1") == "1",
        staff_idle=timedelta(minutes=_number(env, "STAFF_IDLE_MINUTES", 30)),
        enterprise_idle=timedelta(minutes=_number(env, "ENTERPRISE_IDLE_MINUTES", 120)),
        proxies=int(_number(env, "PROXIES", 0)),
        clamav=env.get("CLAMAV", ""),
        metrics_token=env.get("METRICS_TOKEN", ""),
        slow_query_ms=int(_number(env, "SLOW_QUERY_MS", 500)),
        rates=Rates(**{each.name: _rate(env, each.name) for each in fields(Rates)}),
        **{name: env[name.upper()].rstrip("/") for name in IDENTITY if env.get(name.upper())},
    )


def _number(environment: Mapping[str, str], name: str, usual: float) -> float:
    try:
        return float(environment.get(name) or usual)
    except ValueError:
        raise Invalid.of(name, f"“{environment[name]}”不是数", f"请填数字，例如 {usual:g}") from None


def _rate(environment: Mapping[str, str], name: str) -> int:
    return int(_number(environment, f"RATE_{name.upper()}", getattr(Rates(), name)))


def _driver(url: str) -> str:
    """Addresses as operators write them, with the driver that is installed."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
