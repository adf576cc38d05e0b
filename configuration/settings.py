"""The settings of a process, from the environment."""

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "AANJAGER_"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_POSTGRESQL = "postgresql+psycopg"
_POSTGRESQL_NAMES = ("postgresql", "postgres")


class SettingsMistake(Exception):
    """A setting cannot be used; one line, naming the variable, never its secret."""


def _database_url(value: str) -> str:
    scheme, found, rest = value.partition("://")
    if found and scheme in _POSTGRESQL_NAMES:
        scheme = _POSTGRESQL
    if not found or scheme not in ("sqlite", _POSTGRESQL):
        raise ValueError(f"must start with sqlite:/// or {_POSTGRESQL}://")
    if scheme == "sqlite" and (not rest.startswith("/") or rest in ("/", "/:memory:")):
        raise ValueError("must name a file, such as sqlite:////var/lib/aanjager/aanjager.db")
    return f"{scheme}://{rest}"


def _url(value: str, schemes: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(f"must be an address that starts with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return value


def _public_url(value: str) -> str:
    return _url(value, ("http", "https")).rstrip("/")


def _smtp_url(value: SecretStr) -> SecretStr:
    return SecretStr(_url(value.get_secret_value(), ("smtp", "smtps")))


def on_loopback(url: str) -> bool:
    """Whether the address leads to this machine and is reached by nobody else."""
    return urlsplit(url).hostname in LOOPBACK


def _issuer(value: str) -> str:
    if not _url(value, ("http", "https")).startswith("https://") and not on_loopback(value):
        raise ValueError("must start with https:// (http:// is for this machine only)")
    return value.rstrip("/")


class Settings(BaseSettings):
    """Each field by the name of its variable, without AANJAGER_ and in small letters."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    city: Path | None = None
    data: Annotated[Path, AfterValidator(Path.absolute)] = Field(default=Path("data"), validate_default=True)
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        default_factory=lambda known: f"sqlite:///{known['data'] / 'aanjager.db'}", repr=False
    )
    """Absent: a SQLite file under `data`."""
    public_url: Annotated[str, AfterValidator(_public_url)] = "http://127.0.0.1:8080"
    secret_key: SecretStr | None = None
    secret_key_file: Path | None = None
    smtp_url: Annotated[SecretStr, AfterValidator(_smtp_url)] | None = None
    """Absent: letters are kept and shown, not sent."""
    webhook_private: bool = False
    """Webhooks may lead into the city's own network and to this machine, and may do without HTTPS."""
    log_format: Literal["console", "json"] = "console"
    public_rate: Annotated[int, Field(ge=1)] = 30
    """How many reports a minute one address may send without a token; as many may come at once."""

    oidc_issuer: Annotated[str, AfterValidator(_issuer)] | None = None
    """The city's own sign-in; with the two below, or none of the three."""
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_roles_claim: Annotated[str, Field(min_length=1)] = "roles"
    """Where the provider tells roles; a dot leads into a nested claim."""
    demonstration: bool = False
    """One click signs in; `up` sets it. Only for a web that listens on this machine alone."""

    @property
    def oidc(self) -> bool:
        """Whether people come in through the city's own sign-in."""
        return self.oidc_issuer is not None

    @model_validator(mode="after")
    def _oidc_whole(self) -> "Settings":
        parts = {
            "OIDC_ISSUER": self.oidc_issuer,
            "OIDC_CLIENT_ID": self.oidc_client_id,
            "OIDC_CLIENT_SECRET": self.oidc_client_secret,
        }
        if any(parts.values()) and (absent := [f"{PREFIX}{name}" for name, value in parts.items() if not value]):
            raise ValueError(f"{' and '.join(absent)} must be there too: single sign-on needs all three")
        return self

    @model_validator(mode="after")
    def _one_secret_key(self) -> "Settings":
        if self.secret_key and self.secret_key_file:
            raise ValueError(f"{PREFIX}SECRET_KEY and {PREFIX}SECRET_KEY_FILE are both there: keep one")
        return self


def read_settings(**chosen: Any) -> Settings:
    """The environment's settings; `chosen` goes before it, except where None. Raises SettingsMistake."""
    try:
        return Settings(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as error:
        detail = error.errors(include_url=False, include_input=False)[0]
        text = str(detail["ctx"]["error"]) if detail["type"] == "value_error" else detail["msg"]
        if detail["type"] == "literal_error":
            text = f"must be {detail['ctx']['expected']}"
        variable = f"{PREFIX}{str(detail['loc'][0]).upper()}: " if detail["loc"] else ""
        raise SettingsMistake(f"{variable}{text}") from None
