"""The city's files, as the engine understood them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.city import City, Neighbourhood, Service
from domain.policy import Policy, TieredPolicy
from domain.words import NeighbourhoodId, Tier
from web.charts.neighbourhoods import map_of
from web.context import Context
from web.pages.admin.frame import Administrator, admin_page
from web.pages.frame import speaking
from web.pages.languages import Language
from web.pages.spans import duration_in_words

router = APIRouter(include_in_schema=False, prefix="/admin/city")

TERMS = tuple(field.name for field in fields(Policy) if field.name != "id")


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a policy; `attention` is empty where attention neighbourhoods keep the same."""

    name: str
    standard: str
    attention: str


@router.get("")
def city(request: Request, context: Context, viewer: Administrator) -> Response:
    known, reader = context.city, speaking(request, context, viewer)
    return admin_page(
        request,
        context,
        "admin/city.html",
        viewer,
        groups=_groups(known),
        policies={name: _terms(reader, tiered) for name, tiered in known.policies.items()},
        used=_used(known),
        map=map_of(context.places),
        spots=_numbered(known),
        Tier=Tier,
        unnamed=_unnamed(known, reader),
        budget=sum(n.budget for n in known.neighbourhoods.values()),
        directory=context.settings.city,
    )


def _groups(known: City) -> Mapping[str, Sequence[Service]]:
    by_group = sorted(known.services.values(), key=lambda service: service.group)
    return {group: list(services) for group, services in groupby(by_group, key=lambda service: service.group)}


def _terms(reader: Language, tiered: TieredPolicy) -> list[Term]:
    found = []
    for name in TERMS:
        standard, attention = _said(reader, tiered.standard, name), _said(reader, tiered.attention, name)
        found.append(Term(name, standard, attention if attention != standard else ""))
    return found


def _said(reader: Language, policy: Policy, name: str) -> str:
    value = getattr(policy, name)
    if isinstance(value, int):
        return reader.number(value)
    if isinstance(value, tuple):
        return " → ".join(reader.say(rung.value, "rungs") for rung in value)
    return duration_in_words(reader, value)


def _used(known: City) -> Mapping[str, int]:
    """How many services each policy is for."""
    return {
        name: sum(name in (service.policy, service.urgent_policy) for service in known.services.values())
        for name in known.policies
    }


def _numbered(known: City) -> Mapping[NeighbourhoodId, tuple[int, Neighbourhood]]:
    """Each neighbourhood with its number on the map, by name."""
    ordered = sorted(known.neighbourhoods.values(), key=lambda n: n.name)
    return {n.id: (number, n) for number, n in enumerate(ordered, 1)}


def _unnamed(known: City, reader: Language) -> Mapping[str, Sequence[str]]:
    """What pages have no name for in the reader's language: by kind, the city's own words."""
    found: dict[str, Sequence[str]] = {
        "departments": [d.id for d in known.departments.values() if not d.name.get(reader.code)],
        "services": [s.code for s in known.services.values() if not s.name.get(reader.code)],
        "groups": sorted({s.group for s in known.services.values()} - set(reader.texts.get("groups", {}))),
        "themes": sorted({s.theme for s in known.services.values()} - set(reader.texts.get("themes", {}))),
    }
    return {kind: names for kind, names in found.items() if names}
