import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agents.message import Sampling
from sessions.store import Store
from slmtui.suites.plan import Plan, as_json
from tests.sessions import test_by_hand as made
from tests.sessions.scripted import turn_id, whole_turn
from tests.sessions.test_going_on import going_on
from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.cli.kept import keep_sessions

PLAN = as_json(Plan(suites=(), paradigms=("base", "single", "multi"))) | {"kind": "by hand"}


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "kept.db"


@pytest.fixture
def session(db: Path) -> str:
    """A session whose second turn was made again, and gone on with."""
    with Store.open(db, owner="test", alive=lambda _: True, now=lambda: datetime.now(UTC)) as store:
        session = store.create_session()
        for number, parent in ((1, ""), (2, turn_id(1)), (3, turn_id(1))):
            first, *rest = whole_turn(turn_id(number), session)
            store.append(session, turn_id(number), [replace(first, parent=parent), *rest])
        store.append(session, turn_id(4), going_on(turn_id(4), session, turn_id(1)))
        store.keep_chat_settings(session, system="Speak Dutch.", sampling=Sampling(seed=3))
        return session


def test_a_turn_is_shown_among_its_siblings(slmtui: Slmtui, db: Path, session: str) -> None:
    out = slmtui("sessions", "show", session, "--db", db).out
    assert "turn 1 · base ok" in out
    assert "turn 3, 2 of 3 · base ok" in out
    assert "turn 4, 3 of 3, went on" in out
    assert "system   Speak Dutch." in out
    shown = json.loads(slmtui("sessions", "show", session, "--db", db, "--json").out)
    assert [len(turn["siblings"]) for turn in shown["turns"]] == [0, 3, 3, 3]
    assert [turn["parent"] for turn in shown["turns"]] == ["", *[turn_id(1)] * 3]
    assert shown["sampling"]["seed"] == 3


def test_an_export_has_parents_and_beginnings(slmtui: Slmtui, db: Path, session: str) -> None:
    ran = slmtui("sessions", "export", session, "--db", db, "--columns", "position,parent,beginning,system")
    lines = ran.out.splitlines()
    assert lines[0] == "position,parent,beginning,system"
    assert lines[4] == f"4,{turn_id(1)},Once upon,Tell."


def test_a_replay_tells_what_was_gone_on_with_once(slmtui: Slmtui, db: Path, session: str) -> None:
    out = slmtui("replay", session, "--turn", 4, "--db", db).out
    assert out.count("Once upon a time") == 1
    assert "was not used" not in out


def test_sessions_are_tagged_listed_by_tag_and_untagged(slmtui: Slmtui, db: Path) -> None:
    first, second = keep_sessions(db)
    assert "Tagged work, two-words." in slmtui("sessions", "tag", first, "#Work", "two words", "--db", db).err
    listed = slmtui("sessions", "list", "--tag", "work", "--db", db).out
    assert (first in listed, second in listed) == (True, False)
    assert "tags     two-words, work" in slmtui("sessions", "show", first, "--db", db).out
    (found,) = json.loads(slmtui("sessions", "list", "--tag", "work", "--db", db, "--json").out)
    assert found["tags"] == ["two-words", "work"]
    assert first in slmtui("sessions", "search", "tag:work", "--db", db).out
    assert slmtui("sessions", "search", "tag:play", "--db", db).code == 1
    assert slmtui("sessions", "untag", first, "work", "--db", db).code == 0
    again = slmtui("sessions", "untag", first, "work", "--db", db)
    assert (again.code, "has no tag work" in again.err) == (1, True)
    none = slmtui("sessions", "list", "--tag", "work", "--db", db)
    assert (none.out, "No session has all of these tags" in none.err) == ("", True)
    refused = slmtui("sessions", "tag", first, "!", "--db", db)
    assert refused.code != 0
    assert "is no tag" in refused.err


def test_a_prompt_is_asked_with_an_own_system_prompt(slmtui: Slmtui, tiny_model: Path, db: Path) -> None:
    flags = ("--model", tiny_model, "--db", db, "--max-tokens", 4, "--json")
    plain = json.loads(slmtui("ask", "hello", *flags).out)
    own = json.loads(slmtui("ask", "hello", *flags, "--system", "Be brief.", "--session", "last").out)
    assert (plain["system"], own["system"], own["session"]) == ("", "Be brief.", plain["session"])
    assert own["factors"]["system"].startswith("own ")
    assert "system" not in plain["factors"]


def test_a_prompt_is_drawn_as_its_session_has_it_unless_a_flag_says_otherwise(
    slmtui: Slmtui, tiny_model: Path, db: Path, session: str
) -> None:
    flags = ("--model", tiny_model, "--db", db, "--max-tokens", 4, "--json")
    told = [
        json.loads(slmtui("ask", "hello", *flags, *more).out)["turn"]
        for more in (("--session", session), ("--session", session, "--temperature", 0), ())
    ]
    with Store.open(db, owner="test", alive=lambda _: True, now=lambda: datetime.now(UTC)) as store:
        drawn = [store.turn(turn) for turn in told]
    own, usual = Sampling(seed=3), Sampling()
    assert [(turn.seed, turn.temperature) for turn in drawn] == [
        (3, own.temperature),
        (3, 0.0),
        (usual.seed, usual.temperature),
    ]


def test_a_comparison_tells_which_answer_was_better(slmtui: Slmtui, db: Path) -> None:
    with Store.open(db, owner="test", alive=lambda _: True, now=lambda: datetime.now(UTC)) as store:
        run = store.suites.create("why", "slmtui", PLAN, made.ARMS, [made.TYPED], [made.item(1)])
        for arm in ("base", "single"):
            made.answered(store, run, arm)
        made.marked(store, run, "single", True, True)
        made.marked(store, run, "base", False)
    out = slmtui("compare", run.id, "--db", db).out
    assert "base or single" in out
    assert "judged by hand" in " ".join(out.split())
    (told,) = json.loads(slmtui("compare", run.id, "--db", db, "--json").out)["preferences"]
    assert (told["first_better"], told["second_better"], told["ties"]) == (0, 1, 0)
    csv = slmtui("compare", run.id, "--db", db, "--csv", "-").out
    assert any(",preferred," in line for line in csv.splitlines())
    report = slmtui("report", run.id, "--db", db, "-o", "-").out
    assert "liked better, by hand" in report
    assert run.id in slmtui("runs", "--db", db).out
    assert slmtui("runs", "show", run.id, "--db", db).code == 0
    resumed = slmtui("bench", "--resume", run.id, "--db", db)
    assert resumed.code != 0
    assert "was made by hand" in resumed.err
