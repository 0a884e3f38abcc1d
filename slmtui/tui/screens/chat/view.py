"""The chat as it is seen: its parts, its state, and when each is drawn."""

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer

from agents.events import EngineFacts
from sessions.store import Store
from slmtui.backend import Backend
from slmtui.tui.engine_keeper import EngineKeeper
from slmtui.tui.options import AppOptions
from slmtui.tui.state.budget_guard import Guard
from slmtui.tui.state.chat_state import ChatState
from slmtui.tui.state.cost_now import turn_in_a_line
from slmtui.tui.state.engine_state import EngineState, model_line
from slmtui.tui.widgets.chat_pane import ChatPane
from slmtui.tui.widgets.cost_panel import CostPanel
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.prompt_area import PromptArea
from slmtui.tui.widgets.prompt_box import PromptBox
from slmtui.tui.widgets.status_line import StatusLine

FLUSH_S = 0.1
PANEL_S = 0.5


class ChatView(Screen[None]):
    """What the chat shows. `ChatOpening` adds sessions, `ChatRunning` turns, and the others what keys do."""

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
        self.chat = ChatState(
            options.clock, options.paradigm, options.helps, options.sampling, encodings=options.encodings
        )
        self.engine = EngineState()
        self.keeper = EngineKeeper(backend, self, lambda: self.chat.session)
        self._facts: EngineFacts | None = None
        self._paces: list[Timer] = []
        self._flush_due = False
        self._guard = Guard(options.limits, options.agent_limits)
        self.load_s: float | None = None

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield HeaderLine()
        with Horizontal(id="main"):
            yield ChatPane()
            yield CostPanel(self.options.prices, self._guard, limit=self.options.memory_limit)
        yield PromptBox()
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    async def on_mount(self) -> None:
        """Show the first state."""
        self.box.paradigm = self.chat.paradigm
        self._paces = [
            self.set_interval(FLUSH_S, self._flush_soon, pause=True),
            self.set_interval(PANEL_S, self.show_cost, pause=True),
        ]
        self._show_engine()
        self.show_cost()

    def on_resize(self) -> None:
        """Draw the figures where there is room for them now."""
        self.call_after_refresh(self.show_cost)

    # What is shown

    def show_engine(self, engine: EngineState) -> None:
        """Show the state of the engine; while a turn runs, that is what counts."""
        self.engine = engine
        self.chat.wait_for(engine)
        self._show_engine()

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

    def _flush_soon(self) -> None:
        """Draw in the screen's own queue: a timer runs beside what the screen is drawing just then."""
        if not self._flush_due:
            self._flush_due = True
            self.call_later(self._flush)

    async def _flush(self) -> None:
        self._flush_due = False
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
            self.panel.show_turn(
                chat.latest, chat.records, now=chat.now, counted=chat.counted, load_s=self.load_s
            )
        else:
            self.status.show_summary(turn_in_a_line(self.chat.latest, self.chat.now, self._guard))
