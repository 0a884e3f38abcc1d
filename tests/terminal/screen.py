"""The real app in a real terminal: tmux, driven by keys and read as a person reads it."""

import asyncio
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

WAIT_S = 60
SETTINGS = """
model = "{model}"
[sampling]
temperature = 0
[limits]
max_tokens = 120
[engine]
threads = 1
context = 4096
share = false
"""


@dataclass(frozen=True)
class Terminal:
    """One tmux server of its own, with one window in which a program runs."""

    socket: Path

    def tmux(self, *words: str) -> str:
        command = ["tmux", "-S", str(self.socket), "-f", "/dev/null", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout

    def keys(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self.tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text, and enter."""
        self.tmux("send-keys", "-l", text)
        self.keys("Enter")

    @property
    def drawn(self) -> str:
        """What is on the screen."""
        return self.tmux("capture-pane", "-p")

    async def until(self, so: str | Callable[[str], bool]) -> str:
        """Wait until a text stands on the screen, or `so` holds of it; return the screen."""
        for _ in range(WAIT_S * 10):
            drawn = self.drawn
            if so in drawn if isinstance(so, str) else so(drawn):
                return drawn
            await asyncio.sleep(0.1)
        raise AssertionError(f"it never came about: {so}\n{self.drawn}")

    def state(self) -> str:
        """Whether the alternate screen is on, a mouse is tracked, and the cursor is to be seen."""
        return self.tmux("display", "-p", "#{alternate_on} #{mouse_any_flag} #{cursor_flag}").strip()

    def child(self, name: str) -> psutil.Process | None:
        """Return the program's process whose command line holds `name`."""
        shell = psutil.Process(int(self.tmux("display", "-p", "#{pane_pid}")))
        found = (each for each in shell.children(recursive=True) if name in " ".join(each.cmdline()))
        return next(found, None)


@contextmanager
def terminal(
    folder: Path, size: tuple[int, int], model: Path, term: str = "tmux-256color"
) -> Iterator[Terminal]:
    """Open a terminal of a size in cells, with a shell in which `slmtui` has a home of its own."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed: it is the terminal of these tests")
    home = folder / "home"
    if not home.exists():
        (home / "config" / "slmtui").mkdir(parents=True)
        (home / "run").mkdir(mode=0o700)
        text = SETTINGS.format(model=model)
        (home / "config" / "slmtui" / "settings.toml").write_text(text, encoding="utf-8")
    own = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    own |= {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "TERM": term,
        "LC_ALL": "C.UTF-8",
        "PS1": "sh> ",
    }
    own["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    exports = " ".join(f"{name}={shlex.quote(value)}" for name, value in own.items())
    opened = Terminal(folder / "tmux")
    shell = f"env -u COLUMNS -u LINES -u TMUX {exports} sh"
    opened.tmux("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), shell)
    try:
        yield opened
    finally:
        opened.tmux("kill-server")
