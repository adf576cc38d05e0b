"""Where letters are handed over, and what their envelope and headers hold."""

from datetime import UTC, datetime

import pytest

from activities.mail import AddressUnusable, MailServer, compose, mail_server, message_id
from configuration.settings import SettingsMistake
from readmodel.correspondence.rendering import Text

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PUBLIC = "https://wijken.genk.example"
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
    message = compose(server, "Genk", "an@example.org", None, Text("Hello", "There\n"), "<1@x>", NOW)
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
    text = Text("Hello\r\nBcc: all@example.org", "Body\n")
    message = compose(SERVER, "Genk\r\nX: y", "an@example.org", "An\r\nCc: x@y.example", text, "<1@x>", NOW)
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
            b"Content-Transfer-Encoding",
            b"MIME-Version",
        ]
    )


def test_the_text_travels_in_short_ascii_lines() -> None:
    message = compose(SERVER, "Genk", "an@example.org", "Zoë", Text("É", "é" * 3000 + "\n.\n"), "<1@x>", NOW)
    raw = message.as_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert message.get_content() == "é" * 3000 + "\n.\n"


@pytest.mark.parametrize("address", ["an", "@x", "an@", "a b@x.example", "an@x.example\n", "an@x.example,b@x.example"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(AddressUnusable):
        compose(SERVER, "Genk", address, None, Text("x", "y"), "<1@x>", NOW)
