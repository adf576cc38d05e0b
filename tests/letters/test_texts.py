"""Every letter says, in its reader's language, what happened, what was promised and what happens next."""

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import Engine

from readmodel.correspondence.gathering import gather, polite
from readmodel.correspondence.kept import kept_letters
from readmodel.correspondence.meeting_examples import MEETING_EXAMPLES
from readmodel.correspondence.of_webhooks import WEBHOOK_EXAMPLES
from readmodel.correspondence.rendering import Text, render
from readmodel.correspondence.wording import LANGUAGES
from readmodel.database import connect, reading, writing
from readmodel.erasure import erase
from readmodel.letters import LetterKind
from readmodel.migrate import migrate
from readmodel.outbox import Outgoing
from tests.letters.story import CITY, KEY, LAMPS, LINKS, NAMES, PUBLIC_URL, TEXTS, write_every_letter
from tests.readmodel.town import MORNING

RESIDENTS = {
    "receipt", "asked", "resolved", "extended", "reopened", "news", "merged", "split", "closed", "adopted", "account",
    "returned", "thanks", "outcome",
}  # fmt: skip
STAFF = {
    ("assigned", "department"),
    ("reopened", "department"),
    ("reminder", "department"),
    ("answered", "department"),
    ("continued", "department"),
    ("place", "manager"),
    ("contradicted", "manager"),
    ("escalation", "head"),
    ("escalation", "manager"),
    ("escalation", "leadership"),
    ("adopted", "manager"),
    ("adopted", "department"),
    ("accounted", "manager"),
    ("accounted", "department"),
    ("returned", "manager"),
    ("returned", "department"),
    ("short", "manager"),
    ("advise", "manager"),
    ("advise", "department"),
    ("summarise", "manager"),
    ("advice", "department"),
    ("outcome", "manager"),
    ("outcome", "department"),
}
ELSEWHERE = {
    "place", "merged", "split", "adopted", "account", "accounted", "returned", "short", "thanks", "advise", "summarise",
    "advice", "outcome",
}  # fmt: skip
"""Letters about other cases than the first."""
Letters = dict[tuple[str, str], Outgoing]
EVERY = sorted({(kind, "follower") for kind in RESIDENTS} | STAFF)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Letters]]:
    url = f"sqlite:///{tmp_path_factory.mktemp('texts') / 'letters.db'}"
    migrate(url)
    engine = connect(url)
    yield engine, write_every_letter(engine)
    engine.dispose()


def read(told: tuple[Engine, Letters], language: str, *which: tuple[str, str]) -> Text:
    engine, letters = told
    with reading(engine) as session:
        chosen = [replace(letters[key], language=language) for key in which]
        return render(gather(session, CITY, LINKS, chosen))


def test_the_story_causes_every_kind_of_letter(told: tuple[Engine, Letters]) -> None:
    assert set(told[1]) == set(EVERY)
    assert {kind for kind, _ in told[1]} == {kind.value for kind in LetterKind} - {
        *MEETING_EXAMPLES,
        *WEBHOOK_EXAMPLES,
        "review",
    }


@pytest.mark.parametrize("voice", ["residents", "staff", "team", "frame"])
def test_no_text_misses_a_language(voice: str) -> None:
    texts = files("readmodel.correspondence") / "texts"
    macros, facts = [], []
    for language in LANGUAGES:
        text = (texts / language / f"{voice}.txt").read_text(encoding="utf-8")
        macros.append(re.findall(r"{% macro (\w+)", text))
        facts.append(sorted(re.findall(r"(?:it|part)\.\w+ *(?:\| *\w+)?", text)))
    assert macros[0]
    assert macros.count(macros[0]) == facts.count(facts[0]) == len(LANGUAGES)
    assert sorted(path.name for path in Path(str(texts)).iterdir()) == sorted(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", EVERY, ids="-".join)
def test_every_letter_reads_well(told: tuple[Engine, Letters], which: tuple[str, str], language: str) -> None:
    text = read(told, language, which)
    number = "2026-000001" if which[0] not in ELSEWHERE else "2026-00000"
    assert number in text.subject
    assert "\n" not in text.subject
    assert "Heide" in text.body
    link = f"{PUBLIC_URL}/follow/" if which[1] == "follower" else f"{PUBLIC_URL}/cases/"
    assert link in text.body
    assert not re.search(r"None|{|}|\n\n\n|[ \t]\n|\.\.|  |  ", text.body)
    if which[0] != "place":
        assert LAMPS[language] in text.body
    assert text.body.startswith({"nl": "Dag", "en": "Hello", "fr": "Bonjour"}[language])


@pytest.mark.parametrize(
    ("language", "day"),
    [("nl", "dinsdag 17 maart 2026"), ("en", "Tuesday 17 March 2026"), ("fr", "mardi 17 mars 2026")],
)
def test_the_receipt_tells_number_department_and_promise(told: tuple[Engine, Letters], language: str, day: str) -> None:
    text = read(told, language, ("receipt", "follower"))
    for part in ("2026-000001", NAMES[language], day, "An Peeters"):
        assert part in text.body
    assert TEXTS["done"] not in text.body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "note"),
    [("extended", "why"), ("news", "news"), ("resolved", "done"), ("closed", "sorry"), ("split", "sorry")],
)
def test_residents_read_what_was_written_for_them(
    told: tuple[Engine, Letters], kind: str, note: str, language: str
) -> None:
    assert f"> {TEXTS[note]}\n" in read(told, language, (kind, "follower")).body


def test_a_question_is_quoted_line_by_line_with_when_to_answer(told: tuple[Engine, Letters]) -> None:
    text = read(told, "en", ("asked", "follower"))
    assert "> Which lamp is it?\n> Left or right?\n" in text.body
    assert "before Wednesday 8 April 2026 at 12:00" in text.body


def test_whoever_takes_something_on_reads_what_was_agreed_and_by_when(told: tuple[Engine, Letters]) -> None:
    body = read(told, "en", ("adopted", "follower")).body
    for part in (f"> {TEXTS['offer']}\n", "€150.00", "Tuesday 17 March 2026 at 15:00"):
        assert part in body
    assert "It cost €120.50 of the €150.00" in read(told, "en", ("accounted", "manager")).body
    assert "handed this back" in read(told, "en", ("returned", "follower")).body


def test_an_extension_tells_the_promise_before_and_the_one_now(told: tuple[Engine, Letters]) -> None:
    text = read(told, "en", ("extended", "follower"))
    assert "promised a solution by" in text.body
    assert "What we promise now: by Saturday 11 April 2026" in text.body


def test_the_department_reads_report_terms_and_promise_in_local_time(told: tuple[Engine, Letters]) -> None:
    text = read(told, "nl", ("assigned", "department"))
    assert "> The lamp at number 7 is dark" in text.body
    assert "Plaats: Heidestraat 7" in text.body
    assert "woensdag 4 maart 2026 om 10:00" in text.body
    assert "An Peeters" not in text.body


def test_a_task_that_comes_back_brings_the_residents_words(told: tuple[Engine, Letters]) -> None:
    assert f"> {TEXTS['verdict']}" in read(told, "nl", ("reopened", "department")).body


def test_an_answer_reaches_the_department_and_says_that_the_clock_runs(told: tuple[Engine, Letters]) -> None:
    text = read(told, "en", ("answered", "department"))
    assert f"> {TEXTS['answer']}" in text.body
    assert "The clock runs again: solved by" in text.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_escalation_tells_who_was_silent_since_when_and_what_comes_next(
    told: tuple[Engine, Letters], language: str
) -> None:
    body = read(told, language, ("escalation", "head")).body
    dates = {"nl": ("4 maart", "6 maart"), "en": ("4 March", "6 March"), "fr": ("4 mars", "6 mars")}[language]
    for part in (NAMES[language], *dates):
        assert part in body


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_advice_is_told_point_by_point_and_afterwards_with_its_answer(
    told: tuple[Engine, Letters], language: str
) -> None:
    advice, outcome = (read(told, language, (kind, "department")).body for kind in ("advice", "outcome"))
    assert advice.index("> People want light\n") < advice.index("> Keep the trees\n")
    assert "> We will\n" not in advice
    assert outcome.count("> We will\n") == 3, "the end, and both points"


def test_who_took_part_reads_what_residents_said_and_no_more(told: tuple[Engine, Letters]) -> None:
    assert "> Dark at the church\n" in read(told, "en", ("thanks", "follower")).body
    body = read(told, "en", ("outcome", "follower")).body
    assert "> People want light\n" in body
    assert "Keep the trees" not in body


def test_leadership_reads_no_personal_data(told: tuple[Engine, Letters]) -> None:
    body = read(told, "en", ("escalation", "leadership")).body
    assert "number 7" not in body
    assert "Heidestraat" not in body


def test_the_last_rung_is_not_told_of_a_higher_one(told: tuple[Engine, Letters]) -> None:
    assert "one step higher" in read(told, "en", ("escalation", "manager")).body
    assert "one step higher" not in read(told, "en", ("escalation", "leadership")).body


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_holds_every_letter_with_its_link(told: tuple[Engine, Letters], language: str) -> None:
    which = [("assigned", "department"), ("answered", "department"), ("reopened", "department")]
    digest = read(told, language, *which)
    assert "3" in digest.subject
    for key in which:
        assert read(told, language, key).subject in digest.body
    assert digest.body.count(f"{PUBLIC_URL}/cases/") == 3


def test_a_language_without_texts_is_served_in_english(told: tuple[Engine, Letters]) -> None:
    assert read(told, "de", ("news", "follower")) == read(told, "en", ("news", "follower"))


def test_pages_show_letters_without_the_secret_of_the_link(told: tuple[Engine, Letters]) -> None:
    engine, letters = told
    case_id = letters["receipt", "follower"].case_id
    assert case_id is not None
    with reading(engine) as session:
        hidden = kept_letters(session, CITY, PUBLIC_URL, case_id)
        shown = kept_letters(session, CITY, PUBLIC_URL, case_id, key=KEY)
    assert f"{PUBLIC_URL}/follow/…\n" in hidden[0].text.body
    assert re.search(r"/follow/[\w-]{22}\n", shown[0].text.body)
    assert [letter.kind for letter in hidden][:2] == [LetterKind.RECEIPT, LetterKind.ASSIGNED]
    assert hidden[0].written_at == MORNING


def test_erased_letters_still_read_without_what_was_said(engine: Engine) -> None:
    letters = write_every_letter(engine)
    with reading(engine) as session:
        before = gather(session, CITY, LINKS, list(letters.values()))
    with writing(engine) as session:
        for case_id in {letter.case_id for letter in letters.values() if letter.case_id is not None}:
            erase(session, case_id)
        after = [render([told]) for told in gather(session, CITY, LINKS, list(letters.values()))]
    assert len(before) == len(after)
    for text in after:
        assert ">" not in text.body
        assert "Peeters" not in text.body
    assert any("Wednesday" in text.body or "woensdag" in text.body for text in after)


def test_a_name_that_is_an_advertisement_is_no_greeting() -> None:
    assert polite("win at https://x.example") is None
    assert polite("Zoë\r\nBcc: x@example.org") is None
    assert polite("Zoë\u202e  Đặng") == "Zoë Đặng"
