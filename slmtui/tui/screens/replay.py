"""The replay of a stored session, without a model: the same widgets, fed by the stored events."""

from collections.abc import Callable
from typing import Any, ClassVar

from textual import getters
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.validation import Integer
from textual.widgets import Footer

from sessions.errors import SessionsError
from sessions.store import Store
from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.options import AppOptions
from slmtui.tui.plain import plain_line
from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.state.pages import page
from slmtui.tui.state.player import Player
from slmtui.tui.widgets.chat_pane import ChatPane
from slmtui.tui.widgets.cost_panel import CostPanel
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.status_line import StatusLine
from slmtui.tui.widgets.transport_bar import TransportBar, state_word

FRAME_S = 0.1
BEFORE = 5
"""Earlier turns drawn above the one that plays."""


class ReplayScreen(Screen[None]):
    """Plays a session. A key moves the player; the timer draws where it is."""

    SCOPE: ClassVar[Scope] = "replay"
    CSS_PATH = "replay.tcss"
    AUTO_FOCUS = "Transcript"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("replay")]

    pane = getters.query_one(ChatPane)
    panel = getters.query_one(CostPanel)
    header = getters.query_one(HeaderLine)
    status = getters.query_one(StatusLine)
    transport = getters.query_one(TransportBar)

    def __init__(self, store: Store, options: AppOptions, title: str, player: Player) -> None:
        super().__init__()
        self.store, self.options, self.session_title, self.player = store, options, title, player
        self._drawn_index = -BEFORE
        self._drawn_turn: LiveTurn | None = None
        self._at = options.clock()

    def compose(self) -> ComposeResult:
        """Lay it out like the chat, with the transport in the prompt's place."""
        yield HeaderLine()
        with Horizontal(id="main"):
            yield ChatPane()
            yield CostPanel(self.options.prices)
        yield TransportBar()
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    async def on_mount(self) -> None:
        """Draw the start, and play."""
        record = self.player.records[0]
        self.header.model = plain_line(f"REPLAY · {record.model} {record.quantisation}", 80)
        self.header.session = self.session_title
        self.player.toggle()
        await self._draw()
        self.set_interval(FRAME_S, self._frame)

    def on_resize(self) -> None:
        """Draw the figures where there is room for them now."""
        self.call_after_refresh(self._draw_figures)

    async def _frame(self) -> None:
        """Let the time since the last frame pass."""
        now = self.options.clock()
        passed, self._at = now - self._at, now
        if self.player.playing:
            self.player.advance(passed)
            await self._draw()

    async def _draw(self) -> None:
        """Draw the position: the turn, the transport, the cost."""
        player, transcript = self.player, self.pane.transcript
        if player.turn is not self._drawn_turn:
            if player.index == self._drawn_index:
                await transcript.swap(player.turn)
            else:
                whole_before = self._drawn_turn is not None and not self._drawn_turn.running
                if not whole_before or player.index != self._drawn_index + 1:
                    before = page(self.store, player.records, player.index, BEFORE)
                    await transcript.show_turns(before)
                await transcript.begin(player.turn)
            self._drawn_turn, self._drawn_index = player.turn, player.index
        await transcript.flush(player.t)
        self._draw_figures()

    def _draw_figures(self) -> None:
        player = self.player
        self.transport.show_player(player)
        self.header.engine = state_word(player)
        if self.panel.display:
            finished = player.records[: player.index + (not player.turn.running)]
            self.panel.show_turn(player.turn, finished, now=player.t)
        else:
            self.status.show_summary(player.turn.summary(player.t))

    async def action_play(self) -> None:
        """Play, or pause."""
        self.player.toggle()
        self._at = self.options.clock()
        await self._draw()

    async def action_step(self, direction: int) -> None:
        """Go one event on or back."""
        self.player.step(direction)
        await self._draw()

    async def action_turn(self, direction: int) -> None:
        """Go to the turn before or after."""
        self.player.go_by(direction)
        await self._draw()

    async def action_speed(self, steps: int) -> None:
        """Play faster or slower."""
        self.player.change_speed(steps)
        await self._draw()

    async def action_ends(self, end: int) -> None:
        """Go to the start or the end."""
        if end:
            self.player.finish()
        else:
            self.player.go_to(0)
        await self._draw()

    def action_go_to(self) -> None:
        """Ask for the number of a turn."""
        from slmtui.tui.screens.ask_text import AskText  # noqa: PLC0415 - only when it is asked for

        last = len(self.player.records)
        question = AskText(f"Go to turn (1 to {last})", str(self.player.index + 1), [Integer(1, last)])
        self.app.push_screen(question, self._go_to)

    async def _go_to(self, number: str | None) -> None:
        if number is not None:
            self.player.go_to(int(number) - 1)
            await self._draw()

    def action_toggle_panel(self) -> None:
        """Show or hide the cost panel."""
        self.toggle_class("-no-panel")
        self.call_after_refresh(self._draw_figures)

    def action_close(self) -> None:
        """Leave the replay."""
        self.dismiss(None)


def open_replay(
    app: App[Any], store: Store, options: AppOptions, ref: str, note: Callable[[str], None]
) -> None:  # fmt: skip
    """Show the replay of a session, or say through `note` why there is none."""
    try:
        summary = store.session(ref)
        records = store.turns(summary.id)
        player = Player(store, records) if records else None
    except SessionsError as error:
        note(str(error))
        return
    if player is None:
        note("This session has no turn to replay.")
        return
    app.push_screen(ReplayScreen(store, options, plain_line(summary.title), player))
