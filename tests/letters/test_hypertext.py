"""The HTML of a letter says what its text says, loads nothing, and takes nobody's words for its own."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from readmodel.correspondence.examples import EXAMPLES, example
from readmodel.correspondence.hypertext import hypertext
from readmodel.correspondence.meeting_examples import MEETING_EXAMPLES, meeting_example
from readmodel.correspondence.of_webhooks import WEBHOOK_EXAMPLES, webhook_example
from readmodel.correspondence.rendering import Text, render
from readmodel.correspondence.wording import LANGUAGES
from readmodel.letters import LetterKind
from tests.letters.story import CITY

NEVER = {"img", "script", "link", "iframe", "form", "object", "embed", "video", "audio"}


class Read(HTMLParser):
    """What a reader sees of a document, and what it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.links = "", list[str](), list[str]()
        self.quotes, self.attributes, self._within = list[str](), list[tuple[str, str | None]](), list[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in ("meta", "br"):
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._within.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._within and "title" not in self._within:
            self.text += data + " "
        if "blockquote" in self._within:
            self.quotes.append(data)


def read(language: str, which: str) -> Text:
    """The example with that name."""
    if which in WEBHOOK_EXAMPLES:
        return render([webhook_example(CITY, language)])
    meeting = which in MEETING_EXAMPLES
    return render([meeting_example(CITY, language, which) if meeting else example(CITY, language, which)])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", [*EXAMPLES, *MEETING_EXAMPLES, *WEBHOOK_EXAMPLES], ids=str)
def test_the_html_says_line_by_line_what_the_text_says(which: str, language: str) -> None:
    text = read(language, which)
    seen = Read(text.html)
    spoken = " ".join(seen.text.split())
    for line in text.body.split("\n"):
        words = " ".join(line.removeprefix("> ").strip().removesuffix(":").split())
        if words.startswith("https://"):
            assert words in seen.links
        elif words not in ("", "--"):
            assert words in spoken
    assert len(seen.links) == sum(line.startswith("https://") for line in text.body.split("\n"))
    assert text.subject in spoken
    assert f'<html lang="{language}">' in text.html


@pytest.mark.parametrize("which", [*EXAMPLES, *MEETING_EXAMPLES, *WEBHOOK_EXAMPLES], ids=str)
def test_nothing_is_loaded_and_tables_are_only_for_layout(which: str) -> None:
    seen = Read(read("nl", which).html)
    assert not NEVER & set(seen.tags)
    assert not {name for name, _ in seen.attributes} & {"src", "background", "onclick", "srcset"}
    assert seen.tags.count("table") == [value for name, value in seen.attributes if name == "role"].count(
        "presentation"
    )
    assert "@import" not in seen.text


def test_there_is_an_example_of_every_kind_of_letter() -> None:
    of_cases = {example(CITY, "nl", which).kind for which in EXAMPLES}
    assert of_cases | {*MEETING_EXAMPLES, *WEBHOOK_EXAMPLES} == set(LetterKind)


def test_what_people_wrote_is_set_apart_and_stays_text() -> None:
    told = replace(example(CITY, "en", "news"), note="<b>Click</b>\nhttps://evil.example/now\n1. A heading")
    text = render([told])
    seen = Read(text.html)
    assert seen.quotes == ["<b>Click</b>", "https://evil.example/now", "1. A heading"]
    assert "https://evil.example/now" not in seen.links
    assert "b" not in seen.tags


@pytest.mark.parametrize("language", LANGUAGES)
def test_whether_it_is_solved_is_said_straight_from_the_letter(language: str) -> None:
    told = example(CITY, language, "resolved")
    text = render([told])
    for solved in ("yes", "partly", "no"):
        link = f"{told.link}?solved={solved}#feedback"
        assert link in text.body.split("\n")
        assert link in Read(text.html).links


def test_a_digest_has_a_heading_and_a_button_for_each_part() -> None:
    parts = [example(CITY, "nl", which) for which in ("assigned", "answered", "place")]
    seen = Read(render(parts).html)
    assert seen.tags.count("h2") == 3
    assert seen.tags.count("h1") == 1
    assert len(seen.links) == 3


def test_the_line_behind_the_subject_is_the_first_that_tells_something() -> None:
    html = hypertext("Genk", "en", "News", "Hello An,\n\nThe part is on its way.\n\n--\nGenk\n", digest=False)
    assert 'opacity:0;">The part is on its way.</div>' in html


def test_a_partners_letter_carries_the_link_to_answer_and_until_when() -> None:
    told = example(CITY, "en", "assigned_partner")
    body = render([told]).body
    assert told.task in body.split("\n")
    assert told.link not in body
    assert "works for one answer, until" in body
