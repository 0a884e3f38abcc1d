"""The chat: turns that are scrolled, and followed to their end."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message

from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.widgets.more_line import MoreLine
from slmtui.tui.widgets.turn_block import TurnBlock
from slmtui.tui.widgets.turn_list import Block, TurnList


class Transcript(VerticalScroll, inherit_bindings=False):
    """Draws turns. It follows the end until the reader scrolls up, and again from the end on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "scroll up", show=False, id="transcript.up"),
        Binding("down", "scroll_down", "scroll down", show=False, id="transcript.down"),
    ]

    class Following(Message):
        """The reader left the end or came back to it; `unseen` tokens were written below, None at the end."""

        def __init__(self, unseen: int | None) -> None:
            super().__init__()
            self.unseen = unseen

    class NewestWanted(Message):
        """The reader wants to go to the end, and the latest turns are not drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.turns = TurnList()
        self._seen = 0
        self._told: int | None = None
        self._asked_for_more = False

    def compose(self) -> ComposeResult:
        """Hold the turns."""
        yield self.turns  # as high as the view at least, or the anchor would push it down

    def on_mount(self) -> None:
        """Follow the end."""
        self.anchor()

    @property
    def at_end(self) -> bool:
        """Whether the end of the chat is followed, or in view."""
        if self.turns.below.display:
            return False
        return not self._anchor_released or self.scroll_offset.y >= self.max_scroll_y - 1

    async def show_turns(
        self, turns: Sequence[LiveTurn], earlier: int = 0, later: int = 0, *, stay: bool = False
    ) -> None:
        """Draw these turns and no others; so many more can be loaded above and below.

        With `stay` the reader goes on seeing what is in view. Else the end comes into view, or the start
        where there are later turns.
        """
        landmark = self._landmark(turns) if stay else None
        with self.app.batch_update():
            await self.turns.draw(turns, earlier, later)
        self._asked_for_more = False
        if landmark is not None:
            self.call_after_refresh(self.put_back, *landmark)
        elif later:
            self.call_after_refresh(self.scroll_home, animate=False)
        else:
            self.anchor()
        self._tell()

    def _landmark(self, turns: Sequence[LiveTurn]) -> tuple[Block, float] | None:
        """Return the first turn in view that stays drawn, and where it is seen; None at the end."""
        if self.at_end:
            return None
        staying = {id(turn) for turn in turns}
        top = self.scroll_offset.y
        for block in self.turns.blocks:
            region = block.virtual_region
            if id(block.turn) in staying and region.bottom > top:
                return block, region.y - top
        return None

    def seen_at(self, block: Block) -> float:
        """Return how many lines below the top of the view a turn begins."""
        return block.virtual_region.y - self.scroll_offset.y

    def put_back(self, block: Block, seen_at: float) -> None:
        """Scroll so that a turn begins so many lines below the top of the view."""
        if block.is_attached:
            top = block.virtual_region.y - seen_at
            self.scroll_to(y=top, animate=False, force=True, immediate=True)

    async def begin(self, turn: LiveTurn) -> None:
        """Draw a new turn at the end and follow it."""
        self._seen = 0
        await self.turns.begin(turn)
        self.anchor()
        self.turns.freeze_old()

    async def swap(self, turn: LiveTurn) -> None:
        """Draw another turn in place of the last one: a replay went back."""
        block = self.turns.blocks[-1]
        if isinstance(block, TurnBlock):
            self.turns.live = None
            with self.app.batch_update():
                await block.remove()
                await self.begin(turn)

    async def flush(self, now: float) -> None:
        """Draw what the running turn wrote, unless the reader looks at something further up."""
        block = self.turns.live
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
            self.turns.live = None

    # Scrolling

    def go_to_end(self) -> None:
        """Go to the end and follow it; ask for the latest turns where they are not drawn."""
        if self.turns.below.display:
            self.post_message(self.NewestWanted())
            return
        self.anchor()
        self._tell(at_end=True)

    def page(self, direction: int) -> None:
        """Scroll by a page; beyond what is drawn, ask for more."""
        if self._wants_more(direction):
            return
        if direction < 0:
            self.scroll_page_up(animate=False)
        else:
            self.scroll_page_down(animate=False)

    def action_scroll_up(self) -> None:
        """Scroll a line up; at the very top, ask for earlier turns."""
        if not self._wants_more(-1):
            super().action_scroll_up()

    def action_scroll_down(self) -> None:
        """Scroll a line down; at the very end, ask for later turns."""
        if not self._wants_more(1):
            super().action_scroll_down()

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """Ask for earlier turns when the wheel goes on turning at the very top."""
        self._wants_more(-1)

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """Ask for later turns when the wheel goes on turning at the very end."""
        self._wants_more(1)

    def _wants_more(self, direction: int) -> bool:
        """Ask for more turns if the view is at that edge and there are any; return whether it is so."""
        line = self.turns.above if direction < 0 else self.turns.below
        edge = self.scroll_offset.y <= 0 if direction < 0 else self.scroll_offset.y >= self.max_scroll_y
        if not (line.display and edge):
            return False
        if not self._asked_for_more:
            self._asked_for_more = True
            self.post_message(MoreLine.Pressed(direction))
        return True

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell of leaving the end, or of coming back to it."""
        super().watch_scroll_y(old_value, new_value)
        self._tell()

    def _tell(self, *, at_end: bool = False) -> None:
        live = self.turns.live
        written = live.turn.view.output_tokens if live else 0
        unseen = None if at_end or self.at_end else max(0, written - self._seen if live else 0)
        if unseen != self._told:
            self._told = unseen
            self.post_message(self.Following(unseen))


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    transcript = Transcript()
    transcript.call_later(transcript.begin, LiveTurn())
    show_alone(transcript)
