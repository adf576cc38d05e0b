"""A process takes its settings from the environment, and says in one line what is wrong with them."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from configuration.secret_key import secret_key
from configuration.settings import SettingsMistake, read_settings

NAMES = (
    "CITY", "DATA", "DATABASE_URL", "PUBLIC_URL", "SECRET_KEY", "SECRET_KEY_FILE", "SMTP_URL", "LOG_FORMAT",
    "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_ROLES_CLAIM", "DEMONSTRATION",
)  # fmt: skip


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(f"AANJAGER_{name}", raising=False)
    return monkeypatch


def test_without_environment_everything_is_under_data(tmp_path: Path) -> None:
    settings = read_settings()
    assert settings.data == tmp_path / "data"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/aanjager.db"
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.log_format == "console"
    assert (settings.city, settings.smtp_url) == (None, None)


def test_each_variable_is_taken(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AANJAGER_CITY", "/cities/genk")
    environment.setenv("AANJAGER_DATA", "/data")
    environment.setenv("AANJAGER_PUBLIC_URL", "https://wijk.example/")
    environment.setenv("AANJAGER_SMTP_URL", "smtp://user:pass@mail.example:587")
    environment.setenv("AANJAGER_LOG_FORMAT", "json")

    settings = read_settings()

    assert settings.city == Path("/cities/genk")
    assert settings.database_url == "sqlite:////data/aanjager.db"
    assert settings.public_url == "https://wijk.example"
    assert settings.smtp_url is not None
    assert settings.smtp_url.get_secret_value() == "smtp://user:pass@mail.example:587"
    assert settings.log_format == "json"


def test_what_is_chosen_goes_before_the_environment(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AANJAGER_DATA", "/data")
    environment.setenv("AANJAGER_PUBLIC_URL", "https://wijk.example")

    settings = read_settings(data=Path("/elsewhere"), public_url=None)

    assert (settings.data, settings.public_url) == (Path("/elsewhere"), "https://wijk.example")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_any_postgresql_address_uses_the_one_driver(environment: pytest.MonkeyPatch, scheme: str) -> None:
    environment.setenv("AANJAGER_DATABASE_URL", f"{scheme}://user:pass@db/aanjager")

    assert read_settings().database_url == "postgresql+psycopg://user:pass@db/aanjager"


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("DATABASE_URL", "mysql://u:hush@db/x", "must start with sqlite:/// or postgresql+psycopg://"),
        ("DATABASE_URL", "hush", "must start with sqlite:/// or postgresql+psycopg://"),
        ("DATABASE_URL", "sqlite://", "must name a file, such as sqlite:////var/lib/aanjager/aanjager.db"),
        ("DATABASE_URL", "sqlite:///:memory:", "must name a file, such as sqlite:////var/lib/aanjager/aanjager.db"),
        ("PUBLIC_URL", "wijk.example", "must be an address that starts with http:// or https://"),
        ("SMTP_URL", "smtp://u:hush@mail:port", "must be an address that starts with smtp:// or smtps://"),
        ("LOG_FORMAT", "xml", "must be 'console' or 'json'"),
        ("OIDC_ISSUER", "id.example", "must be an address that starts with http:// or https://"),
        ("OIDC_ISSUER", "http://id.example", "must start with https:// (http:// is for this machine only)"),
    ],
)
def test_a_wrong_setting_is_one_line_that_keeps_secrets(
    environment: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    environment.setenv(f"AANJAGER_{name}", value)

    with pytest.raises(SettingsMistake) as caught:
        read_settings()

    assert str(caught.value) == f"AANJAGER_{name}: {line}"


def test_settings_do_not_show_their_secrets(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AANJAGER_SECRET_KEY", "hush")
    environment.setenv("AANJAGER_DATABASE_URL", "postgresql://user:hush@db/aanjager")
    environment.setenv("AANJAGER_SMTP_URL", "smtp://user:hush@mail")

    assert "hush" not in repr(read_settings())


def test_single_sign_on_has_all_three_or_none(environment: pytest.MonkeyPatch) -> None:
    assert not read_settings().oidc
    environment.setenv("AANJAGER_OIDC_ISSUER", "https://id.example/city/")
    environment.setenv("AANJAGER_OIDC_CLIENT_ID", "aanjager")
    with pytest.raises(SettingsMistake, match=r"^AANJAGER_OIDC_CLIENT_SECRET must be there too"):
        read_settings()
    environment.setenv("AANJAGER_OIDC_CLIENT_SECRET", "hush")
    settings = read_settings()
    assert settings.oidc and settings.oidc_issuer == "https://id.example/city"
    assert settings.oidc_roles_claim == "roles" and "hush" not in repr(settings)


@pytest.mark.parametrize("host", ["localhost:9000", "127.0.0.1", "[::1]:9000"])
def test_a_provider_on_this_machine_may_speak_http(environment: pytest.MonkeyPatch, host: str) -> None:
    environment.setenv("AANJAGER_OIDC_ISSUER", f"http://{host}")
    environment.setenv("AANJAGER_OIDC_CLIENT_ID", "aanjager")
    environment.setenv("AANJAGER_OIDC_CLIENT_SECRET", "hush")
    assert read_settings().oidc_issuer == f"http://{host}"


def test_a_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = secret_key(read_settings())

    assert len(first) >= 32
    assert secret_key(read_settings()) == first
    assert stat.S_IMODE((tmp_path / "data/secret.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret.key"]


def test_processes_that_start_together_share_one_secret_key() -> None:
    settings = read_settings()
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(settings), range(16)))

    assert len(keys) == 1


def test_a_given_secret_key_is_used_and_none_is_kept(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("AANJAGER_SECRET_KEY", "given")

    assert secret_key(read_settings()) == b"given"
    assert not (tmp_path / "data").exists()


def test_a_secret_key_may_stand_in_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    environment.setenv("AANJAGER_SECRET_KEY_FILE", str(tmp_path / "key"))

    assert secret_key(read_settings()) == b"from a file"


@pytest.mark.parametrize("content", [None, "\n"])
def test_a_secret_key_file_that_is_absent_or_empty_is_told(
    environment: pytest.MonkeyPatch, tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "key").write_text(content)
    environment.setenv("AANJAGER_SECRET_KEY_FILE", str(tmp_path / "key"))

    with pytest.raises(SettingsMistake, match=r"^AANJAGER_SECRET_KEY_FILE: .*key"):
        secret_key(read_settings())


def test_two_secret_keys_are_one_too_many(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AANJAGER_SECRET_KEY", "given")
    environment.setenv("AANJAGER_SECRET_KEY_FILE", "key")

    with pytest.raises(SettingsMistake, match="are both there: keep one"):
        read_settings()
