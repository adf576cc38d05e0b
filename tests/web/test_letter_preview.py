"""The administrator sees which letters left and what they say, and no resident's name, address or secret."""

import re

import pytest
from sqlalchemy import update

from domain.words import CaseId
from readmodel import outbox
from readmodel.accounts import Mandate
from readmodel.correspondence.examples import EXAMPLES
from readmodel.database import reading, writing
from readmodel.letters import LetterKind, LetterStatus
from readmodel.origin import DEMONSTRATION
from readmodel.outbox import Outgoing
from readmodel.schema import CASES, LETTERS
from tests.web.partners import send
from tests.web.people import ADMINISTRATOR, STAFF
from tests.web.town import Town

PERSONAL = ("An Peeters", "an@example.org")


def letters(town: Town, case_id: str) -> list[Outgoing]:
    with reading(town.context.database) as session:
        return outbox.of_case(session, CaseId(case_id))


def mark(town: Town, letter: Outgoing, status: LetterStatus, error: str | None = None) -> None:
    with writing(town.context.database) as session:
        session.execute(update(LETTERS).where(LETTERS.c.id == letter.id).values(status=status.value, error=error))


def read(town: Town, path: str, lang: str = "en") -> str:
    answer = town.client.get(f"{path}{'&' if '?' in path else '?'}lang={lang}")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_every_letter_is_listed_with_reader_and_status_the_newest_first(town: Town) -> None:
    report = town.report()
    town.sign_in(ADMINISTRATOR)
    page = read(town, "/admin/letters")
    receipt, assigned = letters(town, report["case_id"])
    assert page.index(f"/admin/letters/{assigned.id}") < page.index(f'/admin/letters/{receipt.id}"')
    assert "a resident" in page
    assert report["number"] in page
    assert not [one for one in PERSONAL if one in page]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=failed", ["receipt"]),
        ("kind=assigned", ["assigned"]),
        ("to=follower", ["receipt"]),
        ("to=department:roads", ["assigned"]),
        ("to=head", []),
        ("status=waiting&kind=receipt", []),
        ("status=nonsense&kind=nonsense", ["assigned", "receipt"]),
    ],
)
def test_the_list_is_narrowed_by_status_kind_and_reader(town: Town, query: str, found: list[str]) -> None:
    report = town.report()
    receipt, assigned = letters(town, report["case_id"])
    mark(town, receipt, LetterStatus.FAILED, "the mail server answered 550")
    town.sign_in(ADMINISTRATOR)
    shown = re.findall(r'<td><a href="/admin/letters/(\d+)">', read(town, f"/admin/letters?{query}"))
    kinds = {str(receipt.id): "receipt", str(assigned.id): "assigned"}
    assert [kinds[id] for id in shown] == found


def test_a_long_list_is_paged(town: Town) -> None:
    for _ in range(27):
        town.report()
    town.sign_in(ADMINISTRATOR)
    first = read(town, "/admin/letters")
    older = re.search(r'href="(\?before=\d+)"', first)
    assert older is not None
    rest = read(town, f"/admin/letters{older[1]}")
    ids = [re.findall(r'<td><a href="/admin/letters/(\d+)">', page) for page in (first, rest)]
    assert [len(found) for found in ids] == [50, 4]
    assert not set(ids[0]) & set(ids[1])


def test_a_residents_letter_is_read_without_name_address_or_secret(town: Town) -> None:
    report = town.report()
    receipt, _ = letters(town, report["case_id"])
    town.sign_in(ADMINISTRATOR)
    for path in (f"/admin/letters/{receipt.id}", f"/admin/letters/{receipt.id}/html"):
        page = read(town, path)
        assert not [one for one in (*PERSONAL, report["token"]) if one in page]
        assert "We have received your report" in page
    assert "a…@e…" in read(town, f"/admin/letters/{receipt.id}")


def test_a_made_up_letter_is_read_whole(town: Town) -> None:
    report = town.report()
    with writing(town.context.database) as session:
        session.execute(update(CASES).values(source=DEMONSTRATION, source_ref="1"))
    receipt, _ = letters(town, report["case_id"])
    town.sign_in(ADMINISTRATOR)
    page = read(town, f"/admin/letters/{receipt.id}")
    assert all(one in page for one in (*PERSONAL, report["token"], "List-Unsubscribe"))


def test_the_preview_may_style_itself_and_do_nothing_else(town: Town) -> None:
    receipt, _ = letters(town, town.report()["case_id"])
    town.sign_in(ADMINISTRATOR)
    html = town.client.get(f"/admin/letters/{receipt.id}/html").headers["content-security-policy"]
    assert html.split("; ") == ["default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'self'", "sandbox"]
    page = town.client.get(f"/admin/letters/{receipt.id}")
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    assert re.search(r"<iframe[^>]* sandbox ", page.text)


def test_a_letter_that_failed_is_sent_again_by_the_administrator(town: Town) -> None:
    case_id = town.report()["case_id"]
    receipt, assigned = letters(town, case_id)
    mark(town, receipt, LetterStatus.FAILED, "the mail server answered 550")
    mark(town, assigned, LetterStatus.UNCERTAIN)
    town.sign_in(ADMINISTRATOR)
    assert "the mail server answered 550" in read(town, f"/admin/letters/{receipt.id}")
    assert send(town, "/admin/letters/resend", letter=receipt.id).status_code == 403
    for one in (receipt, assigned):
        assert send(town, "/admin/letters/resend", letter=one.id, csrf=town.csrf()).status_code == 303
    statuses = [letter.status for letter in letters(town, case_id)]
    assert statuses == [LetterStatus.WAITING, LetterStatus.UNCERTAIN]


def test_all_that_failed_is_sent_again_at_once(town: Town) -> None:
    cases = [town.report()["case_id"] for _ in range(3)]
    for case_id in cases:
        mark(town, letters(town, case_id)[0], LetterStatus.FAILED)
    town.sign_in(ADMINISTRATOR)
    answer = send(town, "/admin/letters/resend", csrf=town.csrf())
    assert answer.headers["location"].endswith("resent=3")
    assert {letters(town, case_id)[0].status for case_id in cases} == {LetterStatus.WAITING}


@pytest.mark.parametrize("mandate", [one for one in STAFF if one != ADMINISTRATOR], ids=lambda one: one.role.value)
def test_nobody_else_reads_the_citys_letters(town: Town, mandate: Mandate) -> None:
    receipt, _ = letters(town, town.report()["case_id"])
    town.sign_in(mandate)
    for path in ("", "/examples", f"/{receipt.id}", f"/{receipt.id}/html", "/examples/news/html"):
        assert town.client.get(f"/admin/letters{path}").status_code == 403


def test_whoever_is_not_signed_in_is_asked_to(town: Town) -> None:
    assert town.client.get("/admin/letters").status_code == 303


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_kind_of_letter_can_be_read_before_anybody_gets_it(town: Town, name: str) -> None:
    town.sign_in(ADMINISTRATOR)
    for code in town.context.city.languages:
        page = read(town, f"/admin/letters/examples/{name}?written={code}", code)
        html = read(town, f"/admin/letters/examples/{name}/html?written={code}")
        assert f'<html lang="{code}">' in html
        assert "2026-000042" in page


@pytest.mark.parametrize("path", ["/admin/letters/999999", "/admin/letters/0", "/admin/letters/examples/nothing"])
def test_what_is_not_there_is_not_found(town: Town, path: str) -> None:
    town.sign_in(ADMINISTRATOR)
    assert town.client.get(path).status_code == 404


def test_every_status_and_kind_has_its_words(town: Town) -> None:
    town.report()
    town.sign_in(ADMINISTRATOR)
    page = read(town, "/admin/letters", "nl")
    for word in (*LetterStatus, *LetterKind):
        assert f'value="{word.value}"' in page
