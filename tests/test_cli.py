"""The command line: it explains itself, and tells in one line what goes wrong."""

import csv
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aanjager.cli import main
from aanjager.example import example_city
from aanjager.installation import installation
from aanjager.temporal_server import free_port
from domain.rulebook import rulebook
from domain.words import Kind, NeighbourhoodId, Role, ServiceCode
from readmodel.accounts import actor_of_token, sign_in
from readmodel.database import reading, writing
from readmodel.intake import NewReport, Reporter, accept
from tests.configuration.small_city import FILES, write_city

COMMANDS = [
    ("up",),
    ("worker",),
    ("web",),
    ("migrate",),
    ("city", "check"),
    ("import",),
    ("export",),
    ("erase",),
    ("letters",),
    ("revoke-links",),
    ("user", "add"),
    ("user", "list"),
    ("user", "password"),
    ("user", "disable"),
    ("user", "enable"),
    ("token", "create"),
    ("token", "list"),
    ("token", "revoke"),
    ("fill-demo",),
]
MAPPING = """\
source = "elsewhere"
[columns]
source_ref = "id"
opened_at = "opened"
closed_at = "closed"
service = "what"
neighbourhood = "where"
description = "text"
[services]
"Lamp" = "street-light"
"""
REFERRALS = """\
id,opened,closed,what,where,text
1,2026-03-02T09:00:00+01:00,2026-03-09T11:00:00+01:00,Lamp,heide,The lamp at number 7 is dark
2,2026-03-03T09:00:00+01:00,,Lamp,centrum,=1+1 lamps are dark
"""
BAD_ROW = "3,yesterday,,Lamp,heide,No such day\n"


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in the installation of a small city."""
    monkeypatch.setenv("AANJAGER_CITY", str(write_city(tmp_path / "city")))
    monkeypatch.setenv("AANJAGER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    for name in ("AANJAGER_DATABASE_URL", "AANJAGER_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def command(*words: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["aanjager", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int | None)
        return Said(code or 0, told.out, told.err)

    return command


@pytest.fixture
def referrals(tmp_path: Path) -> Path:
    (tmp_path / "map.toml").write_text(MAPPING)
    file = tmp_path / "referrals.csv"
    file.write_text(REFERRALS)
    return file


def one_line(said: Said) -> bool:
    return said.err.startswith("aanjager: ") and said.err.count("\n") == 1


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_explains_itself_with_an_example(run: Run, command: tuple[str, ...]) -> None:
    said = run(*command, "--help")
    assert said.code == 0
    assert "Example: " in said.out
    assert f"aanjager {' '.join(command)}" in " ".join(said.out.split("Example: ")[1].split())


def test_the_commands_are_listed_and_the_demonstration_stays_behind_the_scenes(run: Run) -> None:
    said = run("--help")
    assert said.code == 0
    assert all(f" {command[0]} " in said.out for command in COMMANDS[:-1])
    assert "fill-demo" not in said.out


@pytest.mark.parametrize(
    "words",
    [
        ("dance",),
        ("export",),
        ("export", "people", "--format", "csv"),
        ("export", "cases", "--format", "odt"),
        ("export", "cases", "--format", "csv", "--from", "someday"),
        ("export", "cases", "--format", "csv", "--from", "2026-02-01", "--to", "2026-01-31"),
        ("import", "nowhere.csv", "--mapping", "nowhere.toml"),
        ("import", "nowhere.csv"),
        ("erase",),
        ("letters",),
        ("revoke-links",),
        ("web", "--port", "0"),
        ("city", "check"),
        ("token", "create", "--role", "boss"),
        ("token", "create", "--role", "department"),
        ("token", "create", "--role", "leadership", "--department", "roads"),
        ("token", "create", "--role", "department", "--department", "rods"),
        ("token", "create", "--role", "warden", "--neighbourhood", "nowhere"),
        ("user", "add", "an", "--name", "An", "--role", "leadership", "--password", "long enough it is"),
        ("user", "add", "an@dorp.example", "--name", "An", "--role", "leadership", "--password", "eleven char"),
        ("user", "add", "an@dorp.example", "--name", "An", "--role", "leadership", "--password", "an@dorp.example"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(run: Run, words: tuple[str, ...]) -> None:
    said = run(*words)
    assert said.code == 2
    assert said.out == ""
    assert "Error" in said.err
    assert "Traceback" not in said.err


def test_a_city_without_mistakes_is_said_to_have_none(run: Run) -> None:
    said = run("city", "check", example_city())
    assert said.code == 0
    assert said.out.startswith("Genk: 15 departments, ")
    assert said.out.endswith("31 neighbourhoods, 5 policies; no mistakes.\n")


def test_every_mistake_of_a_city_is_on_a_line_of_its_own(run: Run, tmp_path: Path) -> None:
    services = FILES["services.toml"].replace('["roads"]', '["rods"]').replace('"standard"', '"usual"')
    said = run("city", "check", write_city(tmp_path / "wrong", {**FILES, "services.toml": services}))
    assert said.code == 1
    lines = said.out.splitlines()
    assert len(lines) >= 3
    assert all(line.startswith("services.toml: service.") for line in lines)
    assert said.err == ""


def test_a_city_that_is_not_there_is_a_mistake_and_no_traceback(run: Run, tmp_path: Path) -> None:
    said = run("city", "check", tmp_path / "nowhere")
    assert said.code == 1
    assert "Traceback" not in said.out + said.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AANJAGER_CITY", "/nowhere/at/all"),
        ("AANJAGER_DATABASE_URL", "mysql://somewhere"),
        ("AANJAGER_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing"),
        ("AANJAGER_DATA", "/dev/null/data"),
        ("AANJAGER_LOG_FORMAT", "poem"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    said = run("token", "create", "--role", "leadership")
    assert said.code == 1
    assert one_line(said)
    assert said.out == ""


def test_a_city_with_mistakes_is_told_once_and_before_anything_starts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "city" / "policies.toml").write_text("nonsense = 1\n")
    said = run("up", "--port", str(free_port()))
    assert said.code == 1
    assert said.err.count("nonsense") == 1
    assert not (tmp_path / "data").exists()


def test_a_database_that_is_none_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "aanjager.db").write_bytes(b"no database at all" * 1000)
    said = run("token", "create", "--role", "leadership")
    assert (said.code, said.err) == (1, "aanjager: the database: file is not a database\n")


def test_a_temporal_server_out_of_reach_is_told_with_its_address(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)
    said = run("migrate")
    assert said.code == 1
    assert one_line(said)
    assert f"Temporal does not answer at {address}" in said.err


def test_a_temporal_server_that_cannot_start_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data" / "temporal.db").mkdir(parents=True)
    said = run("up", "--port", str(free_port()))
    assert said.code == 1
    assert "unable to open database file" in said.err.splitlines()[-1]


def test_a_port_in_use_is_told_before_anything_starts(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = run("up", "--port", str(taken.getsockname()[1]))
    assert said.code == 1
    assert one_line(said)
    assert "choose another with --port" in said.err


def test_a_token_is_the_last_word_and_works(run: Run) -> None:
    said = run("token", "create", "--role", "department", "--department", "roads", "--label", "their own system")
    assert said.code == 0
    with reading(installation().engine) as session:
        actor = actor_of_token(session, said.out.split()[-1])
    assert actor is not None
    assert (actor.role, actor.department) == (Role.DEPARTMENT, "roads")


def test_a_person_is_added_once(run: Run) -> None:
    mandate = ("--role", "neighbourhood_manager", "--neighbourhood", "heide")
    add = ("user", "add", "An@dorp.example", "--name", "An", *mandate, "--password", "a long password")
    assert run(*add).out == "an@dorp.example may act as neighbourhood_manager.\n"
    with reading(installation().engine) as session:
        assert sign_in(session, "an@dorp.example", "a long password", datetime.now(UTC)) is not None
    again = run(*add)
    assert again.code == 1
    assert one_line(again)


def test_people_are_listed_shut_out_and_let_in_again(run: Run) -> None:
    add = ("user", "add", "an@dorp.example", "--name", "An", "--role", "leadership", "--password", "a long password")
    run(*add)
    assert run("user", "list").out == "an@dorp.example\tAn\tleadership\tnever signed in\n"
    assert run("user", "disable", "An@dorp.example").code == 0
    assert "disabled" in run("user", "list").out
    with reading(installation().engine) as session:
        assert sign_in(session, "an@dorp.example", "a long password", datetime.now(UTC)) is None
    assert run("user", "enable", "an@dorp.example").code == 0
    once = run("user", "password", "an@dorp.example", "--once").out.split()[-1]
    with reading(installation().engine) as session:
        user = sign_in(session, "an@dorp.example", once, datetime.now(UTC))
    assert user is not None and user.must_choose
    nobody = run("user", "disable", "nobody@dorp.example")
    assert nobody.code == 1 and one_line(nobody)


def test_the_last_administrator_cannot_be_shut_out(run: Run) -> None:
    run("user", "add", "key@dorp.example", "--name", "Key", "--role", "administrator", "--password", "a long password")
    said = run("user", "disable", "key@dorp.example")
    assert said.code == 1 and one_line(said) and "last administrator" in said.err


def test_someone_may_be_added_who_comes_in_by_single_sign_on_only(run: Run) -> None:
    assert run("user", "add", "jo@dorp.example", "--name", "Jo", "--role", "leadership", "--single-sign-on").code == 0


def test_a_token_is_listed_and_revoked(run: Run) -> None:
    token = run("token", "create", "--role", "department", "--department", "roads", "--label", "theirs").out.split()[-1]
    line = run("token", "list").out
    assert token not in line and line.endswith("\tdepartment:roads\tnot used\ttheirs\n")
    assert run("token", "revoke", line.split("\t")[0]).code == 0
    with reading(installation().engine) as session:
        assert actor_of_token(session, token) is None
    again = run("token", "revoke", line.split("\t")[0])
    assert again.code == 1 and one_line(again)


def test_an_import_that_takes_every_row_ends_with_0_and_can_be_repeated(run: Run, referrals: Path) -> None:
    said = run("import", referrals, "--mapping", referrals.with_name("map.toml"))
    assert (said.code, said.out, said.err) == (0, "2 rows: 1 live cases, 1 finished.\n", "")
    said = run("import", referrals, "--mapping", referrals.with_name("map.toml"))
    assert (said.code, said.out) == (0, "2 rows: 0 live cases, 0 finished, 2 here already.\n")


def test_an_import_that_rejects_rows_ends_with_3(run: Run, referrals: Path) -> None:
    referrals.write_text(REFERRALS + BAD_ROW)
    said = run("import", referrals, "--mapping", referrals.with_name("map.toml"), "--open-only")
    assert said.code == 3
    assert "1 closed ones left out, 1 rejected, in " in said.out
    [rejected] = csv.DictReader(referrals.with_name("referrals.csv.rejected.csv").read_text().splitlines())
    assert rejected["id"] == "3"
    assert rejected["reason"]


@pytest.mark.parametrize("mapping", [MAPPING.replace("street-light", "sun"), MAPPING + "Tree = 1", "= nothing", "\0"])
def test_a_mapping_that_cannot_be_used_is_told_in_one_line(run: Run, referrals: Path, mapping: str) -> None:
    referrals.with_name("map.toml").write_text(mapping)
    said = run("import", referrals, "--mapping", referrals.with_name("map.toml"))
    assert said.code == 1
    assert one_line(said)


def test_each_mistake_of_a_mapping_is_told_on_a_line_of_its_own(run: Run, referrals: Path) -> None:
    referrals.with_name("map.toml").write_text(MAPPING.replace("[columns]", "[colums]"))
    said = run("import", referrals, "--mapping", referrals.with_name("map.toml"))
    assert said.code == 1
    assert said.err.splitlines() == [
        "aanjager: there are mistakes:",
        "map.toml: columns: is missing",
        "map.toml: colums: is not a key that is known here",
    ]


def test_a_quotation_mark_that_swallows_the_rest_of_the_file_is_a_failure(run: Run, referrals: Path) -> None:
    referrals.write_text(REFERRALS + '3,2026-03-03T09:00:00+01:00,,Lamp,centrum,"never closed\n' + BAD_ROW)
    said = run("import", referrals, "--mapping", referrals.with_name("map.toml"))
    assert said.code == 1
    assert "referrals.csv: line 4: has a quotation mark that is never closed" in said.err


def test_a_quoted_text_may_have_several_lines(run: Run, referrals: Path) -> None:
    referrals.write_text(REFERRALS + '3,2026-03-03T09:00:00+01:00,,Lamp,centrum,"two\nlines"\n')
    assert run("import", referrals, "--mapping", referrals.with_name("map.toml")).code == 0


def test_an_empty_file_is_a_failure(run: Run, referrals: Path) -> None:
    referrals.write_text("")
    said = run("import", referrals, "--mapping", referrals.with_name("map.toml"))
    assert said.code == 1
    assert one_line(said)


def test_cases_and_events_are_written_to_stdout(run: Run, referrals: Path) -> None:
    run("import", referrals, "--mapping", referrals.with_name("map.toml"))
    cases = list(csv.DictReader(run("export", "cases", "--format", "csv").out.splitlines()))
    assert [(case["source_ref"], case["stage"]) for case in cases] == [("1", "closed"), ("2", "assigned")]
    events = [json.loads(line) for line in run("export", "events", "--format", "jsonl").out.splitlines()]
    assert [event["position"] for event in events] == list(range(1, len(events) + 1))
    some = run("export", "cases", "--format", "jsonl", "--from", "2026-03-03", "--to", "2026-03-03").out
    assert [json.loads(line)["source_ref"] for line in some.splitlines()] == ["2"]


def test_the_letters_of_a_case_are_readable_though_none_was_sent(run: Run, referrals: Path) -> None:
    run("import", referrals, "--mapping", referrals.with_name("map.toml"))
    assert run("letters", "2026-000001") == Said(0, "Case 2026-000001 caused no letters.\n", "")
    here = installation()
    service, neighbourhood = ServiceCode("street-light"), NeighbourhoodId("heide")
    report = NewReport(Kind.ISSUE, service, neighbourhood, "Dark", reporter=Reporter(email="an@voorbeeld.example"))
    rules = rulebook(here.city, here.city.services[service], here.city.neighbourhoods[neighbourhood])
    with writing(here.engine) as session:
        accepted = accept(session, here.city, lambda *_: rules, report, datetime.now(UTC))
    said = run("letters", accepted.number)
    assert said.code == 0
    assert "receipt to follower:" in said.out
    assert "assigned to department:" in said.out
    assert accepted.token not in said.out
    assert accepted.token in run("letters", accepted.number, "--links").out
    said = run("letters", "2026-999999")
    assert (said.code, said.err) == (1, "aanjager: there is no case 2026-999999\n")


def test_the_links_of_a_case_are_revoked_by_its_number(run: Run, referrals: Path) -> None:
    run("import", referrals, "--mapping", referrals.with_name("map.toml"))
    assert run("revoke-links", "2026-000001") == Said(0, "Case 2026-000001: 0 links revoked.\n", "")
    assert run("revoke-links", "2026-999999").code == 1


def test_a_case_is_erased_by_its_number(run: Run, referrals: Path) -> None:
    run("import", referrals, "--mapping", referrals.with_name("map.toml"))
    said = run("erase", "2026-000001")
    assert (said.code, said.out) == (0, "Case 2026-000001 holds no personal data any more.\n")
    said = run("erase", "2026-999999")
    assert (said.code, said.err) == (1, "aanjager: there is no case 2026-999999\n")


def test_the_demonstration_says_nothing_where_there_are_cases(run: Run, referrals: Path) -> None:
    run("import", referrals, "--mapping", referrals.with_name("map.toml"))
    assert run("fill-demo") == Said(0, "", "")


@pytest.mark.slow
def test_the_demonstration_tells_in_one_line_what_it_made(run: Run) -> None:
    line = "The demonstration: 1,565 cases, 63 of them open, all marked [demo].\n"
    assert run("fill-demo") == Said(0, line, "")
    assert run("fill-demo") == Said(0, "", "")


def test_whoever_has_read_enough_of_an_export_is_not_bothered(run: Run, referrals: Path) -> None:
    rows = [f"{n},2026-03-02T09:00:00+01:00,,Lamp,heide,{'dark ' * 9}\n" for n in range(600)]
    referrals.write_text(REFERRALS.splitlines(keepends=True)[0] + "".join(rows))
    run("import", referrals, "--mapping", referrals.with_name("map.toml"))
    command = [sys.executable, "-m", "aanjager", "export", "events", "--format", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as export:
        assert export.stdout is not None and export.stderr is not None
        assert export.stdout.readline().startswith(b"{")
        export.stdout.close()
        assert export.stderr.read() == b""
