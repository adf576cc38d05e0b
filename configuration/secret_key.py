"""The key that signs links and sessions: given, read from a file, or made once and kept beside the data."""

import os
import secrets
import tempfile
from pathlib import Path

from configuration.settings import PREFIX, Settings, SettingsMistake

FILE = "secret.key"
_BYTES = 32


def secret_key(settings: Settings) -> bytes:
    """The same key for every process and every start with these settings. Raises SettingsMistake."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value().encode()
    if settings.secret_key_file:
        return _read(settings.secret_key_file, f"{PREFIX}SECRET_KEY_FILE")
    kept = settings.data / FILE
    try:
        if not kept.exists():
            _keep_new(kept)
    except OSError as error:
        raise SettingsMistake(f"{PREFIX}DATA: cannot keep a secret key in {settings.data}: {error.strerror}") from error
    return _read(kept, f"{PREFIX}DATA")


def _keep_new(kept: Path) -> None:
    """Of several processes that make one at the same moment, the first one's stays; readable by the owner only."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=FILE, dir=kept.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(name, kept)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()


def _read(path: Path, variable: str) -> bytes:
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise SettingsMistake(f"{variable}: cannot read {path}: {error.strerror}") from error
    if not key:
        raise SettingsMistake(f"{variable}: {path} is empty")
    return key
