import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.events import Event, MeterRead, TurnStarted
from sessions.money import HostedPrice, Prices
from sessions.records import TurnRecord
from sessions.tally import records_of
from slmtui.backend import TurnRequest
from slmtui.cli.ask import as_object
from slmtui.tui.format import significant
from slmtui.tui.state.money_rows import money_rows
from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.tui.scripted import ScriptedBackend, base_turn
from tests.strategies import turns

REPOSITORY = Path(__file__).parents[3]
FIELDS = {
    "session", "turn", "paradigm", "model", "answer", "status", "seed", "wall_s", "ttft_s", "decode_tok_s",
    "usage", "calls", "tool_calls", "energy", "peak_rss_bytes",
}  # fmt: skip
"""What scripts may rely on."""


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "kept.db"


def ask_json(slmtui: Slmtui, *args: object) -> dict[str, Any]:
    ran = slmtui("ask", *args, "--json")
    assert ran.code == 0, ran
    answer: dict[str, Any] = json.loads(ran.out)
    return answer


def check_sums(turn: dict[str, Any]) -> None:
    usage = turn["usage"]
    assert usage["reused_tokens"] + usage["prefilled_tokens"] == usage["prompt_tokens"]
    assert sum(usage["output_by_purpose"].values()) == usage["output_tokens"]
    for key in ("prompt_tokens", "reused_tokens", "prefilled_tokens", "avoidable_tokens", "output_tokens"):
        assert sum(call[key] for call in turn["calls"]) == usage[key]


def test_one_object_with_what_scripts_rely_on(slmtui: Slmtui, tiny_model: Path, db: Path) -> None:
    turn = ask_json(
        slmtui, "hello", "--model", tiny_model, "--db", db, "--seed", 7, "--max-tokens", 9, "--temperature", 0
    )
    assert turn.keys() >= FIELDS
    assert (turn["paradigm"], turn["model"], turn["status"], turn["seed"]) == ("base", "tiny", "ok", 7)
    assert 0 < turn["usage"]["output_tokens"] <= 9
    assert turn["usage"]["output_by_purpose"]["answer"] == turn["usage"]["output_tokens"]
    assert {each for each in turn["energy"].values() if each} == {"none"}
    assert turn["costs"] == []
    assert turn["peak_rss_bytes"] > 0
    assert len(turn["model_hash"]) == 64
    check_sums(turn)


def test_the_answer_is_data_and_its_cost_is_talk(slmtui: Slmtui, tiny_model: Path, db: Path) -> None:
    ran = slmtui("ask", "-", "--model", tiny_model, "--db", db, "--max-tokens", 200, stdin=b"hello \xff")
    assert ran.code == 0
    # Random weights write every byte there is; a terminal gets none that it would obey.
    assert not set(map(chr, [*range(9), *range(11, 32), *range(0x7F, 0xA0)])) & set(ran.out)
    assert ran.err.count("\n") == 1
    assert "tok/s" in ran.err
    assert "no energy meter" in ran.err
    kept = slmtui("sessions", "show", "last", "--json", "--db", db).out
    assert json.loads(kept)["turns"][0]["prompt"] == "hello \ufffd"


def test_a_session_goes_on(slmtui: Slmtui, tiny_model: Path, db: Path) -> None:
    flags = ("--model", tiny_model, "--db", db, "--max-tokens", 5)
    first = ask_json(slmtui, "hello", *flags)
    other = ask_json(slmtui, "hello", *flags)
    again = ask_json(slmtui, "hello", *flags, "--session", first["session"][-6:], "--paradigm", "base")
    assert again["session"] == first["session"] != other["session"]
    assert again["usage"]["prompt_tokens"] > first["usage"]["prompt_tokens"]  # the history is in it
    kept = json.loads(slmtui("sessions", "show", first["session"], "--db", db, "--json").out)
    assert [turn["turn"] for turn in kept["turns"]] == [first["turn"], again["turn"]]


def test_settings_give_what_flags_do_not(
    slmtui: Slmtui, tiny_model: Path, db: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "config" / "slmtui" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text(
        "[limits]\nmax_tokens = 3\n[energy]\nidle_watts = 5\nfull_watts = 15\n[sampling]\nseed = 4\n"
    )
    monkeypatch.setenv("SLMTUI_MODEL", str(tiny_model))
    monkeypatch.setenv("SLMTUI_DB", str(db))
    turn = ask_json(slmtui, "hello", "--temperature", 1)
    assert turn["seed"] == 4
    assert turn["usage"]["output_tokens"] <= 3
    assert turn["energy"]["source"] == "modelled"
    assert turn["energy"]["mean_watts"] == pytest.approx(turn["energy"]["joules"] / turn["wall_s"])
    assert turn["energy"]["joules"] > 0
    assert turn["energy"]["scope"] == "machine, 5 W idle to 15 W busy"
    assert turn["energy"]["idle_watts"] == 5


def metered(request: TurnRequest, turn: str) -> list[Event]:
    *events, end = base_turn(request, turn)
    read = MeterRead(end.t, 1, 1, 0.1, 2.0, "measured", "package-0 by RAPL", 3.5)
    return [*(each for each in events if not isinstance(each, MeterRead)), read, end]


def test_a_turn_says_what_it_cost_in_the_figures_of_the_cost_panel(
    slmtui: Slmtui, db: Path, priced: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = ScriptedBackend(metered)
    monkeypatch.setattr("slmtui.cli.ask.make_backend", lambda _settings, _around: backend)
    told = ask_json(slmtui, "hello", "--db", db)
    power, mini = told["costs"]
    assert power["amount"] == pytest.approx(2.0 / 3.6e6 * 0.36)
    assert (power["what"], power["estimate"], power["currency"]) == ("power", False, "EUR")
    assert mini["basis"] == "the model's own tokens"
    used = told["usage"]
    assert mini["amount"] == pytest.approx((used["prompt_tokens"] + 10 * used["output_tokens"]) / 1e6)
    first, scope, money = slmtui("ask", "hello", "--db", db).err.splitlines()
    assert f"2.00 J measured, {significant(told['energy']['mean_watts'])} W" in first
    assert scope == "energy: package-0 by RAPL; 3.50 W when idle"
    record = TurnRecord(
        "t", "s", "base", "", "", joules=2.0, energy_source="measured",
        prompt_tokens=used["prompt_tokens"], output_tokens=used["output_tokens"],
    )  # fmt: skip
    prices = Prices(0.36, "EUR", (HostedPrice("mini", 1, 10),))
    shown = [metric.cell([record]) for metric in money_rows(prices, {})]
    assert money == (
        f"EUR for a million such turns: power {shown[0]} (measured energy)"
        f" · mini {shown[1]} (the model's own tokens)"
    )
    kept = slmtui("sessions", "show", "last", "--db", db).out
    assert f"\n  {scope}\n  {money}\n" in kept
    (turn,) = json.loads(slmtui("sessions", "show", "last", "--db", db, "--json").out)["turns"]
    assert turn["costs"] == told["costs"]


def test_tokens_of_a_service_are_counted_in_its_encoding(
    slmtui: Slmtui, db: Path, priced: None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (home / "config" / "slmtui" / "settings.toml").open("a") as settings:
        settings.write('encoding = "o200k_base"\n')
    letters = {"o200k_base": len}
    monkeypatch.setattr("slmtui.encodings.encodings_here", lambda _names, _environ: letters)
    monkeypatch.setattr("slmtui.cli.money.encodings_here", lambda _names, _environ: letters)
    backend = ScriptedBackend(base_turn)
    monkeypatch.setattr("slmtui.cli.ask.make_backend", lambda _settings, _around: backend)
    told = ask_json(slmtui, "hello", "--db", db)
    (mini,) = [each for each in told["costs"] if each["what"] == "mini"]
    assert mini["basis"] == "tokens of o200k_base"
    (turn,) = json.loads(slmtui("sessions", "show", "last", "--db", db, "--json").out)["turns"]
    assert mini in turn["costs"]


def test_the_same_seed_gives_the_same_answer(slmtui: Slmtui, tiny_model: Path, db: Path) -> None:
    flags = ("--model", tiny_model, "--db", db, "--max-tokens", 12, "--temperature", 1)
    answers = [ask_json(slmtui, "hello", *flags, "--seed", seed)["answer"] for seed in (1, 1, 2)]
    assert answers[0] == answers[1] != answers[2]


def whole_or_cold(request: TurnRequest, turn: str) -> list[Event]:
    first, *rest = base_turn(request, turn)
    assert isinstance(first, TurnStarted)
    return [replace(first, cold=request.cold), *rest]


def test_a_cold_turn_is_asked_for_and_says_so(
    slmtui: Slmtui, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = ScriptedBackend(whole_or_cold)
    monkeypatch.setattr("slmtui.cli.ask.make_backend", lambda _settings, _around: backend)
    cold, warm = slmtui("ask", "hello", "--cold", "--db", db), slmtui("ask", "hello", "--db", db)
    assert [request.cold for request in backend.requests] == [True, False]
    assert cold.err.startswith("base · cold · 1 call")
    assert "cold" not in warm.err
    assert ask_json(slmtui, "hello", "--db", db, "--cold")["cold"] is True
    assert ask_json(slmtui, "hello", "--db", db)["cold"] is False
    kept = slmtui("sessions", "show", "last", "--json", "--db", db).out
    assert json.loads(kept)["turns"][0]["cold"] is False


def test_every_turn_keeps_its_sums() -> None:
    from hypothesis import given

    @given(turns())
    def check(events: Any) -> None:
        turn = as_object(records_of(events))
        assert turn.keys() >= FIELDS
        check_sums(turn)

    check()


@pytest.mark.model
def test_interrupting_keeps_what_was_written(slmtui: Slmtui, smollm: Path, db: Path) -> None:
    prompt = "Write a long story about a lighthouse, in ten chapters."
    with subprocess.Popen(
        [sys.executable, "-m", "slmtui", "ask", prompt, "--model", str(smollm), "--db", str(db)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=REPOSITORY,
        start_new_session=True,
    ) as running:
        assert running.stdout
        running.stdout.read(20)  # it writes
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: the engine gets it too
        _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert err.splitlines()[-1].startswith(b"slmtui: interrupted")
    assert b"Traceback" not in err
    [turn] = json.loads(slmtui("sessions", "show", "last", "--db", db, "--json").out)["turns"]
    assert turn["status"] == "cancelled"
    assert turn["output_tokens"] > 0
    assert turn["answer"]


@pytest.mark.model
def test_an_agent_on_the_embedded_model(smollm: Path, db: Path) -> None:
    flags = ["--paradigm", "single", "--seed", "0", "--temperature", "0", "--json", "--db", str(db)]
    ran = subprocess.run(
        [sys.executable, "-m", "slmtui", "ask", "What is 347 * 29?", "--model", str(smollm), *flags],
        capture_output=True,
        check=True,
        cwd=REPOSITORY,
    )
    turn = json.loads(ran.stdout)
    assert "10063" in turn["answer"].replace(",", "")
    assert [(call["name"], call["result"], call["status"]) for call in turn["tool_calls"]] == [
        ("calculator", "10063", "ok")
    ]
    check_sums(turn)
