"""The comparison as it is seen: its parts, its state, and when each is drawn."""

from textual import getters
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer

from agents.message import Message
from sessions.store import Store
from slmtui.comparing.by_hand import ByHand
from slmtui.comparing.conditions import Conditions
from slmtui.comparing.engines import Engines
from slmtui.tui.glyphs import PROMPT
from slmtui.tui.options import AppOptions
from slmtui.tui.plain import plain_line
from slmtui.tui.state.compare_column import columns
from slmtui.tui.state.compare_state import CompareState
from slmtui.tui.state.compare_table import compare_table
from slmtui.tui.state.compare_words import conditions_line, rounds_line
from slmtui.tui.widgets.compare_columns import CompareColumns
from slmtui.tui.widgets.compare_prompt import ComparePrompt
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.plain_static import PlainStatic
from slmtui.tui.widgets.status_line import StatusLine


class CompareView(Screen[None]):
    """What the comparison shows. `CompareRunning` adds rounds, and the others what keys do.

    `history` is the conversation of the chat, of the session `conditions.history_of` may name.
    """

    CSS_PATH = "compare.tcss"
    AUTO_FOCUS = "ComparePrompt"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - Textual's own declaration

    columns = getters.query_one(CompareColumns)
    figures = getters.query_one("#figures", Container)
    prompt = getters.query_one(ComparePrompt)
    header = getters.query_one(HeaderLine)
    status = getters.query_one(StatusLine)
    table = getters.query_one(".compare--table", PlainStatic)
    verdict = getters.query_one(".compare--verdict", PlainStatic)

    def __init__(
        self,
        store: Store,
        options: AppOptions,
        engines: Engines,
        conditions: Conditions,
        *,
        prompt: str = "",
        session: str = "",
        history: tuple[Message, ...] = (),
    ) -> None:
        super().__init__()
        self.store, self.options, self.engines = store, options, engines
        self.session, self.history, self._offered = session, history, prompt
        self.by_hand = ByHand(store, conditions)
        self.state = CompareState(options.clock, conditions.arms, conditions.sampling.seed, options.encodings)
        self.sentences: list[str] = []

    @property
    def conditions(self) -> Conditions:
        """Under what the next round is answered."""
        return self.by_hand.conditions

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield HeaderLine()
        yield CompareColumns()
        with Container(id="figures"):
            yield PlainStatic(classes="compare--table")
            yield PlainStatic(classes="compare--verdict")
        with Horizontal(id="prompt"):
            yield PlainStatic(Content(PROMPT))
            yield ComparePrompt()
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    async def on_mount(self) -> None:
        """Show the first state, and offer the prompt."""
        self.header.model = "Compare"
        self.prompt.put(self._offered)
        await self.draw()

    # What is shown

    @property
    def stands(self) -> bool:
        """Whether the parts are there: a round may end while the screen is being taken down."""
        return self.is_attached and bool(self.query(StatusLine)) and bool(self.query(CompareColumns))

    def note(self, text: str) -> None:
        """Say something in the status line for a few seconds."""
        if self.stands:
            self.status.note(text)

    async def draw(self) -> None:
        """Draw everything as it is."""
        await self.draw_columns()
        self.draw_figures()

    async def draw_columns(self) -> None:
        """Draw the columns and the lines about them."""
        if not self.stands:
            return
        state = self.state
        self.header.session = rounds_line(state)
        self.header.engine = "▶ running" if state.running else "○ ready"
        self.status.show_summary(conditions_line(self.conditions, blind=state.blind))
        await self.columns.show(columns(state))

    def draw_figures(self) -> None:
        """Draw the table, and the verdict as it was worked out last."""
        if not self.stands:
            return
        table = compare_table(self.state, self.options.prices, shared=self.conditions.shared)
        self.set_class(not self.state.rounds, "-empty")
        self.set_class(self.state.running, "-running")
        self.table.show(table.draw())
        said = [] if self.state.hidden else [plain_line(each, 900) for each in self.sentences]
        self.verdict.show(Content("\n".join(said)))
        self.refresh_bindings()
