import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from slmtui import cli


@dataclass(frozen=True)
class Ran:
    """A command that has ended: its exit code and what it printed."""

    code: int
    out: str
    err: str


Slmtui: TypeAlias = Callable[..., Ran]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with a home of their own: no settings, no sessions, no models but the embedded one."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    (folder / "run").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
    for name in ("HF_HOME", "HF_HUB_CACHE", "OLLAMA_MODELS", "LLAMA_CACHE"):
        monkeypatch.setenv(name, str(folder / "nothing"))
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def priced(home: Path) -> None:
    """A user who has set a tariff, and the price of a hosted service whose encoding is not known."""
    file = home / "config" / "slmtui" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text(
        "[money]\ntariff_per_kwh = 0.36\n"
        '[[money.hosted]]\nname = "mini"\ninput_per_mtok = 1\noutput_per_mtok = 10\n'
    )


@pytest.fixture
def slmtui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Slmtui:
    """Run a command line in this process, the whole way from `main`."""

    def run(*args: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["slmtui", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run
