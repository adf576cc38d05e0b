"""A report as it is sent in, and what the city makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter, model_validator

from domain.actor import RESIDENT, Actor
from domain.city import Service
from domain.questions import Answers
from domain.words import Kind, NeighbourhoodId, ServiceCode
from readmodel.intake import NewReport, Once, Reporter
from readmodel.photos import Picture
from web.context import WebContext
from web.fields import Email, Line, Link, Phone, Sent, Text, Word
from web.new_project import ProjectSent, project_of
from web.problems import FieldProblem, Problem
from web.questions import AttributesSent, answers_of

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Location(Sent):
    """A point in WGS84."""

    lat: Latitude
    lon: Longitude
    address: Line | None = None


class Contact(Sent):
    """Whoever reports, as far as they want to tell."""

    name: Line | None = None
    email: Email | None = None
    phone: Phone | None = None
    language: Annotated[str, Field(min_length=2, max_length=10)] | None = None
    """In which letters are written; the city's first language where absent."""


class NewCase(Sent):
    """What is reported, and where: a point, or the neighbourhood alone. Where both are given the point decides."""

    kind: Kind
    service: Word
    description: Text
    location: Location | None = None
    neighbourhood: Word | None = None
    urgent: bool = False
    """From the public it holds where the service knows urgent terms of its own; staff may say so of anything."""
    reporter: Contact | None = None
    source: Word | None = None
    source_ref: Annotated[Word, Field(max_length=200)] | None = None
    """The report's id in the system it comes from: bringing it twice gives the case there is."""
    attributes: AttributesSent | None = None
    """Answers to the questions of the service."""
    media_url: Link | None = None
    """Of something to look at elsewhere; it is kept for staff, and not fetched."""
    project: ProjectSent | None = None
    """Advice is asked on it before a decision: for departments, managers and administrators."""

    @model_validator(mode="after")
    def _complete(self) -> "NewCase":
        if self.kind is Kind.STRUCTURAL:
            raise ValueError("a structural case is opened at /structural")
        if self.source_ref is not None and self.source is None:
            raise ValueError("source_ref needs a source")
        if self.project is not None:
            self.project.check(self.kind, of_resident=self.reporter is not None, urgent=self.urgent)
        elif self.location is None and self.neighbourhood is None:
            raise ValueError("give a location or a neighbourhood")
        return self


NEW_CASE = TypeAdapter(NewCase)


@dataclass(frozen=True, slots=True)
class _Mistakes:
    found: list[FieldProblem]

    def add(self, field: str, detail: str) -> None:
        self.found.append(FieldProblem(field, detail))


def report_of(
    context: WebContext,
    sent: NewCase,
    by: Actor | None,
    once: Once | None,
    photos: Sequence[Picture] = (),
    *,
    whole: bool = True,
) -> NewReport:
    """The report against the city's own services and places. Raises Problem with everything that does not fit.

    The questions of the service are put once the report is `whole`.
    """
    mistakes = _Mistakes([])
    service = context.city.services.get(ServiceCode(sent.service))
    if service is None:
        mistakes.add("service", f'{context.city.name} has no service "{sent.service}"')
    project = project_of(context, sent.project, by, mistakes.add) if sent.project is not None else None
    neighbourhood = project.neighbourhoods[0] if project else _neighbourhood(context, sent, mistakes)
    answers: Answers = {}
    if whole and service is not None and sent.project is None:
        answers = answers_of(context, service, sent.attributes, mistakes.add)
    contact = sent.reporter or Contact()
    language = contact.language or context.city.languages[0]
    if language not in context.city.languages:
        mistakes.add("reporter.language", f"must be one of {', '.join(context.city.languages)}")
    if mistakes.found or service is None or neighbourhood is None:
        detail = "; ".join(f"{m.field}: {m.detail}" for m in mistakes.found)
        raise Problem(422, "invalid", detail, mistakes.found)
    return NewReport(
        kind=sent.kind,
        service=service.code,
        neighbourhood=neighbourhood,
        description=sent.description,
        lat=sent.location.lat if sent.location else None,
        lon=sent.location.lon if sent.location else None,
        address=sent.location.address if sent.location else None,
        urgent=sent.urgent and _may_be_urgent(service, by),
        reporter=Reporter(contact.name, contact.email, contact.phone, language),
        known=context.recogniser.known(contact.email, contact.phone),
        source=sent.source,
        source_ref=sent.source_ref,
        by=by or RESIDENT,
        once=once,
        photos=tuple(photos),
        project=project,
        answers=answers,
        media_url=sent.media_url,
    )


def _may_be_urgent(service: Service, by: Actor | None) -> bool:
    return by is not None or service.urgent_policy != service.policy


def _neighbourhood(context: WebContext, sent: NewCase, mistakes: _Mistakes) -> NeighbourhoodId | None:
    named = NeighbourhoodId(sent.neighbourhood) if sent.neighbourhood is not None else None
    if named is not None and named not in context.city.neighbourhoods:
        mistakes.add("neighbourhood", f'{context.city.name} has no neighbourhood "{named}"')
        return None
    if sent.location is None:
        return named
    found = context.places.neighbourhood_at(sent.location.lat, sent.location.lon)
    if found is None:
        mistakes.add("location", f"this point lies outside {context.city.name}")
    return found
