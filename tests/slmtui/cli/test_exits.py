import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from slmtui.cli.exits import MEANINGS, Exit
from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.cli.kept import keep_sessions

HEAVY = ("textual", "llama_cpp", "pydantic", "sqlite_utils", "numpy", "tiktoken")
REPOSITORY = Path(__file__).parents[3]


def run(*args: str, **environ: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, *args], capture_output=True, check=False, cwd=REPOSITORY, env=os.environ | environ
    )


def test_the_version_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['slmtui', '--version']\n"
        "from slmtui.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    version, heavy = run("-c", code).stdout.decode().splitlines()
    assert re.fullmatch(r"slmtui \d+\.\d+\.\d+", version)
    assert heavy == "[]"


def test_commands_import_neither_textual_nor_llama_cpp() -> None:
    code = f"import sys, slmtui.cli.commands; print([n for n in {HEAVY[:2]} if n in sys.modules])"
    assert run("-c", code).stdout.decode().strip() == "[]"


def test_help_of_everything(slmtui: Slmtui) -> None:
    for args in ([], ["ask"], ["models"], ["sessions"], ["sessions", "export"], ["replay"], ["doctor"]):
        ran = slmtui(*args, "--help")
        assert ran.code == 0
        assert "Usage: slmtui" in ran.out


def test_the_module_is_the_program() -> None:
    ran = run("-m", "slmtui", "--version")
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_a_bug_is_one_line_and_a_traceback_in_the_log(
    slmtui: Slmtui, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("some\nmessage \x1b[2J")

    monkeypatch.setattr("slmtui.cli.models.models_here", broken)
    ran = slmtui("models", "list")
    assert (ran.code, ran.out) == (Exit.BUG, "")
    assert ran.err.count("\n") == 1
    assert "bug in slmtui" in ran.err
    assert "\x1b" not in ran.err
    log = Path(ran.err.strip().removesuffix(".").split("The traceback is in ")[1])
    assert home in log.parents
    assert "RuntimeError: some" in log.read_text()


def test_ctrl_c_is_130(slmtui: Slmtui, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("slmtui.cli.models.models_here", interrupted)
    ran = slmtui("models", "list")
    assert (ran.code, ran.out) == (Exit.INTERRUPTED, "")
    assert "Traceback" not in ran.err


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    keep_sessions(tmp_path / "s.db")
    command = f"'{sys.executable}' -m slmtui sessions export last --db '{tmp_path / 's.db'}' | head -c 1"
    ran = subprocess.run(["sh", "-c", command], capture_output=True, check=False, cwd=REPOSITORY)
    assert ran.stdout == b"t"
    assert ran.stderr == b""


def test_a_terminal_that_lacks_letters_gets_others(tmp_path: Path) -> None:
    first, _ = keep_sessions(tmp_path / "s.db")
    args = ("-m", "slmtui", "replay", first, "--turn", "2", "--db", str(tmp_path / "s.db"))
    ran = run(*args, PYTHONIOENCODING="ascii")
    assert ran.returncode == 0, ran.stderr
    assert b"HiHi" in ran.stdout


def test_every_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Exit)
