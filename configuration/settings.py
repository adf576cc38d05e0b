"""The settings of a process, from the environment."""

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "AANJAGER_"
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
    log_format: Literal["console", "json"] = "console"
    public_rate: Annotated[int, Field(ge=1)] = 30
    """How many reports a minute one address may send without a token; as many may come at once."""

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
