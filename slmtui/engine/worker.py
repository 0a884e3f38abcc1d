"""The engine's child process: commands on standard input, replies on a copy of standard output.

Run as `python -m slmtui.engine.worker LOG`. Everything that llama.cpp or Python prints goes to the
log file; the pipe carries the protocol alone. The end of standard input ends the process.
"""

import faulthandler
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from agents.events import Event
from slmtui.engine.protocol import (
    Cancel,
    Command,
    Generate,
    Load,
    LoadFailed,
    Loading,
    Quit,
    decode_command,
    encode,
    event_line,
)


def _take_over(log: Path) -> BinaryIO:
    """Point descriptors 1 and 2 at the log, and return a private copy of standard output."""
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    sys.stdout = sys.stderr
    faulthandler.enable(sys.stderr)
    return replies


class Worker:
    """Reads commands in one thread, and loads and decodes in another: the main one."""

    def __init__(self, commands: BinaryIO, replies: BinaryIO) -> None:
        self._commands = commands
        self._replies = replies
        self._queue: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._cancel: Callable[[str], None] = lambda _call: None

    def run(self) -> None:
        """Serve until told to quit, or until standard input ends."""
        threading.Thread(target=self._read, name="commands", daemon=True).start()
        first = self._queue.get()
        if isinstance(first, Load):
            self._serve(first)

    def _serve(self, command: Load) -> None:
        from slmtui.engine.loading import load  # noqa: PLC0415 - llama.cpp loads after the log is in place
        from slmtui.engine.native import NativeError  # noqa: PLC0415
        from slmtui.engine.template import ChatTemplateError  # noqa: PLC0415

        try:
            loaded, scheduler = load(command, emit=self._emit, progress=self._progress)
        except (NativeError, ChatTemplateError, OSError, UnicodeDecodeError) as error:
            self._send(encode(LoadFailed(str(error))))
            return
        self._cancel = scheduler.cancel
        self._send(encode(loaded))
        while True:
            while scheduler.idle or not self._queue.empty():
                match self._queue.get():
                    case Generate(request):
                        scheduler.submit(request)
                    case Cancel(call):
                        scheduler.cancel(call)
                    case Quit():
                        return
            scheduler.step()

    def _read(self) -> None:
        try:
            for line in self._commands:
                command = decode_command(line)
                if isinstance(command, Cancel):
                    # At once, into a decode that is running; and in order, behind the call itself.
                    self._cancel(command.call)
                self._queue.put(command)
        except msgspec.MsgspecError as error:
            sys.stderr.write(f"not a command: {error}\n")
        os._exit(0)

    def _progress(self, fraction: float) -> None:
        self._send(encode(Loading(fraction)))

    def _emit(self, call: str, event: Event) -> None:
        self._send(event_line(call, event))

    def _send(self, line: bytes) -> None:
        view = memoryview(line)
        while view:
            view = view[self._replies.write(view) :]


def main() -> None:
    """Serve one app."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ^C at the terminal is for the app to understand
    replies = _take_over(Path(sys.argv[1]))
    code = 1
    try:
        Worker(sys.stdin.buffer, replies).run()
        code = 0
    except BrokenPipeError:
        code = 0  # the app has gone
    except Exception:  # noqa: BLE001 - the log is the only place where this can be seen
        traceback.print_exc()
    finally:
        # The reading thread is blocked inside standard input, which an orderly exit would wait for.
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
