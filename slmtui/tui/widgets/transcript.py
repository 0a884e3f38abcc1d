"""The chat: turns under one another, the last ones live and the older ones frozen."""

from collections.abc import Iterable
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget

from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.widgets.frozen_turn import FrozenTurn
from slmtui.tui.widgets.more_line import MoreLine
from slmtui.tui.widgets.turn_block import TurnBlock

LIVE_TURNS = 5
"""How many finished turns stay live, so that their text can be selected and their steps opened."""


class Transcript(VerticalScroll):
    """Draws turns. It follows the end until the reader scrolls up, and again from the end on."""

    BINDINGS: ClassVar[list[BindingType]] = []

    class Following(Message):
        """The reader left the end or came back to it; `unseen` tokens were written below, None at the end."""

        def __init__(self, unseen: int | None) -> None:
            super().__init__()
            self.unseen = unseen

    turns = getters.query_one(".turns", Vertical)

    def __init__(self) -> None:
        super().__init__()
        self._live: TurnBlock | None = None
        self._seen = 0
        self._told: int | None = None

    def compose(self) -> ComposeResult:
        """Begin with nothing but the hidden line for earlier turns."""
        with Vertical(classes="turns"):  # as high as the view at least, or the anchor would push it down
            more = MoreLine()
            more.display = False
            yield more

    def on_mount(self) -> None:
        """Follow the end."""
        self.anchor()

    @property
    def at_end(self) -> bool:
        """Whether the end of the chat is followed, or in view."""
        return not self._anchor_released or self.scroll_offset.y >= self.max_scroll_y - 1

    async def show_turns(self, turns: Iterable[LiveTurn], earlier: int = 0) -> None:
        """Draw finished turns, frozen, in place of what is drawn; `earlier` more can be loaded above."""
        self._live = None
        with self.app.batch_update():
            await self.query("TurnBlock, FrozenTurn").remove()
            await self.turns.mount_all([FrozenTurn(turn) for turn in turns])
            self.query_one(MoreLine).show_earlier(earlier)
        self.anchor()
        self._tell()

    async def add_earlier(self, turns: Iterable[LiveTurn], earlier: int) -> None:
        """Draw more turns above, and leave in view what is in view."""
        more = self.query_one(MoreLine)
        height = self.virtual_size.height
        await self.turns.mount_all([FrozenTurn(turn) for turn in turns], after=more)
        more.show_earlier(earlier)
        top = self.scroll_offset.y
        self.call_after_refresh(
            lambda: self.scroll_to(y=top + self.virtual_size.height - height, animate=False, force=True)
        )

    async def begin(self, turn: LiveTurn) -> None:
        """Draw a new turn at the end and follow it."""
        if self._live is not None:
            await self._live.sync(0.0)
        self._live = TurnBlock(turn)
        self._seen = 0
        await self.turns.mount(self._live)
        await self._live.sync(0.0)
        self.anchor()
        self._freeze_old()

    async def swap(self, turn: LiveTurn) -> None:
        """Draw another turn in place of the last one: a replay went back."""
        block = self.turns.children[-1]
        if isinstance(block, TurnBlock):
            self._live = None
            with self.app.batch_update():
                await block.remove()
                await self.begin(turn)

    async def flush(self, now: float) -> None:
        """Draw what the running turn wrote, unless the reader looks at something further up."""
        block = self._live
        if block is None:
            return
        finished = not block.turn.running
        following = self.at_end
        if following or finished:
            if following:
                self.anchor()
                self._seen = block.turn.view.output_tokens
            await block.sync(now)
        self._tell()
        if finished:
            self._live = None

    def go_to_end(self) -> None:
        """Go to the end and follow it."""
        self.anchor()
        self._tell(at_end=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell of leaving the end, or of coming back to it."""
        super().watch_scroll_y(old_value, new_value)
        self._tell()

    def _tell(self, *, at_end: bool = False) -> None:
        written = self._live.turn.view.output_tokens if self._live else 0
        unseen = None if at_end or self.at_end else max(0, written - self._seen if self._live else 0)
        if unseen != self._told:
            self._told = unseen
            self.post_message(self.Following(unseen))

    def _freeze_old(self) -> None:
        """Freeze all but the last turns. At the end nothing moves by it; further up it would."""
        blocks = [block for block in self.query(TurnBlock) if not block.turn.running]
        for block in blocks[:-LIVE_TURNS]:
            self._replace(block, FrozenTurn(block.turn))

    def _replace(self, old: Widget, new: Widget) -> None:
        self.turns.mount(new, after=old)
        old.remove()

    @on(FrozenTurn.Thaw)
    async def _thaw(self, event: FrozenTurn.Thaw) -> None:
        """Draw a frozen turn live, so that it can be opened and selected."""
        event.stop()
        block = TurnBlock(event.block.turn)
        with self.app.batch_update():
            await self.turns.mount(block, after=event.block)
            await block.sync(0.0)
            await event.block.remove()
        if steps := block.query("FoldLine"):
            steps.first().focus(scroll_visible=False)
