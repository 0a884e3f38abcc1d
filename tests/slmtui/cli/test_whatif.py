import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sessions.records import TurnRecord
from sessions.store import Store
from sessions.what_if_store import WhatIfRecord
from slmtui.cli.ask import ask
from slmtui.cli.set_option import settings_given
from slmtui.cli.whatif import whatif
from slmtui.cli.whatif_costs import MIXED, Cost, cost_notes, costs
from slmtui.host import this_owner
from slmtui.whatif import WhatIf
from tests.sessions.scripted import turn_id, whole_turn
from tests.slmtui.cli.conftest import Ran
from tests.slmtui.cli.kept import keep_sessions
from tests.slmtui.cli.own_app import program

Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return program(capsys, ask=ask, whatif=whatif)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "s.db"


@pytest.fixture
def asked(run: Run, db: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A stored turn of the single agent; its model is that of the settings."""
    monkeypatch.setenv("SLMTUI_MODEL", str(tiny_model))
    monkeypatch.setenv("SLMTUI_DB", str(db))
    monkeypatch.setenv("SLMTUI_ENGINE__SHARE", "false")
    monkeypatch.setenv("SLMTUI_ENGINE__THREADS", "1")
    monkeypatch.setenv("SLMTUI_LIMITS__MAX_TOKENS", "90")
    monkeypatch.setenv("SLMTUI_TOOLS__PYTHON", "false")
    flags = (
        "--paradigm",
        "single",
        "--temperature",
        0,
        "--seed",
        3,
        "--switch",
        "examples=1",
        "--cold",
        "--json",
    )
    ran = run("ask", "What is 2 + 3?", *flags)
    turn: dict[str, Any] = json.loads(ran.out)
    return turn


def opened(db: Path) -> Store:
    return Store.open(db, owner=this_owner(), alive=lambda _: True, now=lambda: datetime.now(UTC))


def test_with_nothing_changed_it_takes_the_same_steps_and_says_so(run: Run, asked: dict[str, Any]) -> None:
    ran = run("whatif", "last")
    assert ran.code == 0, ran
    assert ran.err.splitlines()[:2] == [
        "Nothing is changed: it runs again as it was.",
        "Runs again under single: What is 2 + 3?",
    ]
    assert "changed       nothing: it ran again as it was\n" in ran.out
    assert "part          nowhere: every step is the same\n" in ran.out
    assert f"stored turn   {asked['turn']} in session {asked['session']}\n" in ran.out
    assert f"tools         {len(asked['tool_calls'])} frozen, 0 live\n" in ran.out
    assert ran.err.count(": frozen, as the stored turn was answered") == len(asked["tool_calls"]) == 1
    head, *rows = ran.out.split("COST", 1)[1].splitlines()
    assert head.split() == ["STORED", "WHAT", "IF", "DIFFERENCE"]
    same = {row.split("  ")[0]: row.split() for row in rows if row.strip()}
    assert same["output_tokens"][1:] == [str(asked["usage"]["output_tokens"])] * 2 + ["0"]
    assert same["calls"][1:] == [str(len(asked["calls"]))] * 2 + ["0"]


def test_json_has_the_figures_of_the_store(run: Run, asked: dict[str, Any], db: Path) -> None:
    ran = run(
        "whatif", asked["turn"], "--paradigm", "base", "--seed", 4, "--set", "limits.max_tokens=7", "--json"
    )
    assert ran.code == 0, ran
    found = json.loads(ran.out)
    (turn,) = found["turns"]
    assert turn["of_turn"] == asked["turn"]
    assert turn["changes"]["paradigm"] == ["single", "base"]
    assert turn["changes"]["seed"] == [3, 4]
    assert turn["changes"]["limits.max_tokens"] == [90, 7]
    assert turn["diverged_at"] == 1
    assert turn["diverged"]["stored"].startswith("agent writes for call")
    assert turn["diverged"]["what_if"].startswith("assistant writes for answer")
    with opened(db) as store:
        was, now = store.turn(asked["turn"]), store.turn(turn["turn"])
        assert store.session(found["session"]).kind == "whatif"
    assert now.output_tokens <= 7
    for name, cost in turn["costs"].items():
        assert (cost["stored"], cost["what_if"]) == (getattr(was, name), getattr(now, name)), name
    assert turn["costs"]["output_tokens"]["difference"] == now.output_tokens - was.output_tokens
    assert turn["answers"] == {"stored": was.answer, "what_if": now.answer}


def test_a_session_runs_all_its_turns_and_sums_their_costs(run: Run, asked: dict[str, Any]) -> None:
    run("ask", "hello", "--session", asked["session"], "--paradigm", "base", "--temperature", 0)
    ran = run("whatif", asked["session"], "--switch", "examples=0", "--json")
    found = json.loads(ran.out)
    assert [turn["prompt"] for turn in found["turns"]] == ["What is 2 + 3?", "hello"]
    assert found["turns"][0]["changes"]["examples"] == ["1", "0"]
    assert "examples" not in found["turns"][1]["changes"]  # base uses none
    for side in ("stored", "what_if"):
        parts = [turn["costs"]["output_tokens"][side] for turn in found["turns"]]
        assert found["costs"]["output_tokens"][side] == sum(parts) > 0
    assert "ttft_s" not in found["costs"]
    text = run("whatif", asked["session"])
    assert "All 2 turns\n" in text.out
    assert text.out.count("DIFFERENCE") == 3


def test_another_prompt_and_live_tools(run: Run, asked: dict[str, Any], db: Path) -> None:
    found = json.loads(run("whatif", "last", "--prompt", "What is 4 + 4?", "--live-tools", "--json").out)
    (turn,) = found["turns"]
    assert turn["changes"]["prompt"] == ["What is 2 + 3?", "What is 4 + 4?"]
    assert (turn["frozen"], turn["live"]) == (0, len(turn["tool_calls"]))
    with opened(db) as store:
        assert store.session(found["session"]).title == "what if: another prompt"


def test_settings_of_the_engine_can_be_set(run: Run, asked: dict[str, Any]) -> None:
    ran = run("whatif", "last", "--set", "engine.flash_attention=true", "--set", "engine.threads=2", "--json")
    (turn,) = json.loads(ran.out)["turns"]
    assert turn["changes"] == {
        "n_threads": [1, 2],
        "n_threads_batch": [1, 2],
        "flash_attention": [False, True],
    }


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("nobody",), 2, "there is no turn or session 'nobody'"),
        (("last", "--set", "engine.kv_cach=1"), 2, "--set engine.kv_cach is not a setting; known are: "),
        (("last", "--set", "sampling.top_p=2"), 2, "--set sampling.top_p is 2; it should be less than"),
        (("last", "--set", "sampling.top_p"), 2, "write KEY=VALUE, such as engine.kv_cache=q8_0"),
        (("last", "--set", "db=x.db"), 2, "db cannot be changed here"),
        (("last", "--set", "engine=1"), 2, "--set engine is 1; it should be a table of context"),
        (("last", "--set", "engine.kv_cache=q8_0"), 2, "needs flash_attention = true beside it"),
        (("last", "--set", "sampling=3"), 2, "--set sampling is 3; it should be a table of temperature"),
        (("last", "--prompt", " "), 2, "--prompt is empty"),
        (("last", "--paradigm", "triple"), 2, "there is no such paradigm"),
        (("last", "--switch", "examples=many"), 2, "it should be a whole number"),
        (("last", "--model", "nobody"), 3, "There is no model nobody"),
    ],
)  # fmt: skip
def test_what_a_user_can_get_wrong(
    run: Run, asked: dict[str, Any], db: Path, args: tuple[str, ...], code: int, words: str
) -> None:
    ran = run("whatif", *args)
    assert (ran.code, ran.out) == (code, "")
    assert words in ran.err.splitlines()[-1]
    assert "Traceback" not in ran.err
    with opened(db) as store:
        assert store.sessions(every_kind=True, include_empty=True) == store.sessions()


def test_a_model_that_has_gone_is_named(
    run: Run, asked: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLMTUI_MODEL", str(tmp_path / "gone.gguf"))
    ran = run("whatif", "last")
    assert ran.code == 3
    assert f"The model of turn {asked['turn']}, tiny (F32), is not on this machine" in ran.err


def test_a_store_without_turns_says_so(run: Run, db: Path) -> None:
    keep_sessions(db)
    with opened(db) as store:
        empty = store.create_session()
    ran = run("whatif", empty, "--db", db)
    assert (ran.code, ran.err) == (1, f"slmtui: session {empty} has no turn to run again\n")


def test_a_turn_that_still_runs_is_not_run_again(run: Run, db: Path) -> None:
    with opened(db) as store:
        session = store.create_session()
        store.append(session, turn_id(1), whole_turn(turn_id(1), session)[:3])
        ran = run("whatif", "last", "--db", db)
        assert (ran.code, ran.err) == (1, f"slmtui: turn {turn_id(1)} still runs; wait for its end\n")
        assert run("whatif", session, "--db", db).err == ran.err


def test_a_what_if_of_a_turn_that_is_gone_says_so(run: Run, db: Path) -> None:
    with opened(db) as store:
        session, other = store.create_session(), store.create_session("what if", "whatif")
        store.append(session, turn_id(1), whole_turn(turn_id(1), session))
        store.append(other, turn_id(2), whole_turn(turn_id(2), other))
        store.what_ifs.put(WhatIfRecord(turn_id(2), other, turn_id(1)))
        store.purge(session)
    ran = run("whatif", turn_id(2), "--db", db)
    assert ran.code == 1
    assert ran.err.startswith(f"slmtui: turn {turn_id(2)} ran a turn again that was deleted")


def test_an_id_that_fits_a_turn_and_a_session_says_so(run: Run, db: Path) -> None:
    with opened(db) as store:
        session = store.create_session()
        twin = f"{session[:-1]}{'0' if session[-1] != '0' else '1'}"
        store.append(session, twin, whole_turn(twin, session))
    ran = run("whatif", session[:-1], "--db", db)
    assert (ran.code, ran.err) == (
        2,
        f"slmtui: {session[:-1]!r} fits the turn {twin} and the session {session}; write more of the id\n",
    )


def test_the_last_turn_of_nothing_is_said_to_be_missing(run: Run, db: Path) -> None:
    with opened(db):
        pass
    ran = run("whatif", "last", "--db", db)
    assert (ran.code, ran.err) == (2, "slmtui: there is no turn yet; `slmtui ask` makes one\n")


def test_a_setting_is_as_in_toml_and_else_text() -> None:
    given = ("a.b=1", "a.c=0.5", "d=true", "e=word", "f=[1, 2]", 'g="x y"', "h = 3", "i=1\nj = 2")
    assert settings_given(given) == {
        "a": {"b": 1, "c": 0.5}, "d": True, "e": "word", "f": [1, 2], "g": "x y", "h": 3, "i": "1\nj = 2",
    }  # fmt: skip
    assert settings_given(None) == {}
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads("e = word")


def test_joules_of_two_meters_have_no_difference() -> None:
    package, model = ("measured", "package"), ("modelled", "10 W idle")
    assert Cost("joules", 5.0, 2.0, (package, package)).row == ("joules", "5.00 J", "2.00 J", "−3.00 J")
    other = Cost("joules", 5.0, 2.0, (package, model))
    assert (other.difference, other.row[1:]) == (None, ("5.00 J", "~2.00 J", "–"))
    watts = Cost("joules", 5.0, 2.0, (model, ("modelled", "5 W idle")))
    assert (watts.difference, watts.row[1:]) == (None, ("~5.00 J", "~2.00 J", "–"))
    assert Cost("joules", None, 2.0, (("none", ""), model)).row[1:] == ("no meter", "~2.00 J", "–")
    assert Cost("joules", None, 2.0, (MIXED, model)).row[1:] == ("–", "~2.00 J", "–")


def pair(was: TurnRecord, now: TurnRecord, **told: Any) -> WhatIf:
    return WhatIf(was, now, WhatIfRecord("N", "S", "W"), None, (), (), **told)


def turn(**told: Any) -> TurnRecord:
    return TurnRecord("T", "S", "base", "hello", "2026-01-02T03:04:05+00:00", **told)


def test_what_is_not_like_for_like_is_told_and_nothing_else() -> None:
    warm, first = turn(warm=True), turn(warm=False)
    for was, now in ((warm, first), (first, warm)):
        (note,) = cost_notes([pair(was, now)])
        assert note.startswith("One of two turns found sequences in the engine and the other did not")
    for was, now in ((warm, warm), (first, first), (turn(warm=True, cold=True), first)):
        assert list(cost_notes([pair(was, now)])) == []
    assert list(cost_notes([pair(warm, turn(cold=True))])) == []
    (note,) = cost_notes([pair(first, first, at_once=4), pair(first, first)])
    assert note.startswith("The stored run made up to 4 attempts at once")
    (note,) = cost_notes([pair(first, first, limited=True)])
    assert note.startswith("A turn of a chat does not record its limits, and one here ran into one")


def test_energy_of_several_meters_is_neither_summed_nor_compared() -> None:
    def metered(joules: float, scope: str) -> TurnRecord:
        return turn(joules=joules, energy_source="measured", energy_scope=scope)

    found = [pair(metered(1.0, "a"), metered(2.0, "a")), pair(metered(3.0, "b"), metered(4.0, "a"))]
    (joules,) = [cost for cost in costs(found) if cost.column == "joules"]
    assert (joules.was, joules.now, joules.difference) == (None, 6.0, None)
    assert list(cost_notes(found)) == [
        "The energy is of several meters, whose joules are not set against each other."
    ]
    assert list(cost_notes([found[0], pair(turn(), turn())])) == []


def test_figures_have_the_sign_of_what_they_cost_more() -> None:
    assert Cost("wall_s", 1.0, 3.5).row == ("wall_s", "1.00 s", "3.50 s", "+2.50 s")
    assert Cost("calls", 3.0, 1.0).row == ("calls", "3", "1", "−2")
    assert Cost("wall_s", 1.0, 1.0001).row[3] == "<1 ms"
    assert Cost("ttft_s", None, 1.0).row[1:] == ("–", "1.00 s", "–")
