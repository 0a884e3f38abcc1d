"""The replay of stored turns, without a model: the same widgets, fed by the stored events."""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

from textual import getters, on, work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
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
from slmtui.tui.state.programme import KeptEvents, Programme, read_events
from slmtui.tui.state.transport import state_word
from slmtui.tui.widgets.chat_pane import ChatPane
from slmtui.tui.widgets.cost_panel import CostPanel
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.status_line import StatusLine
from slmtui.tui.widgets.transport_bar import TransportBar

FRAME_S = 0.1
PANEL_FRAMES = 5
"""While it plays the panel is drawn at every fifth frame: figures that change faster are not read."""

BEFORE = 5
"""Earlier turns drawn above the one that plays."""


class ReplayScreen(Screen[None]):
    """Plays turns. A key moves the player; this screen's own messages draw where it is."""

    SCOPE: ClassVar[Scope] = "replay"
    CSS_PATH = "replay.tcss"
    AUTO_FOCUS = "Transcript"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("replay")]

    class Read(Message):
        """The events of a programme are there."""

        def __init__(self, programme: Programme, kept: KeptEvents, player: Player) -> None:
            super().__init__()
            self.programme, self.kept, self.player = programme, kept, player

    pane = getters.query_one(ChatPane)
    panel = getters.query_one(CostPanel)
    header = getters.query_one(HeaderLine)
    status = getters.query_one(StatusLine)
    transport = getters.query_one(TransportBar)
    player: Player | None = None

    def __init__(self, options: AppOptions, programme: Programme) -> None:
        super().__init__()
        self.options, self.programme = options, programme
        self._events = KeptEvents()
        self._drawn_index = -BEFORE
        self._drawn_turn: LiveTurn | None = None
        self._at = options.clock()
        self._frames = 0
        self._drawing_soon, self._panel_due = False, False

    def compose(self) -> ComposeResult:
        """Lay it out like the chat, with the transport in the prompt's place."""
        yield HeaderLine()
        with Horizontal(id="main"):
            yield ChatPane()
            yield CostPanel(self.options.prices)
        yield TransportBar()
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Read what is to be played, and play it."""
        self.set_interval(FRAME_S, self._frame)
        self._open(self.programme)

    def _open(self, programme: Programme) -> None:
        self.programme, self.player = programme, None
        self.header.session = programme.title
        self._read(programme)

    @work(group="replay", exclusive=True, exit_on_error=False)
    async def _read(self, programme: Programme) -> None:
        """Read the events bit by bit."""
        kept, turns = KeptEvents(), len(programme.records)
        self.transport.show_reading(0, turns)
        try:
            async for read in read_events(programme, kept, self.options.clock, FRAME_S):
                self.transport.show_reading(read, turns)
                await asyncio.sleep(0)
        except SessionsError as error:
            self.status.note(str(error), seconds=None)
            return
        player = await asyncio.to_thread(Player, kept, programme.records)
        self.post_message(self.Read(programme, kept, player))

    @on(Read)
    def _play(self, message: Read) -> None:
        """Play what was read from its start, unless another was chosen meanwhile."""
        message.stop()
        if message.programme is self.programme:
            self._events, self._drawn_index, self._drawn_turn = message.kept, -BEFORE, None
            self._at = self.options.clock()
            self.player = message.player
            self.player.toggle()
            self._draw_soon()

    def on_resize(self) -> None:
        """Draw the figures where there is room for them now."""
        self.call_after_refresh(self._draw_figures)

    def _frame(self) -> None:
        """Let the time since the last frame pass."""
        now = self.options.clock()
        passed, self._at = now - self._at, now
        if self.player is not None and self.player.playing:
            self._frames += 1
            self.player.advance(passed)
            self._draw_soon(panel=self._frames % PANEL_FRAMES == 0)

    def _draw_soon(self, *, panel: bool = True) -> None:
        """Draw in a message of this screen: keys and the timer run in tasks of their own, and would meet."""
        self._panel_due = self._panel_due or panel
        if not self._drawing_soon:
            self._drawing_soon = True
            self.call_later(self._draw)

    async def _draw(self) -> None:
        """Draw the position: the turn, the transport, the cost."""
        panel, self._panel_due, self._drawing_soon = self._panel_due, False, False
        player = self.player
        if player is None:
            return
        if player.turn is not self._drawn_turn:
            panel = True
            await self._draw_turn(player, player.turn, player.index)
        await self.pane.transcript.flush(player.t)
        self._draw_figures(panel=panel or not player.playing)

    async def _draw_turn(self, player: Player, turn: LiveTurn, index: int) -> None:
        """Draw another turn, with those before it; a key may move the player on meanwhile."""
        transcript, drawn = self.pane.transcript, self._drawn_turn
        if index == self._drawn_index:
            await transcript.swap(turn)
        else:
            whole_before = drawn is not None and not drawn.running
            if not whole_before or index != self._drawn_index + 1:
                await transcript.show_turns(page(self._events, player.records, index, BEFORE))
            await transcript.begin(turn)
        self._drawn_turn, self._drawn_index = turn, index

    def _draw_figures(self, *, panel: bool = True) -> None:
        player = self.player
        if player is None:
            return
        record = player.record
        self.transport.show_player(player, self.programme.told.get(record.turn, ""))
        self.header.model = plain_line(f"REPLAY · {record.model} {record.quantisation}", 80)
        self.header.engine = state_word(player)
        if not self.panel.display:
            self.status.show_summary(player.turn.summary(player.t))
        elif panel:
            finished = player.records[: player.index + (not player.turn.running)]
            self.panel.show_turn(player.turn, finished, now=player.t)

    # What keys and the mouse do

    def _move(self, move: Callable[[Player], object]) -> None:
        """Move the player and draw where it is then; nothing before it is there."""
        if self.player is not None:
            move(self.player)
            self._draw_soon()

    @on(TransportBar.Toggled)
    def action_play(self) -> None:
        """Play, or pause."""
        self._at = self.options.clock()
        self._move(Player.toggle)

    @on(TransportBar.Sought)
    def _seek(self, message: TransportBar.Sought) -> None:
        self._move(lambda player: player.seek(message.share))

    def action_step(self, direction: int) -> None:
        """Go one event on or back."""
        self._move(lambda player: player.step(direction))

    def action_turn(self, direction: int) -> None:
        """Go to the turn before or after."""
        self._move(lambda player: player.go_by(direction))

    def action_speed(self, steps: int) -> None:
        """Play faster or slower."""
        self._move(lambda player: player.change_speed(steps))

    def action_ends(self, end: int) -> None:
        """Go to the start or the end."""
        self._move(Player.finish if end else lambda player: player.go_to(0))

    def action_beside(self, direction: int) -> None:
        """Play the item of the run before or after this one."""
        beside = self.programme.beside
        other = beside(direction) if beside is not None else None
        if other is not None:
            self._open(other)
        elif beside is not None:
            self.status.note("That was the last item." if direction > 0 else "That was the first item.")
        else:
            self.status.note("n and N go from item to item in the replay of a run.")

    def action_go_to(self) -> None:
        """Ask for the number of a turn."""
        if self.player is None:
            return
        from slmtui.tui.screens.ask_text import AskText  # noqa: PLC0415 - only when it is asked for

        last = len(self.player.records)
        question = AskText(f"Go to turn (1 to {last})", str(self.player.index + 1), [Integer(1, last)])
        self.app.push_screen(question, self._go_to)

    def _go_to(self, number: str | None) -> None:
        if number is not None:
            self._move(lambda player: player.go_to(int(number) - 1))

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
    except SessionsError as error:
        note(str(error))
        return
    if not records:
        note("This session has no turn to replay.")
        return
    app.push_screen(ReplayScreen(options, Programme(plain_line(summary.title), records, store)))


def open_sample(app: App[Any], options: AppOptions) -> None:
    """Show the replay of the session that comes with slmtui. Nothing of it is kept in the user's store."""
    from slmtui.sample import read_sample  # noqa: PLC0415 - only when it is asked for

    sample = read_sample()
    app.push_screen(ReplayScreen(options, Programme(sample.title, sample.records, sample)))
