"""A turn of the chat: prompt → `ask` → worker → `TurnEvent` → `TurnEnded`."""

import asyncio
from contextlib import suppress

from textual import on
from textual.worker import Worker, WorkerError

from agents.events import TurnStarted
from sessions.errors import SessionsError
from slmtui.session import LiveSession
from slmtui.tui.screens.chat.opening import ChatOpening
from slmtui.tui.state.conversation import Conversation
from slmtui.tui.state.engine_state import EngineState
from slmtui.tui.turn_runner import Asked, TurnEnded, TurnEvent, run_turn

WATCH_S = 1.0


class ChatRunning(ChatOpening):
    """Runs one turn at a time, and takes in what it does."""

    _live: LiveSession | None = None
    _asked: Asked | None = None
    _worker: Worker[None] | None = None
    _again = False

    async def on_mount(self) -> None:
        """Keep an eye on the engine."""
        self.set_interval(WATCH_S, self._watch_engine)

    @property
    def busy(self) -> bool:
        """Whether a turn runs, or its end is still being stored."""
        return self._asked is not None

    async def ask(self, prompt: str) -> None:
        """Send what was typed: after the last turn, or in place of the one that was edited."""
        chat = self.chat
        try:
            session = chat.session or self.store.create_session()
        except SessionsError as error:
            self.note(str(error))
            return
        parent, chat.session, chat.reply_to = chat.reply_to, session, None
        self.prompt.sent(prompt)
        asked = Asked(prompt, chat.paradigm, chat.sampling, chat.helps, system=chat.system, parent=parent)
        await self._send(session, asked)

    async def ask_again(self, asked: Asked) -> None:
        """Send a prompt of this session once more: what is being typed stays."""
        if self.chat.session is not None:
            await self._send(self.chat.session, asked, again=True)

    async def _send(self, session: str, asked: Asked, *, again: bool = False) -> None:
        """Begin a turn on the screen, and run it in a worker."""
        self._asked, self._again = asked, again
        await self._make_way(session, asked.parent)
        turn = self.chat.begin(asked.prompt, asked.paradigm)
        if self._live is None or self._live.session != session:
            self._live = LiveSession(self.store, self.backend, session)
        self.status.forget()
        self._show_all()
        await self.pane.transcript.begin(turn)
        for timer in self._paces:
            timer.resume()
        self._worker = self.run_worker(
            run_turn(self, self._live, asked, self.keeper.load),
            group="turn",
            exclusive=True,
            exit_on_error=False,
        )

    async def _make_way(self, session: str, parent: str | None) -> None:
        """Take from the screen what is off the path, or too much, before a turn is drawn at its end."""
        path = self.chat.path
        before = (path.start, path.end, path.later)
        if parent and path.index(parent) < 0:  # another path was opened since it was chosen
            path = self._open_through(session, parent)
            before = (-1, -1, -1)
        if parent is not None:
            path.cut_after(parent)
        path.make_room()
        if before != (path.start, path.end, path.later):
            await self.show_window(stay=False)

    def _open_through(self, session: str, turn: str) -> Conversation:
        """Make the path through a turn the open one, as sending behind it does."""
        with suppress(SessionsError):  # it was deleted meanwhile: the turn fails of it
            self.store.open_path(session, turn)
            self.chat.path = self._path_of(session, self.store.turns(session))
        return self.chat.path

    @on(TurnEvent)
    def _take_event(self, message: TurnEvent) -> None:
        message.stop()
        self.chat.add(message.event)
        if isinstance(message.event, TurnStarted):
            self._find_siblings()

    def _find_siblings(self) -> None:
        """See which of its siblings the turn is that began just now, and is stored."""
        with suppress(SessionsError):
            if self.chat.session is not None:
                self.chat.path.siblings = self.store.siblings(self.chat.session)
                self.show_places()

    @on(TurnEnded)
    async def _end_turn(self, message: TurnEnded) -> None:
        message.stop()
        if not self.is_attached:
            return
        self.chat.fail(message.problem)
        for timer in self._paces:
            timer.pause()
        await self._flush()
        self.show_engine(self._engine_after_turn())
        undone = await self._undo_way()
        if self.chat.latest is not None and self.chat.latest.view.status == "failed":
            why = f": {self.chat.latest.view.reason.rstrip('.')}. " if undone else "; "
            back = self._give_back()
            self.note(f"The turn failed{why}{'your prompt is back. Enter' if back else 'r'} tries again.")
        self._asked = None
        self.reread()
        self._show_all()

    async def _undo_way(self) -> bool:
        """Draw again what made way for a turn that never began: in the store all is as it was.

        Returns whether it was so. The turn is not seen any more then.
        """
        asked, turn = self._asked, self.chat.latest
        if asked is None or asked.parent is None or turn is None or turn.view.turn:
            return False
        return await self.reread_path("")

    def _engine_after_turn(self) -> EngineState:
        if self.engine.phase in {"loading", "missing"}:  # the turn ended before the model was there
            return self.engine
        return EngineState("warm" if self.backend.facts is not None else "stopped")

    def stop_turn(self) -> bool:
        """Stop the running turn and give the prompt back. Returns whether one ran."""
        if self._asked is None:
            return False
        if self.chat.running and not self.chat.stopping:
            self.chat.stopping = True
            self._asked.stop.set()
            back = "your prompt is back, and " if self._give_back() else ""
            if self.engine.phase != "loading":
                self.show_engine(EngineState("stopping"))
            self.note(f"Stopped; {back}what was written is kept.")
        return True

    async def leave(self, stop_s: float, save_s: float) -> None:
        """Stop the running turn and store its end, save what the KV cache holds of it, stop the engine.

        The first takes `stop_s` seconds at most, the second `save_s`.
        """
        if self._asked is not None and self._worker is not None and not self._worker.is_finished:
            self._asked.stop.set()
            with suppress(WorkerError, TimeoutError):
                await asyncio.wait_for(self._worker.wait(), stop_s)
        stuck = self._worker is not None and not self._worker.is_finished
        await self.keeper.close(None if stuck else self.take_held(), save_s)

    def _give_back(self) -> bool:
        """Put a typed prompt back, unless something else is typed. Returns whether it did."""
        asked = self._asked
        if asked is None or self._again or self.prompt.text.strip():
            return False
        self.prompt.put(asked.prompt)
        self.chat.reply_to = asked.parent
        return True

    def refuse_while_busy(self) -> bool:
        """Say so when a turn runs; return whether one does."""
        if self.busy:
            self.note("A turn is running: esc stops it first.")
        return self.busy

    def _watch_engine(self) -> None:
        """See that the engine has gone, when nobody asks anything of it."""
        idle = self.engine.phase in {"ready", "warm"} and not self.busy and not self.keeper.busy
        if idle and self.backend.facts is None:
            self.show_engine(EngineState("stopped"))
