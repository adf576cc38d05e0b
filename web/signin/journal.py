"""Who came in, who tried to, and what administrators did: a line of the log each, without passwords or names."""

from typing import Any

import structlog
from fastapi import Request

from web.signin.viewer import Viewer


def note(what: str, request: Request, by: Viewer | None = None, **of: Any) -> None:
    """`what` happened, by whose hand, from which address; `of` tells to whom or what, as ids."""
    address = request.client.host if request.client is not None else ""
    values = {"by": by.user.id, **of} if by is not None else of
    structlog.get_logger("aanjager.access").info(what, address=address, **values)
