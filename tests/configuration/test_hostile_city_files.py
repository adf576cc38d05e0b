"""Whatever a city's files hold, checking them ends in mistakes or in a city, never in a crash."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from configuration.city_files import check_city, read_city
from tests.configuration.small_city import FILES, write_city

TODAY = date(2026, 6, 1)
LITERALS = (
    "1", "-1", "1.5", "nan", "inf", "true", '""', '"x"', '"city"', '"always"', "[]", "[[]]", "[1]", '["x"]', "{}",
    "{ a = 1 }", "[{}]", "2026-01-01", "2026-01-01T00:00:00Z", "12:00:00", "0x" + "f" * 9000, "9" * 5000,
    "[" * 3000, '"\\u0000"', '"2 working days"', '["08:00-12:00"]',
)  # fmt: skip


@st.composite
def mutated_files(draw: st.DrawFn) -> dict[str, str]:
    files = dict(FILES)
    for _ in range(draw(st.integers(1, 4))):
        file = draw(st.sampled_from(sorted(files)))
        lines = files[file].split("\n")
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(("value", "remove", "repeat", "text", "key"))):
            case "value":
                lines[at] = lines[at].split("=")[0] + "= " + draw(st.sampled_from(LITERALS))
            case "remove":
                del lines[at]
            case "repeat":
                lines.insert(at, lines[at])
            case "text":
                position = draw(st.integers(0, len(lines[at])))
                inserted = draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=5))
                lines[at] = lines[at][:position] + inserted + lines[at][position + 1 :]
            case _:
                lines.insert(at, draw(st.sampled_from(("id", "code", "x", "policy", "service"))) + " = 1")
        files[file] = "\n".join(lines)
    return files


@settings(max_examples=200, deadline=None)
@given(files=mutated_files())
def test_a_mangled_city_is_refused_or_read_but_never_crashes(files: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        directory = write_city(Path(folder), files)

        mistakes = check_city(directory, TODAY)

        for mistake in mistakes:
            line = str(mistake)
            assert line.isprintable()
            assert line.split(": ")[0] in FILES
        if not mistakes:
            assert read_city(directory, TODAY).neighbourhoods
