"""Messages go out into the open, and never into the city's own network unless the city allows it."""

import pytest

from domain.addresses import may_reach, mistake_in

OPEN = ("93.184.216.34", "2a00:1450:4013:c01::93", "::ffff:93.184.216.34", "64:ff9b::93.184.216.34")
OF_THE_CITY = ("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.3.4", "192.168.1.1", "::1", "fd00::1", "::ffff:10.0.0.1")
NEVER = (
    "0.0.0.0", "::", "169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "fe80::1%eth0",
    "224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1", "100.64.0.1", "2002:7f00:1::", "2001:0:53aa:64c::1",
    "::127.0.0.1", "example.org", "", "1.2.3",
)  # fmt: skip


@pytest.mark.parametrize("address", OPEN)
def test_open_addresses_are_reached(address: str) -> None:
    assert may_reach(address, private=False) and may_reach(address, private=True)


@pytest.mark.parametrize("address", OF_THE_CITY)
def test_the_citys_own_network_only_where_it_allows_that(address: str) -> None:
    assert not may_reach(address, private=False)
    assert may_reach(address, private=True)


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_are_never_reached(address: str) -> None:
    assert not may_reach(address, private=False)
    assert not may_reach(address, private=True)


@pytest.mark.parametrize(
    ("url", "mistake"),
    [
        ("https://hooks.town.example/aanjager?key=1", None),
        ("https://93.184.216.34:8443/", None),
        ("https://[2a00:1450:4013:c01::93]/", None),
        ("http://hooks.town.example/", "scheme"),
        ("ftp://hooks.town.example/", "scheme"),
        ("hooks.town.example", "malformed"),
        ("https:///hook", "malformed"),
        ("https://user:word@hooks.town.example/", "malformed"),
        ("https://hooks.town.example/#part", "malformed"),
        ("https://hooks.town.example:99999/", "malformed"),
        ("https://hooks.town.example:0/", "malformed"),
        ("https://hooks.town.example/a b", "malformed"),
        ("https://[::1/", "malformed"),
        ("https://" + "a" * 2000, "malformed"),
        ("https://localhost/", "address"),
        ("https://127.0.0.1/", "address"),
        ("https://2130706433/", "address"),
        ("https://0x7f000001/", "address"),
        ("https://127.1/", "address"),
        ("https://0177.0.0.1/", "address"),
        ("https://127.0.0.1./", "address"),
        ("https://[::ffff:127.0.0.1]/", "address"),
        ("https://169.254.169.254/latest", "address"),
    ],
)
def test_what_is_wrong_with_an_address_is_told_at_once(url: str, mistake: str | None) -> None:
    assert mistake_in(url, private=False) == mistake


def test_where_the_city_allows_its_own_network_it_may_do_without_https() -> None:
    assert mistake_in("http://10.0.0.1:8000/hook", private=True) is None
    assert mistake_in("http://localhost/hook", private=True) is None
    assert mistake_in("https://169.254.169.254/latest", private=True) == "address"
