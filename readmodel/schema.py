"""Every table of the read model, gathered; the migrations are checked against `METADATA`."""

from typing import cast

from sqlalchemy import Table

from readmodel import (
    accounts,
    action_links,
    figures,
    ledger,
    limits,
    meeting_tables,
    offers,
    photos,
    project_tables,
    reporter_table,
    saved_views,
    sessions,
    silence,
    tables,
    webhook_tables,
    words,
)
from readmodel.base import Base
from readmodel.structural import tables as structural

METADATA = Base.metadata


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


RULEBOOKS = _table(tables.RulebookRow)
CASES = _table(tables.CaseRow)
REPORTS = _table(tables.ReportRow)
FOLLOWERS = _table(tables.FollowerRow)
NOTES = _table(tables.NoteRow)
EVENT_LOG = _table(tables.EventRow)
ASSIGNMENTS = _table(tables.AssignmentRow)
ESCALATIONS = _table(tables.EscalationRow)
FEEDBACK = _table(tables.FeedbackRow)
LETTERS = _table(tables.LetterRow)
IDEMPOTENCY_KEYS = _table(tables.IdempotencyKeyRow)
FIGURES = _table(figures.FigureRow)
LIMITS = _table(limits.LimitRow)
USERS = _table(accounts.UserRow)
TOKENS = _table(accounts.TokenRow)
SESSIONS = _table(sessions.SessionRow)
PHOTOS = _table(photos.PhotoRow)
ACTION_LINKS = _table(action_links.ActionLinkRow)
REPORTERS = _table(reporter_table.ReporterRow)
SILENCED = _table(silence.SilencedRow)
CASE_WORDS = words.CASE_WORDS
MEETINGS = _table(meeting_tables.MeetingRow)
AGENDA_ITEMS = _table(meeting_tables.AgendaRow)
DECISIONS = _table(meeting_tables.DecisionRow)
CASE_PARTIES = _table(project_tables.CasePartyRow)
COMMITMENTS = _table(project_tables.CommitmentRow)
DOCUMENTS = _table(project_tables.DocumentRow)
OFFERS = offers.OFFERS
BUDGETS = ledger.BUDGETS
RESERVATIONS = ledger.RESERVATIONS
SAVED_VIEWS = _table(saved_views.SavedViewRow)
HOT_SPOTS = _table(structural.HotSpotRow)
BUNDLED = _table(structural.BundledRow)
HOT_SPOT_REVIEWS = _table(structural.HotSpotReviewRow)
WEBHOOKS = _table(webhook_tables.WebhookRow)
WEBHOOK_MESSAGES = _table(webhook_tables.WebhookMessageRow)
