"""How long a program takes until it has drawn a text on its terminal, or until it has ended."""

import contextlib
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from fcntl import ioctl
from pathlib import Path

MARK = b"sk something, or"
"""Of the prompt's placeholder, less its first letter: the cursor stands on that."""

SLMTUI = "from slmtui.cli import main; main()"
NO_MODEL = "import slmtui.models.places as places; places.embedded_folder = lambda: None; " + SLMTUI
EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("Ask something, or / for commands")
Empty().run()
"""
RECORD = """
import sys
from textual.drivers.linux_driver import LinuxDriver
path = sys.argv.pop()
write = LinuxDriver.write
def recording(self, data):
    if "sk something, or" in data and not recording.done:
        recording.done = True
        with open(path, "w") as file:
            print(*(name for name in sys.modules if name != "__main__"), file=file)
    write(self, data)
recording.done = False
LinuxDriver.write = recording
"""
IMPORTS = """
import contextlib, importlib, sys
with open(sys.argv[1]) as file:
    for name in file.read().split():
        with contextlib.suppress(Exception):
            importlib.import_module(name)
"""
PATIENCE_S = 60.0


def seconds_to_paint(code: str, home: Path, *arguments: str, mark: bytes = MARK) -> float:
    """Return the seconds from the start of Python on some code until `mark` is drawn."""
    screen, terminal = pty.openpty()
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment(home),
        start_new_session=True,
    )
    os.close(terminal)
    try:
        _read_to(mark, screen)
        return time.perf_counter() - began
    finally:
        _end(child, screen)


def seconds_to_end(command: Sequence[str], home: Path) -> float:
    """Return how long Python takes for a command of its own."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *command], env=environment(home), capture_output=True, check=True)
    return time.perf_counter() - began


def environment(home: Path) -> dict[str, str]:
    """Return an environment with a home of its own, and with compiled files as an installed program has."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "VIRTUAL_ENV"}}
    places = {name: str(home) for name in ("HOME", "XDG_RUNTIME_DIR")}
    return {
        **kept,
        **places,
        "TERM": "xterm-256color",
        "PYTHONPATH": os.getcwd(),  # noqa: PTH109
        "PYTHONPYCACHEPREFIX": str(home / "compiled"),
    }


def _read_to(mark: bytes, screen: int) -> None:
    seen = b""
    ends = time.monotonic() + PATIENCE_S
    while mark not in seen:
        ready, _, _ = select.select([screen], [], [], max(0.0, ends - time.monotonic()))
        read = b""
        with contextlib.suppress(OSError):  # which is how a terminal says that the program has gone
            read = os.read(screen, 65536) if ready else b""
        if not read:
            raise RuntimeError(f"the program drew no prompt: {seen[-2000:]!r}")
        seen += read


def _end(child: "subprocess.Popen[bytes]", screen: int) -> None:
    """End a program and what it started, as closing the window of a terminal does."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)
    os.close(screen)
    try:
        child.wait(3.0)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
