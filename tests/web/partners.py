"""A town in which the roads are a partner's: its letters carry links to answer by."""

import re
from dataclasses import replace
from typing import Any

from httpx2 import Response

from domain.city import City
from domain.words import DepartmentId
from readmodel.action_links import ActionLink, links_of
from readmodel.database import reading
from readmodel.links import Links
from tests.readmodel.town import GREEN, ROADS
from tests.web.town import Town
from web.links import links_of as addresses


def with_partners(city: City, *ids: DepartmentId) -> City:
    departments = {d: replace(found, partner=d in ids) for d, found in city.departments.items()}
    return replace(city, departments=departments)


def links(town: Town, case_id: str) -> list[ActionLink]:
    with reading(town.context.database) as session:
        return links_of(session, case_id)


def path_of(town: Town, link: ActionLink) -> str:
    signed: Links = addresses(town.context)
    return signed.task(link.id).removeprefix(town.context.settings.public_url)


def send(town: Town, path: str, **form: Any) -> Response:
    return town.client.post(path, data=form, headers={"Origin": "https://town.example", "Accept": "text/html"})


def text_of(page: str) -> str:
    return re.sub(r"<[^>]+>", " ", page)


PARTNERS = (ROADS,)
OTHERS = (GREEN,)
