import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from slmtui.cli import bench as bench_command
from slmtui.cli import bench_options
from slmtui.suites.catalogue import known_suites
from slmtui.suites.run_lock import sole_worker
from tests.shared_data import shared
from tests.slmtui.cli.conftest import Ran, Slmtui
from tests.slmtui.suites.sums import check_whole, open_store
from tests.slmtui.tui.scripted import ScriptedBackend

REPOSITORY = Path(__file__).parents[3]
MAP = ("--map", "prompt=question", "--map", "answer=target", "--map", "scorer=number")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "kept.db"


@pytest.fixture
def sums(tmp_path: Path) -> Path:
    path = tmp_path / "sums.jsonl"
    lines = ({"question": f"What is {n} + 1?", "target": n + 1} for n in range(8))
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


@pytest.fixture
def flags(tiny_model: Path, db: Path) -> tuple[object, ...]:
    return ("--model", tiny_model, "--db", db, "--max-tokens", 6)


def runs(slmtui: Slmtui, db: Path, *args: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(slmtui("runs", *args, "--json", "--db", db).out)
    return found


def test_a_suite_goes_through_every_arm_and_is_kept(
    slmtui: Slmtui, sums: Path, db: Path, flags: tuple[object, ...]
) -> None:
    ran = slmtui("bench", sums, *MAP, *flags, "--paradigm", "base,structured", "--limit", 3)
    assert ran.code == 0, ran
    assert (
        "2 arms × 3 items × 1 repeat = 6 attempts; temperature 0, seed 1, at most 6 output tokens" in ran.err
    )
    assert "sums: 3 of 8 items, sha256" in ran.err
    assert "3 paired items" in ran.err
    assert ran.out.startswith("ARM")
    (run,) = runs(slmtui, db)
    assert (run["scored"], run["attempts"], run["items"]) == (6, 6, 3)
    assert f"slmtui compare {run['id']}" in ran.err
    with open_store(db) as store:
        check_whole(store, run["id"])
    assert json.loads(slmtui("sessions", "list", "--json", "--db", db).out) == []
    every = json.loads(slmtui("sessions", "list", "--all", "--json", "--db", db).out)
    assert {each["title"] for each in every} == {"bench: base", "bench: structured"}
    assert slmtui("sessions", "search", "What", "--db", db).code == 1
    assert slmtui("sessions", "search", "What", "--all", "--db", db).code == 0


def test_a_run_ends_with_its_report(
    slmtui: Slmtui, sums: Path, db: Path, flags: tuple[object, ...], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    command = ("bench", sums, *MAP, *flags, "--paradigm", "base,structured", "--limit", 2, "--report")
    assert slmtui(*command, tmp_path / "page.docx").code == 2
    assert not db.exists()  # told before anything runs
    assert slmtui(*command, page).code == 0
    again = tmp_path / "again.html"
    assert slmtui("report", "last", "-o", again, "--db", db).code == 0
    assert page.read_bytes() == again.read_bytes()


def test_the_papers_table_comes_with_what_it_leaves_out(
    slmtui: Slmtui, sums: Path, db: Path, flags: tuple[object, ...]
) -> None:
    ran = slmtui("bench", sums, *MAP, *flags, "--preset", "paper", "--limit", 2, "--json")
    assert ran.code == 0, ran
    assert [arm["arm"] for arm in json.loads(ran.out)["arms"]] == ["base", "single", "multi"]
    shown = slmtui("runs", "show", "last", "--db", db).out
    assert "1 at once" in shown
    assert re.search(r"ARM +COMPLETION +ENERGY/TOKEN +LATENCY +TOKENS/S +TOKENS/SAMPLE", shown)
    assert "Tokens/s is tokens per sample ÷ latency by construction" in shown
    assert max(map(len, shown[shown.index("ARM") : shown.index("Completion says")].splitlines())) <= 80


def test_runs_are_listed_shown_and_removed(
    slmtui: Slmtui, sums: Path, db: Path, flags: tuple[object, ...]
) -> None:
    assert slmtui("runs", "--db", db).code == 2  # no such file
    slmtui("bench", sums, *MAP, *flags, "--paradigm", "base", "--limit", 1)
    listed = slmtui("runs", "--db", db).out.splitlines()
    assert listed[0].split() == ["RUN", "STARTED", "ITEMS", "DONE", "ENDED", "TITLE"]
    assert listed[1].split()[3:] == ["1", "1/1", "yes", "sums:", "base"]
    (run,) = runs(slmtui, db)
    shown = json.loads(slmtui("runs", "show", "last", "--json", "--db", db).out)
    assert (shown["id"], shown["figures"][0]["attempts"]) == (run["id"], 1)
    assert slmtui("runs", "delete", run["id"][-6:], "--db", db).code == 0
    assert runs(slmtui, db) == []
    assert slmtui("runs", "show", run["id"], "--db", db).code == 2
    assert json.loads(slmtui("sessions", "list", "--all", "--json", "--db", db).out) == []


def test_nothing_is_left_to_do_in_a_run_that_has_ended(
    slmtui: Slmtui, sums: Path, db: Path, flags: tuple[object, ...]
) -> None:
    slmtui("bench", sums, *MAP, *flags, "--paradigm", "base", "--limit", 1)
    sums.unlink()  # the items are in the store
    before = slmtui("sessions", "list", "--all", "--json", "--db", db).out
    again = slmtui("bench", "--resume", "last", "--db", db)
    assert (again.code, "1 attempt, 1 of them scored;" in again.err) == (0, True)
    assert slmtui("sessions", "list", "--all", "--json", "--db", db).out == before


def test_flags_that_contradict_the_run_that_is_gone_on_with_are_refused(
    slmtui: Slmtui, sums: Path, db: Path, flags: tuple[object, ...]
) -> None:
    slmtui("bench", sums, *MAP, *flags, "--paradigm", "base", "--limit", 1)
    ran = slmtui("bench", "--resume", "last", "--limit", 2, "--db", db)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "has 1 for --limit, not 2" in ran.err


def test_a_run_that_another_process_works_on_is_left_to_it(
    slmtui: Slmtui, sums: Path, db: Path, flags: tuple[object, ...]
) -> None:
    slmtui("bench", sums, *MAP, *flags, "--paradigm", "base", "--limit", 1)
    (run,) = runs(slmtui, db)
    with sole_worker(db, run["id"]):
        refused = [slmtui(*args, "last", "--db", db) for args in (("bench", "--resume"), ("runs", "delete"))]
    for ran in refused:
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "Another slmtui is at work on the run" in ran.err
    assert runs(slmtui, db) == [run]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), "Name a suite to run"),
        (("nosuch",), "nosuch"),
        (("bundled", "--paradigm", "debate"), "no paradigm named 'debate'"),
        (("bundled", "--cold", "--at-once", "2"), "leave out --at-once"),
        (("bundled", "--switch", "nosuch=1"), "nosuch"),
        (("bundled", "--vary", "examples=0,many"), "examples"),
        (("bundled", "--vary", "examples"), "NAME=VALUE"),
        (("bundled", "--limit", "0"), "limit"),
        (("bundled", "--model", "/nowhere/m.gguf"), "/nowhere/m.gguf"),
        (("--resume", "last"), "no run yet"),
        (("bundled", "--temperature", "nan"), "temperature"),
    ],
)
def test_wrong_input_is_told_in_one_line(
    slmtui: Slmtui, home: Path, args: tuple[str, ...], words: str
) -> None:
    ran = slmtui("bench", *args)
    assert ran.code in (2, 3), ran
    assert ran.err.count("\n") == 1
    assert words in ran.err
    assert "Traceback" not in ran.err


def test_the_help_names_every_suite() -> None:
    told = str(bench_options.Suites.__metadata__[0].help)
    assert all(re.search(rf"\b{name}\b", told) for name in known_suites())


def test_hundred_questions_of_others_are_read_and_one_is_answered(
    slmtui: Slmtui, db: Path, flags: tuple[object, ...]
) -> None:
    ran = slmtui(
        "bench", "svamp", "--data", shared("data", "svamp"), *flags, "--limit", 1, "--paradigm", "base"
    )
    assert ran.code == 0, ran
    assert "svamp: 1 of" in ran.err
    assert "MIT" in ran.err


def test_a_model_that_cannot_be_loaded_leaves_a_run_to_go_on_with(
    slmtui: Slmtui, sums: Path, db: Path, flags: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = ScriptedBackend(problem="The engine cannot start.")
    monkeypatch.setattr(bench_command, "make_backend", lambda settings, around: broken)
    ran = slmtui("bench", sums, *MAP, *flags, "--paradigm", "base", "--limit", 1)
    assert ran.code == 3
    assert ran.err.splitlines()[-1] == "slmtui: The engine cannot start."
    assert re.search(r"`slmtui bench --resume 01\w+` goes on", ran.err.splitlines()[-2])


def test_every_arm_has_the_same_budget_of_tokens_and_votes_share_it(
    slmtui: Slmtui, sums: Path, db: Path, tiny_model: Path
) -> None:
    flags = ("--model", tiny_model, "--db", db, "--budget-tokens", 40, "--paradigm", "base,vote")
    ran = slmtui("bench", sums, *MAP, *flags, "--limit", 3)
    assert ran.code == 0, ran
    assert "at most 40 output tokens a turn in every arm" in ran.err
    with open_store(db) as store:
        seen = store.suites.observations("last")
    spent = [(each.arm, each.values["output_tokens"] or 0) for each in seen]
    calls = {each.values["calls"] for each in seen if each.arm == "vote"}
    assert max(tokens for _, tokens in spent) <= 40
    assert max(tokens for arm, tokens in spent if arm == "vote") > 8  # the share of one of five votes
    assert calls == {5}


def child(*args: object) -> "subprocess.Popen[str]":
    """Start slmtui as a user does. Its engine is its own, so that it dies with it."""
    environment = os.environ | {"SLMTUI_ENGINE__SHARE": "false"}
    return subprocess.Popen(
        [sys.executable, "-m", "slmtui", *map(str, args)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=REPOSITORY, env=environment,
    )  # fmt: skip


def until_scored(process: "subprocess.Popen[str]", count: int) -> None:
    """Wait until a process has told of so many scored attempts."""
    assert process.stderr is not None
    for line in process.stderr:
        if re.match(rf"{count}/\d+ ", line):
            return
    raise AssertionError("it ended before")


def ended(process: "subprocess.Popen[str]") -> Ran:
    out, err = process.communicate(timeout=60)
    return Ran(process.returncode, out, err)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_stopped_with_ctrl_c_and_killed_a_run_goes_on_to_its_end(
    slmtui: Slmtui, sums: Path, db: Path, flags: tuple[object, ...]
) -> None:
    first = child("bench", sums, *MAP, *flags, "--max-tokens", 40, "--paradigm", "base", "--at-once", 2)
    until_scored(first, 1)
    first.send_signal(signal.SIGINT)
    stopped = ended(first)
    assert stopped.code == 130
    assert re.search(r"stopped with \d attempts left; `slmtui bench --resume 01\w+` goes on", stopped.err)
    before = scored(db)
    second = child("bench", "--resume", "last", "--db", db)
    until_scored(second, len(before) + 1)
    time.sleep(0.01)
    second.kill()
    assert ended(second).code == -signal.SIGKILL
    between = scored(db)
    assert before.items() < between.items()
    last = ended(child("bench", "--resume", "last", "--db", db))
    assert last.code == 0, last
    assert between.items() <= scored(db).items()
    with open_store(db) as store:
        check_whole(store, store.suites.run("last").id)


def scored(db: Path) -> dict[tuple[str, int], str]:
    """Return the turns of the scored attempts."""
    with open_store(db) as store:
        attempts = store.suites.attempts("last")
    return {(each.item, each.repeat): each.turn for each in attempts if each.state is not None}
