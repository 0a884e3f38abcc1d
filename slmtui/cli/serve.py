"""`slmtui serve`: the app in a browser on this machine."""

import asyncio
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from slmtui.assemble import choose_model, open_store, settings_of, surroundings
from slmtui.cli.exits import Exit, fail, say, user_errors
from slmtui.cli.interrupts import stop_on_interrupt
from slmtui.cli.options import Db, Model, Notes, Paradigm, overrides

if TYPE_CHECKING:
    from slmtui.serving.server import WindowServer

SHARED_ENGINE = "SLMTUI_ENGINE__SHARE"
PORT = 8700


def serve(
    model: Model = None,
    paradigm: Paradigm = None,
    db: Db = None,
    notes: Notes = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes one that is free.")
    ] = PORT,
) -> None:
    """Open the app in a browser: every window is an app of its own, and all share one engine.

    Only this machine can reach it, and only with the token in the address that is printed. From another
    machine, tunnel: ssh -L 8700:127.0.0.1:8700 HOST. ^C ends it and its windows; sessions are kept.
    """
    if find_spec("textual_serve") is None:
        fail(Exit.USAGE, "the browser needs textual-serve: pip install 'slmtui[serve]'")
    with user_errors():
        around = surroundings()
        settings = settings_of(around, overrides(model=model, paradigm=paradigm, db=db, notes=notes))
        with open_store(settings, around):  # what is wrong is told here, and not in the browser
            if settings.model is not None:
                choose_model(settings, around)
    from slmtui.serving.gate import Gate  # noqa: PLC0415 - aiohttp takes its time
    from slmtui.serving.server import WindowServer  # noqa: PLC0415

    os.environ[SHARED_ENGINE] = "true"  # windows inherit it: one model in memory for all of them
    gate = Gate(secrets.token_urlsafe(24), port or _free_port())
    given = {"--model": model, "--paradigm": paradigm, "--db": db, "--notes": notes}
    command = window_command([text for flag, value in given.items() if value for text in (flag, str(value))])
    try:
        asyncio.run(_serve(WindowServer(command, gate, _tell)))
    except OSError as error:
        fail(Exit.FAILED, f"port {gate.port} cannot be had: {error.strerror}; choose another with --port")


async def _serve(server: "WindowServer") -> None:
    stop = stop_on_interrupt()
    if sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await server.run(stop)


def window_command(flags: Sequence[str]) -> str:
    """Return the shell command of one window's app, with these flags."""
    words = [sys.executable, "-m", "slmtui.serving.window", *flags]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def _tell(address: str) -> None:
    print(address, flush=True)
    say("Open this address in a browser on this machine; the token lets you in. ^C ends it.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
