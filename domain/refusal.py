"""What the rules forbid."""

from collections.abc import Mapping
from typing import Literal

RefusalCode = Literal["refused", "stale", "forbidden", "invalid"]


class Refused(Exception):
    """The rules say no; `reason` says why in words for the person who asked.

    `refused`: against the rules as the case stands now. `stale`: the case moved on since it was read.
    `forbidden`: not this role's to do. `invalid`: a field names something that does not exist or cannot be.
    `rule` and `values` say the same for those who tell it in another language: ids, words and moments in RFC 3339.
    """

    def __init__(
        self,
        reason: str,
        code: RefusalCode = "refused",
        field: str | None = None,
        rule: str | None = None,
        values: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code: RefusalCode = code
        self.field = field
        self.rule = rule
        self.values: Mapping[str, str] = dict(values or {})
