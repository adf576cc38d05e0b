"""An event of the log as a CloudEvent 1.0: ids and words of the city, never a text or a contact."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.authority import OF_DEPARTMENT
from domain.events import Happened
from readmodel.codec import event_to_json
from readmodel.eventlog import Recorded


def cloud_event(recorded: Recorded, public_url: str, zone: ZoneInfo) -> dict[str, Any]:
    """Whoever reads the same event gets the same, at any later time; `zone` is the city's."""
    happened = recorded.happened
    data = json.loads(event_to_json(happened.event))
    data.pop("kind")
    return {
        "specversion": "1.0",
        "id": f"{recorded.case_id}/{happened.seq}",
        "source": f"{public_url}/api/v1/cases",
        "type": f"aanjager.{happened.event.kind}",
        "subject": recorded.case_id,
        "time": happened.at.astimezone(zone).isoformat(),
        "datacontenttype": "application/json",
        "sequence": f"{recorded.position:019d}",
        "data": {
            "case_id": recorded.case_id,
            "number": recorded.number,
            "case_kind": recorded.kind.value,
            "service": recorded.service,
            "neighbourhood": recorded.neighbourhood,
            "seq": happened.seq,
            "by": signature(happened),
            "rule": happened.rule,
            **data,
        },
    }


def test_event(message_id: str, name: str, public_url: str, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """A message that tells of nothing, to try whether messages arrive; `name` is the webhook's."""
    return {
        "specversion": "1.0",
        "id": message_id,
        "source": f"{public_url}/admin/webhooks",
        "type": "aanjager.test",
        "time": at.astimezone(zone).isoformat(),
        "datacontenttype": "application/json",
        "data": {"webhook": name},
    }


def signature(happened: Happened) -> str:
    """Who did it, in a word; a report without a sender known to the city came from a resident."""
    by = happened.by
    if by is not None:
        return f"department:{by.department}" if by.role in OF_DEPARTMENT else by.role.value
    return "resident" if happened.seq == 1 and happened.rule is None else "engine"
