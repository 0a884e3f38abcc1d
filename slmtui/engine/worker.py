"""The engine's child process: one model, for the app that started it and others that come later.

Run as `python -m slmtui.engine.worker LOG [FOLDER KEY unix|tcp]`. The first app speaks on standard
input and a copy of standard output; with a folder, others come in by a socket there. Everything that
llama.cpp or Python prints goes to the log file. The process lives while any app is there.
"""

import faulthandler
import os
import queue
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import msgspec

from agents.events import CallFinished, Event
from slmtui.engine.channel import Connection, Pipes
from slmtui.engine.clients import Client, Clients, Left, NotTheirsError
from slmtui.engine.endpoint import ELSEWHERE, Place
from slmtui.engine.listening import Listener, open_listener
from slmtui.engine.protocol import (
    Cancel,
    Command,
    EndTurn,
    Generate,
    Load,
    Loaded,
    LoadFailed,
    Loading,
    Ping,
    Pong,
    Quit,
    RestoreState,
    SaveState,
    TurnEnded,
    event_line,
)

if TYPE_CHECKING:
    from slmtui.engine.running import RunningEngine


class Worker:
    """Hears its clients in their threads, and loads and decodes in another: the main one.

    `leave` ends the process; it is called when no client is left, from any thread.
    """

    def __init__(self, leave: Callable[[], None]) -> None:
        self._queue: queue.SimpleQueue[tuple[Client, Command | Left]] = queue.SimpleQueue()
        self._leave = leave
        self._clients = Clients(self._hear, self._empty, self._is_warm)
        self._listener: Listener | None = None
        self._engine: RunningEngine | None = None
        self._loaded: Loaded | None = None
        self._ending: dict[str, Client] = {}
        self._busy = False
        self._steps = 0

    def run(self, first: Pipes, listener: Listener | None) -> None:
        """Serve until nobody is left, or until the model cannot be loaded."""
        self._listener = listener
        parent = self._clients.join(first)
        if listener is not None:
            listener.serve(self._welcome)
        command = self._first(parent)
        if command is None or not self._load(command):
            self._clients.end()
            return
        while True:
            self._take_commands()
            self._step()

    # In the clients' threads

    def _welcome(self, connected: socket.socket) -> None:
        self._clients.join(Connection(connected))

    def _hear(self, client: Client, command: Command | Left) -> None:
        """Answer at once what must not wait for a batch, and leave the rest to the main thread."""
        match command:
            case Ping():
                client.send(self._pong(client))
                return
            case Quit():
                self._clients.drop(client, "")
                return
            case Cancel(call):
                self._cancel(client, [call])  # into a decode that is running; and in order, below
            case Left():
                self._cancel(client, list(client.calls))
        self._queue.put((client, command))

    def _cancel(self, client: Client, calls: Sequence[str]) -> None:
        for call in calls:
            if self._engine is not None and call in client.calls:
                self._engine.cancel(call)

    def _pong(self, client: Client) -> Pong:
        if self._engine is None:
            return Pong(busy=False, steps=0, warm=False, clients=self._clients.count)
        cpu = self._engine.cpu_by_turn()
        return Pong(
            busy=self._busy,
            steps=self._steps,
            warm=self._engine.warm,
            clients=self._clients.count,
            cpu_s={turn: seconds for turn, seconds in cpu.items() if turn in client.turns},
        )

    def _is_warm(self) -> bool:
        return self._engine is not None and self._engine.warm

    def _empty(self) -> None:
        if self._listener is not None:
            self._listener.close()
        self._leave()

    # In the main thread

    def _first(self, parent: Client | None) -> Load | None:
        """Wait for what to load, which the first app says before all else; None when it does not."""
        later = []
        while True:
            client, command = self._queue.get()
            if client is not parent:
                later.append((client, command))
                continue
            for waiting in later:
                self._queue.put(waiting)
            return command if isinstance(command, Load) else None

    def _load(self, command: Load) -> bool:
        from slmtui.engine.loading import load  # noqa: PLC0415 - llama.cpp loads after the log is in place
        from slmtui.engine.native import NativeError  # noqa: PLC0415
        from slmtui.engine.template import ChatTemplateError  # noqa: PLC0415

        try:
            loaded, engine = load(command, emit=self._emit, progress=self._progress)
        except (NativeError, ChatTemplateError, OSError, UnicodeDecodeError) as error:
            self._clients.announce(LoadFailed(str(error)))
            return False
        self._engine, self._loaded = engine, loaded
        self._clients.announce(loaded)
        return True

    def _progress(self, fraction: float) -> None:
        self._clients.announce(Loading(fraction))

    def _emit(self, call: str, event: Event) -> None:
        client = self._clients.owner(call)
        if client is not None:
            client.channel.send(event_line(call, event))
        if isinstance(event, CallFinished):
            self._clients.disown(call)

    def _take_commands(self) -> None:
        """Carry out what waits; wait for more while there is nothing to decode."""
        assert self._engine is not None
        while self._engine.idle or not self._queue.empty():
            if self._engine.idle:
                self._end_turns()
                self._busy = False
            client, command = self._queue.get()
            self._busy = True
            try:
                self._carry_out(self._engine, client, command)
            except NotTheirsError as error:
                self._clients.drop(client, str(error))
            self._steps += 1

    def _carry_out(self, engine: "RunningEngine", client: Client, command: Command | Left) -> None:
        match command:
            case Generate(request) if not client.gone:
                self._clients.own(client, request)
                engine.submit(request)
            case Cancel(call):
                self._cancel(client, [call])
            case EndTurn(turn) if turn in client.turns:
                self._ending[turn] = client
            case EndTurn(turn):
                client.send(TurnEnded(turn, 0.0))
            case SaveState():
                client.send(engine.save(command))
            case RestoreState():
                client.send(engine.restore(command))
            case Left():
                self._cancel(client, list(client.calls))
                self._ending.update(dict.fromkeys(client.turns, client))
            case Generate():  # it left before its turn came
                pass
            case _:
                self._clients.drop(client, f"{type(command).__name__} is not for now")

    def _step(self) -> None:
        assert self._engine is not None
        self._engine.step()
        self._steps += 1
        changed = self._engine.take_threads_changed()
        if changed is not None and self._loaded is not None:
            self._loaded = msgspec.structs.replace(
                self._loaded, threads=changed.threads, speeds=changed.speeds
            )
            self._clients.change(self._loaded)
            self._clients.tell(changed)
        self._end_turns()

    def _end_turns(self) -> None:
        """End the turns that are to be ended, as soon as none of their calls runs."""
        assert self._engine is not None
        for turn, client in list(self._ending.items()):
            if turn not in client.calls.values():
                del self._ending[turn]
                client.turns.discard(turn)
                client.send(TurnEnded(turn, self._engine.end_turn(turn)))


def _take_over(log: Path) -> Pipes:
    """Point descriptors 1 and 2 at the log and 0 at nothing; return private copies of the pipes."""
    pipes = Pipes(os.dup(0), os.dup(1))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    sys.stdout = sys.stderr
    faulthandler.enable(sys.stderr)
    return pipes


def _listen(log: Path, where: Sequence[str]) -> Listener | None:
    """Listen at the place that the arguments name, if they do. Ends the process when another does."""
    if not where:
        return None
    folder, key, kind = where
    try:
        listener = open_listener(Place(Path(folder), key, tcp=kind == "tcp"), log)
    except OSError as error:
        sys.stderr.write(f"this engine is not shared: {error}\n")
        return None
    if listener is None:
        sys.stderr.write("another engine listens here\n")
        _exit(ELSEWHERE)
    return listener


def _exit(code: int) -> NoReturn:
    """End at once: threads are blocked inside their pipes, which an orderly exit would wait for."""
    sys.stderr.flush()
    os._exit(code)


def main() -> None:
    """Serve until nobody is left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ^C at the terminal is for the app to understand
    log = Path(sys.argv[1])
    pipes = _take_over(log)
    listener = _listen(log, sys.argv[2:])
    code = 1
    try:
        Worker(leave=lambda: _exit(0)).run(pipes, listener)
        code = 0
    except Exception:  # noqa: BLE001 - the log is the only place where this can be seen
        traceback.print_exc()
    finally:
        if listener is not None:
            listener.close()
        _exit(code)


if __name__ == "__main__":
    main()
