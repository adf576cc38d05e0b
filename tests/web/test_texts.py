"""Every text that people read is there in every language."""

import re
import string
from pathlib import Path

import pytest

from web.pages.languages import TEXTS, language
from web.pages.templating import HERE

LANGUAGES = ("nl", "en", "fr")
IN_ENGLISH = {"docs.html"}
"""The programming interface is told to programmers, in the language of its words."""
TEMPLATES = sorted(path for path in (HERE / "templates").rglob("*.html") if path.name not in IN_ENGLISH)
_SAID = re.compile(r"""\bsay\(\s*"([^"{]+)"(?:\s*,\s*(?:section=)?"([^"]+)")?""")
_INSTRUCTIONS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
_TAGS = re.compile(r"<style.*?</style>|<!--.*?-->|<[^>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""[\w-]+="[^"]*\"""")
_SPOKEN_ATTRIBUTE = re.compile(r"""\b(?:aria-label|title|placeholder|alt)="([^"{\d]*[^\W\d_]{2}[^"{\d]*)\"""")
"""With a digit in it, it is an example, not a word."""
_WORD = re.compile(r"[^\W\d_]{2,}")
ENTITIES = re.compile(r"&\w+;")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_blanks(code: str) -> None:
    ours, model = language(code).texts, language("en").texts
    assert ours.keys() == model.keys()
    for section, texts in model.items():
        assert ours[section].keys() == texts.keys(), section
        for key, text in texts.items():
            assert placeholders(ours[section][key]) == placeholders(text), (section, key)
            assert ours[section][key].strip(), (section, key)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_can_be_filled_in(code: str) -> None:
    for texts in language(code).texts.values():
        for text in texts.values():
            text.format(**dict.fromkeys(placeholders(text), "x"))


def test_all_files_are_there_in_all_languages() -> None:
    files = {code: {path.name for path in (TEXTS / code).iterdir()} for code in LANGUAGES}
    assert files["nl"] == files["en"] == files["fr"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(HERE)))
def test_templates_say_only_texts_that_exist(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    texts = language("en").texts
    for key, section in _SAID.findall(source):
        assert key in texts[section or "words"] or f"{key}" in ("step_", "solved_", "means_", "rating_", "way_"), key


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(HERE)))
def test_templates_hold_no_words_of_their_own(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    spoken = _SPOKEN_ATTRIBUTE.findall(source)
    left = ENTITIES.sub(" ", _ATTRIBUTE.sub(" ", _TAGS.sub(" ", _INSTRUCTIONS.sub(" ", source))))
    assert not spoken and not _WORD.findall(left), (spoken, _WORD.findall(left)[:10])
