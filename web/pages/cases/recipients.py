"""Who a letter is to, in words: never by address."""

from domain.words import DepartmentId, NeighbourhoodId
from web.context import WebContext
from web.pages.languages import Language


def recipient(context: WebContext, reader: Language, reference: str) -> str:
    """The recipient as `readmodel.letters.Letter` refers to it."""
    kind, _, id = reference.partition(":")
    department = context.city.departments.get(DepartmentId(id))
    neighbourhood = context.city.neighbourhoods.get(NeighbourhoodId(id))
    if kind in ("department", "head"):
        return reader.say(kind, "recipients", name=reader.of(department.name) if department is not None else id)
    if kind == "manager":
        return reader.say(kind, "recipients", name=neighbourhood.name if neighbourhood is not None else id)
    return reader.say(kind, "recipients")
