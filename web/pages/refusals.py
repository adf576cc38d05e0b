"""What the rules forbid, in the reader's language."""

from datetime import datetime

from domain.refusal import Refused
from domain.words import DepartmentId
from web.context import WebContext
from web.pages.languages import Language


def explained(context: WebContext, reader: Language, refused: Refused) -> str:
    """Why not; in the rules' own words where nobody put them into other words yet."""
    if refused.rule is None or refused.rule not in reader.texts["refusals"]:
        return refused.reason
    values = {name: _said(context, reader, name, value) for name, value in refused.values.items()}
    try:
        return reader.say(refused.rule, "refusals", **values)
    except KeyError:
        return refused.reason


def _said(context: WebContext, reader: Language, name: str, value: str) -> str:
    match name:
        case "department":
            department = context.city.departments.get(DepartmentId(value))
            return reader.of(department.name) if department is not None else value
        case "until":
            return reader.when(context.local(datetime.fromisoformat(value)))
        case "amount":
            return reader.euro(int(value))
        case "state":
            return reader.say(value, "task_states")
        case "role":
            return reader.say(value, "roles")
        case _:
            return value
