"""Where letters are handed over, and what their envelope and headers hold."""

from datetime import UTC, datetime

import pytest

from activities.mail import AddressUnusable, MailServer, Reader, compose, mail_server, message_id
from configuration.settings import SettingsMistake
from readmodel.correspondence.rendering import Text

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PUBLIC = "https://wijken.genk.example"
HELLO = Text("Hello", "There\n", "<p>There</p>\n")
SERVER = MailServer("localhost", 25, False, "wijken@genk.example")


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "sender"),
    [
        ("smtp://mail.example", "mail.example", 25, False, "aanjager@wijken.genk.example"),
        ("smtps://mail.example", "mail.example", 465, True, "aanjager@wijken.genk.example"),
        ("smtp://an%40genk.example:p%3Aw@mail.example", "mail.example", 587, False, "an@genk.example"),
        ("smtp://user:pw@mail.example:2525?from=wijk@genk.example", "mail.example", 2525, False, "wijk@genk.example"),
    ],
)
def test_one_url_names_the_mail_server_and_the_sender(url: str, host: str, port: int, tls: bool, sender: str) -> None:
    server = mail_server(url, PUBLIC)
    assert (server.host, server.port, server.tls, server.sender) == (host, port, tls, sender)


def test_user_and_password_are_decoded_and_not_shown() -> None:
    server = mail_server("smtp://an%40genk.example:p%3Aw@mail.example", PUBLIC)
    assert (server.user, server.password) == ("an@genk.example", "p:w")
    assert "p:w" not in repr(server)


@pytest.mark.parametrize(
    ("public_url", "sender"),
    [("http://127.0.0.1:8080", "aanjager@[127.0.0.1]"), ("http://[::1]:8080", "aanjager@[IPv6:::1]")],
)
def test_a_host_without_a_name_still_sends(public_url: str, sender: str) -> None:
    server = mail_server("smtp://mail.example", public_url)
    assert server.sender == sender
    message = compose(server, "Genk", Reader("an@example.org"), HELLO, "<1@x>", NOW)
    assert message["From"].addresses[0].addr_spec == sender


@pytest.mark.parametrize("sender", ["nobody", "a@b@c", "a%0d%0aBcc:x@y.example"])
def test_a_sender_that_is_no_address_is_a_mistake_in_the_settings(sender: str) -> None:
    with pytest.raises(SettingsMistake, match="AANJAGER_SMTP_URL"):
        mail_server(f"smtp://mail.example?from={sender}", PUBLIC)


def test_the_same_causes_have_the_same_message_id() -> None:
    assert message_id(SERVER, ["case/1/receipt"]) == message_id(SERVER, ["case/1/receipt"])
    assert message_id(SERVER, ["case/1/receipt"]) != message_id(SERVER, ["case/2/receipt"])
    assert message_id(SERVER, ["x"]).endswith("@genk.example>")


def test_a_line_break_in_a_subject_or_a_name_makes_no_header() -> None:
    text = Text("Hello\r\nBcc: all@example.org", "Body\n", "<p>Body</p>\n")
    message = compose(SERVER, "Genk\r\nX: y", Reader("an@example.org", "An\r\nCc: x@y.example"), text, "<1@x>", NOW)
    headers = message.as_bytes().split(b"\r\n\r\n")[0]
    assert sorted(line.split(b":")[0] for line in headers.split(b"\r\n") if not line.startswith(b" ")) == sorted(
        [
            b"From",
            b"To",
            b"Subject",
            b"Date",
            b"Message-ID",
            b"Auto-Submitted",
            b"Content-Type",
            b"MIME-Version",
        ]
    )


def test_the_text_travels_in_short_ascii_lines() -> None:
    text = Text("É", "é" * 3000 + "\n.\n", f"<p>{'é' * 3000}</p>\n")
    message = compose(SERVER, "Genk", Reader("an@example.org", "Zoë"), text, "<1@x>", NOW)
    raw = message.as_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    plain, html = message.iter_parts()
    assert (plain.get_content(), html.get_content()) == (text.body, text.html)


def test_every_letter_is_text_first_and_html_second() -> None:
    message = compose(SERVER, "Genk", Reader("an@example.org"), HELLO, "<1@x>", NOW)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert {part.get_content_charset() for part in message.iter_parts()} == {"utf-8"}


def test_a_resident_may_ask_for_no_more_letters_with_one_click() -> None:
    silence = f"{PUBLIC}/silence/{'a' * 120}"
    raw = compose(SERVER, "Genk", Reader("an@example.org", "An", silence), HELLO, "<1@x>", NOW).as_bytes()
    assert f"\r\nList-Unsubscribe: <{silence}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_one_click_is_offered_only_where_nobody_can_listen_in() -> None:
    silence = "http://127.0.0.1:8080/silence/a"
    message = compose(SERVER, "Genk", Reader("an@example.org", "An", silence), HELLO, "<1@x>", NOW)
    assert message["List-Unsubscribe"] == f"<{silence}>"
    assert message["List-Unsubscribe-Post"] is None


def test_staff_are_not_asked_whether_they_want_their_work() -> None:
    message = compose(SERVER, "Genk", Reader("roads@town.example"), HELLO, "<1@x>", NOW)
    assert message["List-Unsubscribe"] is None


@pytest.mark.parametrize("address", ["an", "@x", "an@", "a b@x.example", "an@x.example\n", "an@x.example,b@x.example"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(AddressUnusable):
        compose(SERVER, "Genk", Reader(address), HELLO, "<1@x>", NOW)
