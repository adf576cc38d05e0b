"""A case as staff may know it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from domain.actor import Actor
from domain.case import Case
from domain.events import Happened
from domain.forecast import forecast
from domain.initiatives.state import Offer
from domain.inspections.state import Inspection
from domain.joining.hearing import answered, asked
from domain.limits import cause_of
from domain.rulebook import Rulebook
from domain.words import NoteId
from readmodel.case_detail import CaseDetail, Verdict
from readmodel.cases import CaseItem
from readmodel.cloud_events import signature
from readmodel.letters import FollowerRole
from readmodel.likely import Likely
from readmodel.photos import Photo
from readmodel.reporters import Earlier
from readmodel.rows import level_of
from web.context import WebContext, maybe
from web.project_view import project_shown, promised_shown
from web.sight import sees_reporter, sees_texts
from web.structural_views import part_of_shown, structure_shown
from web.views import (
    AssignmentShown,
    AttributeShown,
    CaseNamed,
    CaseOfferShown,
    CaseShown,
    CaseSummary,
    DuplicateShown,
    EscalationShown,
    FeedbackShown,
    InspectionShown,
    LocationShown,
    PhotoShown,
    ReporterShown,
    TimelineShown,
    UpcomingShown,
)

PHOTOS = "/api/v1/photos"
NOTHING_EARLIER = Earlier()
TEXTS = ("note", "question", "text", "comment", "task")
"""The fields in which events name a free text."""


def case_summary(context: WebContext, item: CaseItem) -> CaseSummary:
    return CaseSummary(
        case_id=item.case_id,
        number=item.number,
        kind=item.kind,
        service=item.service,
        neighbourhood=item.neighbourhood,
        stage=item.stage,
        outcome=item.outcome,
        urgent=item.urgent,
        opened_at=context.local(item.opened_at),
        promised_by=maybe(context, item.promised_by),
        closed_at=maybe(context, item.closed_at),
        version=item.version,
        round=item.round,
        supporters=item.supporters,
        departments=item.departments,
        escalation_level=item.escalation_level,
    )


def case_shown(
    context: WebContext,
    detail: CaseDetail,
    actor: Actor,
    now: datetime,
    photos_under: str = PHOTOS,
    earlier: Earlier = NOTHING_EARLIER,
) -> CaseShown:
    """Everything that this actor may know of it; that they may know of it at all was seen to before.

    `earlier`: what its reporter reported before.
    """
    case, item = detail.case, detail.item
    texts = {id: note.text for id, note in detail.notes.items()} if sees_texts(actor) else {}
    return CaseShown(
        case_id=case.case_id,
        number=case.number,
        kind=case.kind,
        service=case.service,
        neighbourhood=case.neighbourhood,
        stage=case.stage,
        outcome=case.outcome,
        urgent=case.urgent,
        opened_at=context.local(case.opened_at),
        promised_by=maybe(context, case.promised_by),
        closed_at=maybe(context, case.closed_at),
        version=case.version,
        round=case.round,
        supporters=case.supporters,
        merged_into=case.merged_into,
        split_until=maybe(context, case.merge.until) if case.merge is not None else None,
        asked=asked(case) if case.feedback_until is not None else 0,
        answered=answered(case) if case.feedback_until is not None else 0,
        description=item.description if sees_texts(actor) else None,
        location=_location(item, actor),
        reporter=_reporter(detail, earlier) if sees_reporter(actor, case) else None,
        structure=structure_shown(context, detail, texts),
        part_of=part_of_shown(detail.part_of),
        assignments=_assignments(context, case, texts),
        escalations=_escalations(context, case),
        next=upcoming(context, detail.rules, case, now),
        timeline=tuple(_line(context, happened, texts) for happened in detail.timeline),
        feedback=tuple(verdict(context, given, texts) for given in detail.feedback),
        photos=photos_shown(context, detail, detail.photos if sees_texts(actor) else (), texts, photos_under),
        offers=tuple(_offer(context, offer) for offer in case.offers),
        attributes=attributes_shown(detail) if sees_texts(actor) else (),
        media_url=detail.media_url if sees_texts(actor) else None,
        project=project_shown(context, detail, texts, with_texts=sees_texts(actor)),
        promised_in=promised_shown(detail),
        inspection=_inspection(context, case.inspection) if case.inspection is not None else None,
    )


def _inspection(context: WebContext, last: Inspection) -> InspectionShown:
    return InspectionShown(found=last.found, at=context.local(last.at))


def duplicate_shown(context: WebContext, one: Likely) -> DuplicateShown:
    case = one.case
    return DuplicateShown(
        case_id=case.case_id,
        number=case.number,
        service=case.service,
        neighbourhood=case.neighbourhood,
        stage=case.stage,
        opened_at=context.local(case.opened_at),
        supporters=case.supporters,
        likeness=round(one.likeness, 2),
        probably=one.probably,
        metres=round(case.metres) if case.metres is not None else None,
        same_service=one.same_service,
        words=one.words,
    )


def upcoming(context: WebContext, rules: Rulebook, case: Case, now: datetime) -> tuple[UpcomingShown, ...]:
    return tuple(
        UpcomingShown(
            at=context.local(due.at),
            what=due.act.value,
            assignment=due.assignment,
            term=due.term.value if due.term is not None else None,
            reason=due.reason,
            level=due.level or None,
            to=due.to,
        )
        for due in forecast(rules, case, now)
    )


def text_of(happened: Happened) -> NoteId | None:
    """The free text that the event names, if any."""
    named = (getattr(happened.event, name, None) for name in TEXTS)
    return next((id for id in named if id is not None), None)


def verdict(context: WebContext, given: Verdict, texts: dict[NoteId, str]) -> FeedbackShown:
    comment = texts.get(given.comment) if given.comment is not None else None
    return FeedbackShown(at=context.local(given.at), solved=given.solved, rating=given.rating, comment=comment)


def photos_shown(
    context: WebContext, detail: CaseDetail, photos: Iterable[Photo], texts: Mapping[NoteId, str], under: str
) -> tuple[PhotoShown, ...]:
    """Photos under this path, as the timeline goes; those of a command that is not recorded are not there yet."""
    told: dict[NoteId | None, int] = {None: 1}
    for happened in detail.timeline:
        told.setdefault(text_of(happened), happened.seq)
    shown = [
        PhotoShown(
            photo=photo.photo_id,
            url=f"{under}/{photo.photo_id}",
            small=f"{under}/{photo.photo_id}?size=small",
            width=photo.width,
            height=photo.height,
            at=context.local(photo.at),
            seq=told[photo.note_id],
            note=texts.get(photo.note_id) if photo.note_id is not None else None,
        )
        for photo in photos
        if photo.note_id in told
    ]
    return tuple(sorted(shown, key=lambda photo: photo.seq))


def attributes_shown(detail: CaseDetail) -> tuple[AttributeShown, ...]:
    return tuple(AttributeShown(code=code, values=values) for code, values in detail.answers.items())


def _location(item: CaseItem, actor: Actor) -> LocationShown | None:
    if item.lat is None or item.lon is None:
        return None
    return LocationShown(lat=item.lat, lon=item.lon, address=item.address if sees_texts(actor) else None)


def _reporter(detail: CaseDetail, earlier: Earlier) -> ReporterShown | None:
    for follower in detail.followers:
        if follower.role is FollowerRole.REPORTER:
            return ReporterShown(
                name=follower.name,
                email=follower.email,
                phone=follower.phone,
                language=follower.language,
                earlier_reports=earlier.count,
                earlier=tuple(CaseNamed(case_id=one.case_id, number=one.number) for one in earlier.cases),
            )
    return None


def _assignments(context: WebContext, case: Case, texts: Mapping[NoteId, str]) -> tuple[AssignmentShown, ...]:
    return tuple(
        AssignmentShown(
            assignment=a.id,
            department=a.department,
            state=a.state,
            assigned_at=context.local(a.assigned_at),
            respond_by=maybe(context, a.respond_by),
            responded_at=maybe(context, a.responded_at),
            resolve_by=context.local(a.resolve_by),
            planned_for=maybe(context, a.planned_for),
            escalation_level=level_of(case, a.id),
            task=texts.get(a.task) if a.task is not None else None,
        )
        for a in case.assignments
    )


def _escalations(context: WebContext, case: Case) -> tuple[EscalationShown, ...]:
    return tuple(
        EscalationShown(
            escalation=e.id,
            assignment=e.assignment,
            reason=e.reason,
            level=e.level,
            to=e.to,
            raised_at=context.local(e.raised_at),
            acknowledged_at=maybe(context, e.acknowledged_at),
            cleared_at=maybe(context, e.cleared_at),
            cause=cause_of(case, e),
        )
        for e in case.escalations
    )


def _offer(context: WebContext, offer: Offer) -> CaseOfferShown:
    return CaseOfferShown(
        offer=offer.id,
        amount=offer.amount / 100,
        offered_at=context.local(offer.offered_at),
        until=context.local(offer.until),
        adopted_at=maybe(context, offer.adopted_at),
        account_by=maybe(context, offer.account_by),
        spent=offer.spent / 100 if offer.spent is not None else None,
        ending=offer.ending.value if offer.ending is not None else None,
    )


def _line(context: WebContext, happened: Happened, texts: dict[NoteId, str]) -> TimelineShown:
    named = text_of(happened)
    return TimelineShown(
        seq=happened.seq,
        at=context.local(happened.at),
        event=happened.event.kind,
        by=signature(happened),
        rule=happened.rule,
        note=texts.get(named) if named is not None else None,
    )
