"""The form by which a project is referred: its fields, and what they mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from domain.city import City
from readmodel.documents import MOST
from web.documents import LARGEST
from web.pages.languages import Language

TEXTS = ("title", "description", "question", "service", "decided_on", "referred_by", "internal")
ROUND = ("participation", "participation_question", "participation_until")
SEVERAL = ("neighbourhoods", "departments")
MEGABYTES = LARGEST // 1_000_000
_CALLED = {"title": "name", "neighbourhoods": "where", "departments": "who", "participation_until": "until"}
"""What the form calls a field, where that is another word than the field's own."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it was filled in, nothing of it checked."""

    values: Mapping[str, str]
    chosen: Mapping[str, Sequence[str]]

    def body(self) -> dict[str, Any]:
        """As it is sent in by whoever uses the programming interface."""
        v = self.values
        project: dict[str, Any] = {
            "title": v["title"],
            "question": v["question"],
            "decided_on": v["decided_on"],
            "neighbourhoods": list(self.chosen["neighbourhoods"]),
            "departments": list(self.chosen["departments"]),
        }
        if v["referred_by"]:
            project["referred_by"] = v["referred_by"]
        if v["participation"]:
            project["participation"] = {"question": v["participation_question"], "until": v["participation_until"]}
        return {
            "kind": "project",
            "service": v["service"],
            "description": v["description"],
            "project": project,
        }


def blank(service: str) -> Filled:
    """Nothing filled in but the subject."""
    return Filled({**dict.fromkeys((*TEXTS, *ROUND), ""), "service": service}, dict.fromkeys(SEVERAL, ()))


def usual_service(city: City) -> str:
    """The subject about taking part that no department has of itself, as far as the city has such a one."""
    return min(city.services.values(), key=lambda s: (s.group != "participation", bool(s.departments), s.code)).code


def filled_in(form: FormData) -> Filled:
    def text(name: str) -> str:
        value = form.get(name)
        return value.strip() if isinstance(value, str) else ""

    several = {
        name: tuple(dict.fromkeys(one for one in form.getlist(name) if isinstance(one, str) and one))
        for name in SEVERAL
    }
    return Filled({name: text(name) for name in (*TEXTS, *ROUND)}, several)


def field_of(named: str) -> str:
    """A field of what is sent in, as the form calls it: `project.participation.until` is `participation_until`."""
    parts = [part for part in named.split(".") if part not in ("project", "reporter") and not part.isdecimal()]
    if parts[:1] == ["until"]:
        return "participation_until"
    return "_".join(parts[:2]) if parts[:1] == ["participation"] else parts[0] if parts else ""


def told(reader: Language, fields: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each field, in the reader's language; `fields` says it to programs."""
    known = reader.texts["refer_mistakes"]
    told: dict[str, str] = {}
    for named, detail in fields.items():
        name = field_of(named)
        key = f"documents_{detail}" if name == "documents" else name
        told[name] = known.get(key, known["other"]).format(most=MOST, megabytes=MEGABYTES)
    return told


def labels(reader: Language) -> dict[str, str]:
    """What the form calls each of its fields."""
    names = (*TEXTS, *ROUND, *SEVERAL, "documents")
    said = reader.texts["refer"]
    by_name = {name: said[_CALLED.get(name, name)] for name in names if _CALLED.get(name, name) in said}
    return {
        **by_name,
        "participation": said["residents"],
        "participation_question": said["residents_question"],
    }
