"""A `slmtui serve` of its own for a test: its address, its process, and what runs under it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

WAIT_S = 60


@asynccontextmanager
async def serving(home: Path, model: Path) -> AsyncGenerator[tuple[str, psutil.Process], None]:
    """Serve with `home` as the user's; yields the address that was printed, and the server's process."""
    (home / "run").mkdir(mode=0o700)
    own = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    own |= {"HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "SLMTUI_MODEL": str(model)}
    own |= {"SLMTUI_ENGINE__SHARE": "false", "SLMTUI_ENGINE__THREADS": "1"}  # serving shares all the same
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "slmtui", "serve", "--port", "0",
        env=os.environ | own, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        async with asyncio.timeout(WAIT_S):
            address = (await server.stdout.readline()).decode().strip()
        assert address, "the server did not start"
        yield address, psutil.Process(server.pid)
    finally:
        if server.returncode is None:
            server.send_signal(signal.SIGINT)
            async with asyncio.timeout(WAIT_S):
                await server.wait()


def engines(server: psutil.Process) -> int:
    """Count the engines among the processes of a server and of its windows."""
    lines = [" ".join(child.cmdline()) for child in server.children(recursive=True) if child.is_running()]
    return sum("slmtui.engine.worker" in line for line in lines)
