"""Recording decisions of a team: that it met there is seen to before the case hears of it."""

from domain.refusal import Refused
from domain.words import CaseId, MeetingId
from readmodel.case_detail import case_state
from readmodel.database import reading
from readmodel.meetings import meeting_by_id
from web.context import WebContext
from web.sight import places_of


def check_meeting(context: WebContext, case_id: CaseId, meeting_id: MeetingId) -> None:
    """A case's story names only meetings of a team that it concerns. Raises Refused."""
    with reading(context.database) as session:
        meeting = meeting_by_id(session, meeting_id)
        found = case_state(session, case_id)
    if meeting is None or found is None or meeting.neighbourhood not in places_of(found[0]):
        raise Refused("No team that this case concerns has such a meeting.", "invalid", "meeting", "no_such_meeting")
