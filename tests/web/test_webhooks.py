"""What administrators do with webhooks: adding one, seeing how it does, sending again, switching off and on."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.webhooks import MessageStatus, Subscription, WebhookState, WhyDisabled
from readmodel.database import reading, writing
from readmodel.schema import WEBHOOK_MESSAGES
from readmodel.webhook_course import disable
from readmodel.webhook_messages import forget, gather, give_up, next_in_lane, tried
from readmodel.webhooks import Webhook, list_webhooks
from tests.readmodel.town import DORP, GREEN, HEIDE, LAMP, ROADS, rows
from tests.web.people import ADMINISTRATOR
from tests.web.town import Town

WEBSITE = {"name": "Website", "url": "https://hooks.town.example/in", "owner": "web@town.example"}


@pytest.fixture
def admin(town: Town) -> Town:
    town.sign_in(ADMINISTRATOR)
    return town


def post(town: Town, path: str, **sent: str) -> Any:
    return town.client.post(path, data={"csrf": town.csrf(), **sent})


def only(town: Town) -> Webhook:
    with reading(town.context.database) as session:
        [webhook] = list_webhooks(session)
    return webhook


def added(town: Town, **sent: str) -> Webhook:
    assert post(town, "/admin/webhooks", **{**WEBSITE, **sent}).status_code == 200
    return only(town)


def hears(town: Town) -> list[tuple[str, str]]:
    """What it is told: the lanes and kinds of its messages."""
    webhook = only(town)
    with writing(town.context.database) as session:
        gather(session, town.context.city, webhook, town.clock())
    found = sorted(rows(town.context.database, WEBHOOK_MESSAGES), key=lambda row: row["position"])
    return [(row["lane"], row["kind"]) for row in found]


def test_the_secret_is_shown_once(admin: Town) -> None:
    page = post(admin, "/admin/webhooks", **WEBSITE)
    [secret] = re.findall(r'class="secret"><code>(whsec_[^<]+)<', page.text)
    webhook = only(admin)
    assert "whsec_" not in admin.client.get(f"/admin/webhooks/{webhook.id}").text
    with capture_logs() as lines:
        again = post(admin, f"/admin/webhooks/{webhook.id}/secret").text
    [another] = re.findall(r'class="secret"><code>(whsec_[^<]+)<', again)
    assert another != secret
    assert lines[0]["webhook"] == webhook.id and "whsec_" not in str(lines)


@pytest.mark.parametrize(
    "sent",
    [
        {"name": " "},
        {"url": "http://hooks.town.example/in"},
        {"url": "https://10.0.0.1/in"},
        {"url": "nonsense"},
        {"owner": "nobody"},
        {"department": "moon"},
        {"in-moon": "on"},
        {"of-moon": "on"},
        {"kind-moon": "on"},
    ],
    ids=str,
)
def test_what_cannot_be_is_explained_and_keeps_what_was_typed(admin: Town, sent: dict[str, str]) -> None:
    page = post(admin, "/admin/webhooks", **{**WEBSITE, **sent})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert f'value="{WEBSITE["owner"]}"' in page.text or "owner" in sent
    with reading(admin.context.database) as session:
        assert list_webhooks(session) == []


def test_it_hears_of_what_it_asked_for_and_of_nothing_before(admin: Town) -> None:
    admin.report()
    added(admin, department=GREEN, **{f"in-{HEIDE}": "on", "kind-case_opened": "on"})
    admin.report()
    tree = admin.report(service="tree")["case_id"]
    assert hears(admin) == [(tree, "case_opened")]


@pytest.mark.parametrize("sent", [{f"in-{DORP}": "on"}, {"of-tree": "on"}, {"department": GREEN}], ids=str)
def test_what_is_none_of_its_business_it_does_not_hear(admin: Town, sent: dict[str, str]) -> None:
    added(admin, **sent)
    admin.report()
    assert hears(admin) == []
    assert only(admin).position > 0, "and it is looked at once"


def test_messages_are_seen_with_their_answers_and_sent_again_under_their_ids(admin: Town) -> None:
    webhook = added(admin, department=ROADS)
    number = admin.report()["number"]
    assert len(hears(admin)) == 2
    first, last = (row["message_id"] for row in rows(admin.context.database, WEBHOOK_MESSAGES))
    with writing(admin.context.database) as session:
        tried(session, first, admin.clock(), 204, None, taken=True)
        tried(session, last, admin.clock(), 500, None, taken=False)
        assert give_up(session, last)
    path = f"/admin/webhooks/{webhook.id}"
    page = admin.client.get(path, params={"lang": "en"}).text
    assert number in page and "204" in page and "500" in page and "given up: 1" in page
    assert admin.client.get(path, params={"status": "failed"}).text.count("<code>department_assigned</code>") == 1
    ids = {row["message_id"] for row in rows(admin.context.database, WEBHOOK_MESSAGES)}
    assert post(admin, f"{path}/replay", message=last).status_code == 303
    assert _statuses(admin) == ["taken", "waiting"]
    assert post(admin, f"{path}/replay", since="2026-03-02T00:00").headers["location"].endswith("said=replayed")
    assert _statuses(admin) == ["waiting", "waiting"]
    assert post(admin, f"{path}/replay", since="yesterday").headers["location"].endswith("said=wrong_moment")
    assert {row["message_id"] for row in rows(admin.context.database, WEBHOOK_MESSAGES)} == ids


@pytest.mark.parametrize(("catch_up", "heard"), [("yes", 4), ("no", 0)])
def test_once_on_again_it_hears_of_what_happened_meanwhile_or_only_of_what_comes(
    admin: Town, catch_up: str, heard: int
) -> None:
    webhook = added(admin)
    admin.report()
    assert len(hears(admin)) == 2
    with writing(admin.context.database) as session:
        disable(session, admin.context.city, webhook, WhyDisabled.UNREACHABLE, admin.clock())
    admin.report()
    assert "Systems that get no messages any more: 1" in admin.client.get("/admin", params={"lang": "en"}).text
    post(admin, f"/admin/webhooks/{webhook.id}/enable", catch_up=catch_up)
    assert only(admin).state is WebhookState.ENABLED
    hears(admin)
    assert _statuses(admin).count("waiting") == heard


def test_it_is_tried_and_switched_off_by_hand(admin: Town) -> None:
    webhook = added(admin)
    path = f"/admin/webhooks/{webhook.id}"
    post(admin, f"{path}/test")
    assert [row["kind"] for row in rows(admin.context.database, WEBHOOK_MESSAGES)] == ["test"]
    post(admin, f"{path}/disable")
    assert only(admin).why is WhyDisabled.ADMINISTRATOR
    assert admin.client.get(path).status_code == 200
    assert post(admin, f"{path}/nonsense").status_code == 404
    assert post(admin, "/admin/webhooks/nobody/test").status_code == 404


def test_of_cases_about_people_only_their_department_hears(admin: Town) -> None:
    added(admin)
    admin.report()
    city = admin.context.city
    about_people = {**city.services, LAMP: replace(city.services[LAMP], private=True)}
    with writing(admin.context.database) as session:
        assert gather(session, replace(city, services=about_people), only(admin), admin.clock()) == 0
        of_roads = replace(only(admin), subscription=Subscription(ROADS), position=0)
        assert gather(session, replace(city, services=about_people), of_roads, admin.clock()) == 2


def test_what_is_done_with_is_forgotten_after_a_month(admin: Town) -> None:
    webhook = added(admin)
    case_id = admin.report()["case_id"]
    hears(admin)
    with writing(admin.context.database) as session:
        message = next_in_lane(session, webhook.id, case_id)
        assert message is not None
        tried(session, message.id, admin.clock(), 200, None, taken=True)
        forget(session, admin.clock() + timedelta(days=31))
    assert _statuses(admin) == [MessageStatus.WAITING.value]


def test_operators_see_what_was_not_taken(admin: Town) -> None:
    added(admin)
    admin.report()
    hears(admin)
    assert 'aanjager_webhook_messages{status="waiting"} 2.0' in admin.client.get("/metrics").text


def _statuses(town: Town) -> list[str]:
    found = sorted(rows(town.context.database, WEBHOOK_MESSAGES), key=lambda row: row["position"])
    return [row["status"] for row in found]
