import csv
import json
from pathlib import Path

import pytest

from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.cli.kept import HOSTILE, keep_sessions

UNSAFE = set(map(chr, [*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x202E]))


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "kept.db"


@pytest.fixture
def ids(db: Path) -> list[str]:
    return keep_sessions(db)


def test_the_list_has_every_session_the_latest_first(slmtui: Slmtui, db: Path, ids: list[str]) -> None:
    ran = slmtui("sessions", "list", "--db", db)
    lines = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[0] for line in lines] == ["SESSION", ids[1], ids[0]]
    assert lines[2].split()[3:] == ["3", "base,", "single,", "multi", "hello"]
    assert len(slmtui("sessions", "list", "--limit", 1, "--db", db).out.splitlines()) == 2
    listed = json.loads(slmtui("sessions", "list", "--db", db, "--json").out)
    assert [session["id"] for session in listed] == [ids[1], ids[0]]


def test_no_session_yet_is_no_error(slmtui: Slmtui) -> None:
    ran = slmtui("sessions", "list")
    assert (ran.code, ran.out) == (0, "")
    assert "no session yet" in ran.err
    assert json.loads(slmtui("sessions", "list", "--json").out) == []


def test_a_session_shows_its_turns(slmtui: Slmtui, db: Path, ids: list[str]) -> None:
    out = slmtui("sessions", "show", ids[0][-8:], "--db", db).out
    assert out.count("> hello") == 3
    assert "\nHiHi\n" in out
    assert "single ok" in out
    shown = json.loads(slmtui("sessions", "show", ids[0], "--db", db, "--json").out)
    assert [turn["paradigm"] for turn in shown["turns"]] == ["base", "single", "multi"]


@pytest.mark.parametrize(
    "command",
    [("sessions", "list"), ("sessions", "show", "last"), ("sessions", "search", "say"), ("replay", "last")],
)
def test_hostile_text_does_not_reach_the_terminal(
    slmtui: Slmtui, db: Path, ids: list[str], command: tuple[str, ...]
) -> None:
    for form in ((), ("--json",)):
        ran = slmtui(*command, "--db", db, *form)
        assert ran.code == 0
        assert ids[1] in ran.out
        assert not UNSAFE & set(ran.out + ran.err)


def test_json_keeps_texts_whole(slmtui: Slmtui, db: Path, ids: list[str]) -> None:
    shown = json.loads(slmtui("sessions", "show", ids[1], "--db", db, "--json").out)
    assert shown["turns"][0]["answer"] == HOSTILE


def test_search_finds_turns_or_ends_with_one(slmtui: Slmtui, db: Path, ids: list[str]) -> None:
    ran = slmtui("sessions", "search", "hel", "--db", db)
    assert ran.out.count(ids[0]) == 3
    assert len(json.loads(slmtui("sessions", "search", "hello", "--json", "--db", db).out)) == 3
    assert len(json.loads(slmtui("sessions", "search", "hello", "-n", 2, "--json", "--db", db).out)) == 2
    none = slmtui("sessions", "search", "hello", "nobody", "--db", db)
    assert (none.code, none.out) == (1, "")
    assert "no turn" in none.err


def test_a_title_is_given_and_taken_back(slmtui: Slmtui, db: Path, ids: list[str]) -> None:
    assert slmtui("sessions", "rename", ids[0], "A new\ntitle", "--db", db).code == 0
    titles = {s["id"]: s["title"] for s in json.loads(slmtui("sessions", "list", "--db", db, "--json").out)}
    assert titles[ids[0]] == "A new"
    slmtui("sessions", "rename", ids[0], "", "--db", db)
    titles = {s["id"]: s["title"] for s in json.loads(slmtui("sessions", "list", "--db", db, "--json").out)}
    assert titles[ids[0]] == "hello"


def test_deleting_can_be_undone_until_it_is_forever(slmtui: Slmtui, db: Path, ids: list[str]) -> None:
    deleted = slmtui("sessions", "delete", ids[0], "--db", db)
    assert deleted.code == 0
    assert f"sessions restore {ids[0]}" in deleted.err
    assert ids[0] not in slmtui("sessions", "list", "--db", db).out
    assert slmtui("sessions", "restore", ids[0], "--db", db).code == 0
    assert ids[0] in slmtui("sessions", "list", "--db", db).out
    slmtui("sessions", "delete", ids[0], "--forever", "--db", db)
    assert slmtui("sessions", "restore", ids[0], "--db", db).code == 2


def test_export_is_a_row_for_each_turn_or_call(slmtui: Slmtui, db: Path, ids: list[str]) -> None:
    rows = list(csv.DictReader(slmtui("sessions", "export", *ids, ids[0], "--db", db).out.splitlines()))
    assert [row["session"] for row in rows] == [ids[0]] * 3 + [ids[1]]
    calls = slmtui("sessions", "export", ids[0], "--by", "call", "--columns", "call, agent", "--db", db).out
    assert calls == "call,agent\n" + "c1,assistant\n" * 3
    header = slmtui("sessions", "export", ids[0], "--by", "call", "--db", db).out.splitlines()[0]
    assert ",text,choice,choice_probability,choice_entropy,logprob_sum," in header
    assert header.endswith(",template_in_tokens,agent_model,constrained,tools_shown")
    tools = json.loads(slmtui("sessions", "export", ids[0], "--by", "tool_call", "--json", "--db", db).out)
    assert [row["name"] for row in tools] == ["calculator"]


def test_export_writes_a_file_whole_or_not_at_all(
    slmtui: Slmtui, db: Path, ids: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "out.csv"
    file.write_text("before")
    assert slmtui("sessions", "export", ids[0], "--columns", "nope", "-o", file, "--db", db).code == 2
    assert file.read_text() == "before"
    ran = slmtui("sessions", "export", ids[0], "-o", file, "--db", db)
    assert (ran.code, ran.out) == (0, "")
    assert len(file.read_text().splitlines()) == 4
    assert sorted(path.name for path in tmp_path.iterdir() if "out" in path.name) == ["out.csv"]
    for wrong in (tmp_path, tmp_path / "none" / "out.csv"):
        ran = slmtui("sessions", "export", ids[0], "-o", wrong, "--db", db)
        assert ran.code == 2
        assert ran.err.count("\n") == 1
