"""The inbox: whose tasks, in which order, how narrowed, and everything done from it without scripts."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from httpx2 import Response

from readmodel.accounts import Mandate
from tests.readmodel.town import GREEN
from tests.web.images import jpeg
from tests.web.people import GARDENER, HEAD, LEADERSHIP, MANAGER, MEMBER, PARTNER, WARDEN
from tests.web.reading_pages import Outline
from tests.web.town import IN_DORP, Town

HEAD_OF_GREEN = Mandate(HEAD.role, GREEN)


def look(town: Town, address: str = "/inbox", by: Mandate = MEMBER) -> str:
    town.sign_in(by)
    answer = town.client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    Outline(answer.text)
    return answer.text


def numbers(text: str) -> list[str]:
    """The cases listed, in order."""
    return re.findall(r'class="to-case"[^>]*>[^<]*</a> <span class="muted">([0-9-]+)', text)


def quick(town: Town, do: str, **fields: str) -> Response:
    form = {"csrf": town.csrf(), "form_id": str(uuid4()), "next": "/inbox?tab=all", "do": do, **fields}
    return town.client.post("/inbox/quick", data=form)


def counted(text: str) -> list[int]:
    return [int(count) for count in re.findall(r'class="count">(\d+)<', text)]


@pytest.mark.parametrize("by", [MEMBER, PARTNER, HEAD])
def test_a_department_finds_what_awaits_its_answer_first_what_is_due_first(town: Town, by: Mandate) -> None:
    first = town.report()
    town.clock.pass_(hours=1)
    second = town.report()
    town.clock.pass_(hours=1)
    third = town.report(urgent=True)
    town.does(second["case_id"], MEMBER, "accept", assignment="a1")
    assert numbers(look(town, by=by)) == [third["number"], first["number"]]
    assert numbers(look(town, "/inbox?tab=in_progress", by)) == [second["number"]]
    assert len(numbers(look(town, "/inbox?tab=all", by))) == 3


def test_the_tabs_count(town: Town) -> None:
    town.report()
    case_id = town.report()["case_id"]
    town.does(case_id, MEMBER, "accept", assignment="a1", planned_for="2026-03-02")
    town.clock.pass_(days=3)
    assert counted(look(town)) == [1, 1, 0, 1, 0, 0, 2]


@pytest.mark.parametrize("by", [MANAGER, WARDEN, LEADERSHIP])
def test_the_inbox_is_for_those_who_have_tasks(town: Town, by: Mandate) -> None:
    town.sign_in(by)
    assert town.client.get("/inbox").status_code == 403


def test_nobody_sees_the_tasks_of_another_department(town: Town) -> None:
    report = town.report()
    assert numbers(look(town, by=GARDENER)) == []
    town.sign_in(GARDENER)
    assert town.client.get(f"/inbox/{report['case_id']}/a1").status_code == 404


def test_an_empty_inbox_says_so(town: Town) -> None:
    assert "geen enkele taak" in look(town)
    case_id = town.report()["case_id"]
    town.does(case_id, MEMBER, "accept", assignment="a1")
    assert "Niets te beantwoorden." in look(town)
    assert "Niets gevonden." in look(town, "/inbox?q=zeppelin&tab=all")


def test_a_row_tells_how_long_still_and_how_much_too_late(town: Town) -> None:
    town.report()
    assert "nog 47 u" in look(town) or "nog 2 werkdagen" in look(town)
    town.clock.pass_(days=3)
    late = look(town)
    assert "te laat" in late and 'class="row task late"' in late


def test_the_list_is_narrowed(town: Town) -> None:
    here, there = town.report(urgent=True), town.report(location=IN_DORP, description="Hole in the road")
    assert numbers(look(town, "/inbox?neighbourhood=dorp")) == [there["number"]]
    assert numbers(look(town, "/inbox?urgent=yes")) == [here["number"]]
    assert numbers(look(town, "/inbox?q=hole")) == [there["number"]]
    assert numbers(look(town, f"/inbox?q={here['number']}")) == [here["number"]]
    assert numbers(look(town, "/inbox?service=tree")) == []
    town.does(here["case_id"], MEMBER, "accept", assignment="a1", planned_for="2026-03-05")
    assert numbers(look(town, "/inbox?tab=all&planned_from=2026-03-05&planned_to=2026-03-05")) == [here["number"]]
    assert numbers(look(town, "/inbox?tab=all&planned_to=2026-03-04")) == []


@pytest.mark.parametrize(
    "query", ["tab=x&sort=x&neighbourhood=x&service=x", "planned_from=2026-02-31", "q=%00%07", "planned_to=0001-01-01"]
)
def test_what_makes_no_sense_is_passed_over(town: Town, query: str) -> None:
    number = town.report()["number"]
    assert numbers(look(town, f"/inbox?{query}")) == [number]


def test_a_long_list_goes_on_at_the_next_page(town: Town) -> None:
    for _ in range(51):
        town.report()
    first = look(town)
    more = re.search(r'href="([^"]+)" rel="next"', first)
    assert len(numbers(first)) == 50 and more is not None
    assert len(first.encode()) < 100_000
    assert len(numbers(look(town, more[1].replace("&amp;", "&")))) == 1


def test_one_button_accepts_and_one_resumes(town: Town) -> None:
    case_id = town.report()["case_id"]
    button = re.search(r'name="do" value="(accept [^"]+)"', look(town))
    assert button is not None
    answer = quick(town, button[1])
    assert answer.headers["location"] == "/inbox?tab=all&said=accept.2026-000001"
    assert "Aanvaard." in look(town, answer.headers["location"])
    pause = {"assignment": "a1", "cause": "third_party", "until": "2026-03-10", "note": "Parts"}
    town.does(case_id, MEMBER, "pause", **pause)
    assert f'value="resume {case_id}.a1"' in look(town, "/inbox?tab=waiting")
    assert quick(town, f"resume {case_id}.a1").status_code == 303
    assert town.case(case_id, MEMBER)["stage"] == "in_progress"


NO_CASE = UUID(int=7, version=4)


@pytest.mark.parametrize("do", ["", "accept", "accept x.a1", "accept ../../etc.a1", f"accept {NO_CASE}.a1"])
def test_a_button_for_what_is_not_there_does_nothing(town: Town, do: str) -> None:
    town.sign_in(MEMBER)
    assert quick(town, do).status_code == 404


def test_a_task_has_a_page_with_everything_that_may_be_done(town: Town) -> None:
    case_id = town.report()["case_id"]
    page = look(town, f"/inbox/{case_id}/a1?do=resolve&next=/inbox%3Ftab%3Dall")
    assert f'id="act-resolve-{case_id}-a1" open' in page and 'name="next" value="/inbox?tab=all"' in page
    assert "De taak is nog niet aanvaard." in page and "The lamp at number 7 is dark" in page
    assert 'name="expected_version"' not in page


def test_a_task_that_is_over_says_so(town: Town) -> None:
    case_id = town.report()["case_id"]
    town.does(case_id, MEMBER, "transfer", assignment="a1", to="green", note="A tree")
    assert "doorgegeven" in look(town, f"/inbox/{case_id}/a1")


def test_each_choice_on_a_page_has_a_mark_of_its_own(town: Town) -> None:
    case_id = town.report()["case_id"]
    for address in ("/inbox", f"/inbox/{case_id}/a1"):
        ids = [attrs["id"] for _, attrs in Outline(look(town, address)).tags if attrs.get("id")]
        assert len(ids) == len(set(ids))


def test_the_photo_of_a_report_is_in_its_row(town: Town) -> None:
    form = {"service": "lamp", "description": "Dark", "neighbourhood": "heide"}
    sent = town.client.post("/report", data=form, files={"photos": ("a.jpg", jpeg(), "image/jpeg")})
    assert sent.status_code == 303
    photo = re.search(r'src="(/photos/[0-9a-f-]{36}\?size=small)"', look(town))
    assert photo is not None and town.client.get(photo[1]).status_code == 200


def test_the_crew_gets_a_list_on_paper(town: Town) -> None:
    town.report(), town.report(location=IN_DORP)
    by_place = look(town, "/inbox/print")
    assert by_place.index("<h2>Dorp</h2>") < by_place.index("<h2>Heide</h2>")
    assert "The lamp at number 7 is dark" in by_place and "<nav" not in by_place and "<form" not in by_place
    assert "<h2>Niet gepland</h2>" in look(town, "/inbox/print?by=planned")


def test_what_is_shown_can_be_kept_under_a_name_and_dropped_again(town: Town) -> None:
    town.sign_in(MEMBER)
    kept = {
        "csrf": town.csrf(),
        "page": "/inbox",
        "name": "Dorp, dringend",
        "query": "urgent=yes&neighbourhood=dorp&cursor=x",
    }
    assert town.client.post("/views", data=kept).headers["location"] == "/inbox?neighbourhood=dorp&urgent=yes"
    page = look(town, "/inbox?urgent=yes&neighbourhood=dorp")
    assert 'href="/inbox?neighbourhood=dorp&amp;urgent=yes" aria-current="page">Dorp, dringend</a>' in page
    assert "Dorp, dringend" not in look(town, by=HEAD_OF_GREEN)
    town.sign_in(MEMBER)
    view = re.search(r'name="view" value="([^"]+)"', page)
    assert view is not None
    town.client.post("/views/drop", data={"csrf": town.csrf(), "view": view[1], "next": "/inbox"})
    assert "Dorp, dringend" not in look(town)


def test_a_view_without_a_name_is_refused(town: Town) -> None:
    town.sign_in(MEMBER)
    sent = {"csrf": town.csrf(), "page": "/inbox", "name": " ", "query": "urgent=yes"}
    answer = town.client.post("/views", data=sent, headers={"Accept": "text/html"})
    assert answer.status_code == 422 and "Geef de weergave een naam." in answer.text
    assert town.client.post("/views", data={**sent, "name": "x", "page": "//elsewhere"}).status_code == 404


def test_a_head_sees_escalations_in_the_inbox(town: Town) -> None:
    case_id = town.report()["case_id"]
    town.clock.now += timedelta(days=2, minutes=1)
    town.engine.let_time_pass(case_id)
    page = look(town, "/inbox?tab=escalated", HEAD)
    assert "Escalatie, trap 1" in page
    assert f"act-acknowledge-{case_id}-e1" in look(town, f"/inbox/{case_id}/a1", HEAD)
