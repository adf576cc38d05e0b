"""Reading pages as a browser without scripts does, and sending their forms."""

from html.parser import HTMLParser
from io import BytesIO

from httpx2 import Response
from PIL import Image

from tests.web.town import Town

FORM = {"service": "lamp", "description": "Dark here", "neighbourhood": "heide"}


class Outline(HTMLParser):
    """The tags of a page, each with its attributes; fails on tags that are not closed in order."""

    VOID = frozenset({"meta", "link", "input", "br", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("p", "li", "option", "dt", "dd"):
            assert self.open.pop() == tag
        elif self.open[-1] == tag:
            self.open.pop()


def send(town: Town, path: str, **form: str) -> Response:
    return town.client.post(path, data=form, headers={"Origin": "https://town.example", "Accept": "text/html"})


def a_picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (40, 30), "red").save(written, "PNG")
    return written.getvalue()


def outline(answer: Response) -> Outline:
    return Outline(answer.text)


def follow(town: Town, token: str, lang: str = "en") -> str:
    page = town.client.get(f"/follow/{token}?lang={lang}")
    assert page.status_code == 200
    outline(page)
    return page.text
