"""The rulebooks that cases travel with, by version: read once, for the rules of a version never change."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from domain.rulebook import Rulebook
from readmodel.codec import rulebook_from_json
from readmodel.schema import RULEBOOKS

_KEPT_AT_MOST = 2_000
_kept: dict[str, Rulebook] = {}
"""Only what can be read again."""
_BY_VERSION = select(RULEBOOKS.c.version, RULEBOOKS.c.body).where(
    RULEBOOKS.c.version.in_(bindparam("versions", expanding=True))
)


def rules_of(connection: Connection, versions: Collection[str]) -> dict[str, Rulebook]:
    """The rulebooks of these versions, each of which is known."""
    found = {version: rules for version in versions if (rules := _kept.get(version)) is not None}
    unread = [version for version in versions if version not in found]
    if unread:
        if len(_kept) >= _KEPT_AT_MOST:
            _kept.clear()
        for row in connection.execute(_BY_VERSION, {"versions": unread}):
            found[row.version] = _kept[row.version] = rulebook_from_json(row.body)
    return found
