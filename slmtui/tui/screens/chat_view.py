"""The chat as it is seen: its session, the running turn, and how events become what is drawn."""

import asyncio
from contextlib import suppress

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer
from textual.worker import Worker, WorkerError

from agents.events import EngineFacts
from sessions.errors import SessionsError
from sessions.store import Store
from slmtui.backend import Backend
from slmtui.session import LiveSession
from slmtui.tui.engine_keeper import EngineKeeper, Held
from slmtui.tui.options import AppOptions
from slmtui.tui.state.chat_state import ChatState
from slmtui.tui.state.engine_state import EngineState, model_line
from slmtui.tui.state.pages import PAGE, page
from slmtui.tui.state.prompt_history import PromptHistory
from slmtui.tui.turn_runner import Asked, TurnEnded, TurnEvent, run_turn
from slmtui.tui.widgets.chat_pane import ChatPane
from slmtui.tui.widgets.cost_panel import CostPanel
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.prompt_area import PromptArea
from slmtui.tui.widgets.prompt_box import PromptBox
from slmtui.tui.widgets.status_line import StatusLine

FLUSH_S = 0.1
PANEL_S = 0.5
WATCH_S = 1.0


class ChatView(Screen[None]):
    """One session, live: prompt → `ask` → worker → `TurnEvent` → `TurnEnded`. `ChatScreen` adds the keys."""

    CSS_PATH = "chat.tcss"
    AUTO_FOCUS = "PromptArea"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration

    pane = getters.query_one(ChatPane)
    prompt = getters.query_one(PromptArea)
    box = getters.query_one(PromptBox)
    header = getters.query_one(HeaderLine)
    status = getters.query_one(StatusLine)
    panel = getters.query_one(CostPanel)

    def __init__(self, backend: Backend, store: Store, options: AppOptions) -> None:
        super().__init__()
        self.backend, self.store, self.options = backend, store, options
        self.chat = ChatState(options.clock, options.paradigm, options.helps, encodings=options.encodings)
        self.engine = EngineState()
        self.keeper = EngineKeeper(backend, self, lambda: self.chat.session)
        self._facts: EngineFacts | None = None
        self._live: LiveSession | None = None
        self._asked: Asked | None = None
        self._worker: Worker[None] | None = None
        self._earlier = 0
        self._paces: list[Timer] = []

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield HeaderLine()
        with Horizontal(id="main"):
            yield ChatPane()
            yield CostPanel(self.options.prices)
        yield PromptBox()
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    async def on_mount(self) -> None:
        """Show the first state, and open the session to resume."""
        self.box.paradigm = self.chat.paradigm
        self._paces = [
            self.set_interval(FLUSH_S, self._flush, pause=True),
            self.set_interval(PANEL_S, self.show_cost, pause=True),
        ]
        self.set_interval(WATCH_S, self._watch_engine)
        self._show_engine()
        self.show_cost()
        await self.open_session(self.options.session)

    def on_resize(self) -> None:
        """Draw the figures where there is room for them now."""
        self.call_after_refresh(self.show_cost)

    # The session

    async def open_session(self, ref: str | None) -> bool:
        """Turn to a stored session, or with None to a new one. Says so if it cannot be read."""
        try:
            summary = self.store.session(ref) if ref is not None else None
            records = self.store.turns(summary.id) if summary is not None else []
            turns = page(self.store, records, len(records))
        except SessionsError as error:
            self.note(str(error))
            return False
        leaving = self.take_held()
        self.chat.open(summary.id if summary else None, summary.title if summary else "", records)
        if turns:
            self.chat.latest = turns[-1]
        self._earlier = len(records) - len(turns)
        await self.pane.transcript.show_turns(turns, self._earlier)
        self.prompt.past = PromptHistory(record.prompt for record in records)
        self._show_all()
        self.run_worker(self.keeper.move(leaving), group="engine", exit_on_error=False)
        return True

    def take_held(self) -> Held | None:
        """Return the session if a turn of it ran since this was asked last, with its conversation."""
        session = self.chat.session
        if session is None or not self.chat.touched:
            return None
        self.chat.touched = False
        with suppress(SessionsError):  # it was deleted meanwhile
            history = self.store.history(session)
            return Held(session, history) if history else None
        return None

    async def load_more(self) -> None:
        """Draw twenty more turns above."""
        if self._earlier <= 0:
            self.note("All turns of this session are drawn.")
            return
        end = self._earlier
        self._earlier = max(0, end - PAGE)
        await self.pane.transcript.add_earlier(page(self.store, self.chat.records, end), self._earlier)

    # A turn

    @property
    def busy(self) -> bool:
        """Whether a turn runs, or its end is still being stored."""
        return self._asked is not None

    async def ask(self, prompt: str) -> None:
        """Send a prompt: begin its turn on the screen, and run it in a worker."""
        try:
            if self.chat.session is None:
                self.chat.session = self.store.create_session()
        except SessionsError as error:
            self.note(str(error))
            return
        self.prompt.sent(prompt)
        turn = self.chat.begin(prompt)
        self._asked = Asked(prompt, self.chat.paradigm, self.options.sampling, self.chat.helps)
        if self._live is None or self._live.session != self.chat.session:
            self._live = LiveSession(self.store, self.backend, self.chat.session)
        self.status.forget()
        self._show_all()
        await self.pane.transcript.begin(turn)
        for timer in self._paces:
            timer.resume()
        self._worker = self.run_worker(
            run_turn(self, self._live, self._asked, self.keeper.load),
            group="turn",
            exclusive=True,
            exit_on_error=False,
        )

    @on(TurnEvent)
    def _take_event(self, message: TurnEvent) -> None:
        message.stop()
        self.chat.add(message.event)

    @on(TurnEnded)
    async def _end_turn(self, message: TurnEnded) -> None:
        message.stop()
        if not self.is_attached:
            return
        self.chat.fail(message.problem)
        for timer in self._paces:
            timer.pause()
        await self._flush()
        status = self.chat.latest.view.status if self.chat.latest else None
        self.show_engine(self._engine_after_turn())
        if status == "failed":
            self._give_back()
            self.note("The turn failed; your prompt is back. Enter tries again.")
        self._asked = None
        self.reread()
        self._show_all()

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
            self._give_back()
            if self.engine.phase != "loading":
                self.show_engine(EngineState("stopping"))
            self.note("Stopped; your prompt is back, and what was written is kept.")
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

    def _give_back(self) -> None:
        if self._asked is not None and not self.prompt.text.strip():
            self.prompt.put(self._asked.prompt)

    def rename_to(self, title: str) -> None:
        """Give this session another title."""
        try:
            if self.chat.session is not None:
                self.store.rename(self.chat.session, title)
        except SessionsError as error:
            self.note(str(error))
        self.reread()

    def reread(self) -> bool:
        """Read the title of this session anew. Returns whether the session is still there."""
        try:
            if self.chat.session is not None:
                self.chat.title = self.store.session(self.chat.session).title
        except SessionsError as error:
            self.note(str(error))
            return False
        self.header.session = self.chat.title or "new session"
        return True

    # What is shown

    def show_engine(self, engine: EngineState) -> None:
        """Show the state of the engine; while a turn runs, that is what counts."""
        self.engine = engine
        self.chat.wait_for(engine)
        self._show_engine()

    def _watch_engine(self) -> None:
        """See that the engine has gone, when nobody asks anything of it."""
        idle = self.engine.phase in {"ready", "warm"} and not self.busy and not self.keeper.busy
        if idle and self.backend.facts is None:
            self.show_engine(EngineState("stopped"))

    def note(self, text: str) -> None:
        """Say something in the status line for a few seconds."""
        self.status.note(text)

    def _show_engine(self) -> None:
        running = self.chat.running and not self.chat.stopping and self.engine.phase != "loading"
        self.header.engine = EngineState("running").word if running else self.engine.word
        self._facts = self.backend.facts or self._facts
        self.header.model = model_line(self._facts)
        self.pane.show_engine(self.engine, self.options.first_run)

    def _show_all(self) -> None:
        self.pane.set_class(self.chat.latest is None, "-empty")
        self.header.session = self.chat.title or "new session"
        self._show_engine()
        self.show_cost()
        self.refresh_bindings()

    async def _flush(self) -> None:
        await self.pane.transcript.flush(self.chat.now)

    async def draw_now(self) -> None:
        """Draw everything as it is, without waiting for the timers."""
        await self._flush()
        self._show_all()

    def show_cost(self) -> None:
        """Draw the figures of the turn in the panel, and in the status line for a narrow screen."""
        if self.panel.display:
            self.status.show_summary("")
            chat = self.chat
            self.panel.show_turn(chat.latest, chat.records, now=chat.now, counted=chat.counted)
        else:
            self.status.show_summary(self.chat.summary)
