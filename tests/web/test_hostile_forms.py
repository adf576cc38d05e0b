"""Every form of every page, filled in by someone who means ill: an answer each time, never a fault, never a script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from httpx2 import Response

from readmodel.accounts import Mandate
from tests.web.people import ADMINISTRATOR, HEAD, LEADERSHIP, MANAGER, MEMBER, WARDEN
from tests.web.projects import ROUND, refer
from tests.web.reading_pages import Outline
from tests.web.town import Town

SCRIPT = "'\"><script>alert(1)</script><img src=x onerror=alert(2)>"
NASTY = {
    "a script": SCRIPT,
    "an address that runs": "javascript:alert(1)",
    "an address elsewhere": "//evil.example/\\x",
    "nothing but a NUL": "\x00",
    "a NUL within": "a\x00b",
    "control characters": "a\x1b[31m\x08\r\nSet-Cookie: a=b",
    "ten thousand and one": "x" * 10_001,
    "turned around": "\u202egnp.exe\u2066",
    "faces": "👩‍👩‍👧" * 100,
    "spaces": " \t\u2003\u200b ",
    "a large number": "9" * 400,
    "a day that never was": "2026-02-30",
    "the end of time": "9999-12-31",
    "the beginning of time": "0000-01-01",
    "another kind of digits": "٣٢",
    "a template": "{{ 7*7 }}{% raw %}%s%(x)s{0}",
    "a query": "x' OR '1'='1; DROP TABLE cases; --",
    "an id": "00000000-0000-4000-8000-000000000000",
    "a task of that id": "00000000-0000-4000-8000-000000000000.a1",
    "a number that is none": "NaN",
}
ALONE = ("a script", "an address elsewhere", "ten thousand and one", "another kind of digits")
"""What each field is filled with while the others are as they were."""


@dataclass
class Form:
    """A form as a browser would send it."""

    action: str
    multipart: bool
    fields: list[tuple[str, str]] = field(default_factory=list)

    def with_(self, name: str, value: str) -> list[tuple[str, str]]:
        return [(n, value if n == name else v) for n, v in self.fields]


class Forms(HTMLParser):
    """The forms of a page that change something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(has.get("action", ""), has.get("enctype", "").startswith("multipart"))
            if has.get("method", "get").lower() == "post":
                self.found.append(self._open)
        name, into = has.get("name", ""), self._open
        if into is None:
            return
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and (has.get("value") or "selected" in has):
            into.fields = [pair for pair in into.fields if pair[0] != self._select]
            into.fields.append((self._select, has.get("value", "")))
        elif name and tag in ("input", "textarea", "button") and has.get("type") != "file":
            into.fields.append((name, has.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""


def pages_of(town: Town, by: Mandate | None) -> list[str]:
    report = town.report(description=f"Dark {SCRIPT}", location={"lat": 50.5, "lon": 5.2, "address": SCRIPT})
    case_id, follow = report["case_id"], f"/follow/{report['token']}"
    if by is None:
        details = "/report/details?service=lamp&neighbourhood=heide"
        asked = town.report()
        town.does(asked["case_id"], MEMBER, "accept", assignment="a1")
        town.does(asked["case_id"], MEMBER, "ask_resident", assignment="a1", question=SCRIPT)
        done = town.report()
        town.does(done["case_id"], MEMBER, "accept", assignment="a1")
        town.does(done["case_id"], MEMBER, "resolve", assignment="a1", note=SCRIPT)
        followed = [f"/follow/{one['token']}" for one in (asked, done)]
        plan = f"/take-part/{refer(town, title=SCRIPT, participation=ROUND)['number']}"
        return ["/report?what=lamp", details, "/follow", "/sign-in", follow, *followed, plan]
    case = f"/cases/{case_id}"
    return {
        MEMBER: ["/inbox?tab=all", f"/inbox/{case_id}/a1", case, "/cases?q=dark", "/account", "/projects/new"],
        HEAD: ["/inbox?tab=all", case, "/escalations?tab=all"],
        MANAGER: [case, f"{case}/links", "/escalations", "/cases"],
        WARDEN: [case, "/cases", "/report/details?service=lamp&neighbourhood=heide"],
        LEADERSHIP: [case, "/cases", "/figures", "/escalations"],
        ADMINISTRATOR: ["/admin/users", "/admin/users/new", "/admin/tokens", "/admin/letters", case, "/account"],
    }[by]


def forms_of(town: Town, by: Mandate | None) -> Iterator[Form]:
    """Each form once; not the one that signs out, after which there would be nothing left to try."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for address in pages_of(town, by):
        if by is not None:
            town.sign_in(by)
        answer = look(town, address)
        for form in Forms(answer.text).found:
            form.action = urlsplit(urljoin(address, form.action)).path if form.action else address
            key = (form.action.rpartition("/")[2], tuple(name for name, _ in form.fields))
            if key not in seen and form.action != "/sign-out":
                seen.add(key)
                yield form


def look(town: Town, address: str) -> Response:
    answer = town.client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200, (address, answer.status_code)
    return answer


def ready(town: Town, form: Form, by: Mandate | None) -> Form:
    """The form as it is carried by a browser that is signed in."""
    if by is None:
        return form
    town.sign_in(by)
    return replace(form, fields=form.with_("csrf", town.csrf()))


def post(town: Town, form: Form, fields: list[tuple[str, str]]) -> Response:
    sent: dict[str, list[str]] = {}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    return town.client.post(
        form.action,
        data=sent,
        files=[("photos", ("", b"", "application/octet-stream"))] if form.multipart else None,
        headers={"Accept": "text/html", "Origin": "https://town.example"},
    )


def harmless(answer: Response, about: object) -> None:
    assert answer.status_code < 500, (about, answer.status_code, answer.text[-300:])
    location = answer.headers.get("location", "/")
    assert location.startswith("/") and not location.startswith("//"), (about, location)
    assert "set-cookie" not in answer.headers or "a=b" not in answer.headers["set-cookie"]
    if answer.headers.get("content-type", "").startswith("text/html"):
        outline = Outline(answer.text)
        for tag, attributes in outline.tags:
            assert not any(name.startswith("on") for name in attributes), (about, tag, attributes)
            for name in ("href", "src", "action", "formaction"):
                assert not (attributes.get(name) or "").startswith("javascript:"), (about, tag, attributes)
            assert tag != "script" or (attributes.get("src") or "").startswith("/static/"), about


WHO: Mapping[str, Mandate | None] = {
    "a resident": None,
    "a department": MEMBER,
    "a head": HEAD,
    "a manager": MANAGER,
    "a warden": WARDEN,
    "leadership": LEADERSHIP,
    "an administrator": ADMINISTRATOR,
}


@pytest.mark.parametrize("who", WHO)
def test_no_form_stumbles_over_what_is_filled_in(town: Town, who: str) -> None:
    by = WHO[who]
    forms = list(forms_of(town, by))
    assert forms
    for form in forms:
        signed = ready(town, form, by)
        for what, value in NASTY.items():
            filled = [(name, value if name != "csrf" else own) for name, own in signed.fields]
            harmless(post(town, signed, filled), (form.action, what))
        for name in {name for name, _ in form.fields} - {"csrf"}:
            for what in ALONE:
                harmless(post(town, signed, signed.with_(name, NASTY[what])), (form.action, name, what))


@pytest.mark.parametrize("who", WHO)
def test_no_form_stumbles_over_fields_that_are_missing_or_come_twice(town: Town, who: str) -> None:
    by = WHO[who]
    for form in forms_of(town, by):
        form = ready(town, form, by)
        harmless(post(town, form, []), form.action)
        harmless(post(town, form, [*form.fields, *form.fields]), form.action)
        for name in dict(form.fields):
            harmless(post(town, form, [pair for pair in form.fields if pair[0] != name]), (form.action, name))


@pytest.mark.parametrize("who", [who for who, by in WHO.items() if by is not None])
def test_no_form_of_staff_is_taken_without_what_only_our_pages_know(town: Town, who: str) -> None:
    by = WHO[who]
    for form in forms_of(town, by):
        for forged in ("", "x", "é.é", f"{'0' * 16}.{'0' * 64}"):
            assert post(town, form, form.with_("csrf", forged)).status_code == 403, (form.action, forged)
        elsewhere = {"Accept": "text/html", "Origin": "https://evil.example"}
        assert town.client.post(form.action, data=dict(form.fields), headers=elsewhere).status_code == 403, form.action
