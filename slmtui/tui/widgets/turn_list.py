"""The turns that are drawn, under one another: the last ones live, the older ones frozen."""

from collections.abc import Sequence
from typing import TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.widgets.frozen_turn import FrozenTurn
from slmtui.tui.widgets.more_line import MoreLine
from slmtui.tui.widgets.turn_block import TurnBlock

LIVE_TURNS = 5
"""How many finished turns stay live, so that their text can be selected and their steps opened."""

Block: TypeAlias = TurnBlock | FrozenTurn


def block_around(part: Widget | None) -> Block | None:
    """Return the turn that a widget is a part of, if any."""
    around = part.ancestors_with_self if part is not None else ()
    return next((each for each in around if isinstance(each, TurnBlock | FrozenTurn)), None)


class TurnList(Vertical):
    """Holds the blocks of the turns between two lines that ask for more of them."""

    class Undraggable(Message):
        """Text of a frozen turn was to be selected; it is live now."""

    def __init__(self) -> None:
        super().__init__(classes="turns")
        self.above, self.below = MoreLine(-1), MoreLine(1)
        self.live: TurnBlock | None = None
        self._thoughts = True

    def compose(self) -> ComposeResult:
        """Begin with nothing but the two lines, hidden."""
        yield self.above
        yield self.below

    @property
    def blocks(self) -> list[Block]:
        """The turns that are drawn, in order."""
        return [child for child in self.children if isinstance(child, TurnBlock | FrozenTurn)]

    @property
    def marked(self) -> Block | None:
        """The turn that has the focus, itself or in one of its steps."""
        return block_around(self.screen.focused)

    def block_of(self, turn: str) -> Block | None:
        """Return the block of the turn with that id, if it is drawn."""
        return next((block for block in self.blocks if block.turn.view.turn == turn), None)

    async def draw(self, turns: Sequence[LiveTurn], earlier: int, later: int) -> None:
        """Draw these turns and no others; those that are drawn already stay as they are."""
        wanted = {id(turn) for turn in turns}
        drawn = {id(block.turn): block for block in self.blocks if id(block.turn) in wanted}
        if self.live is not None and id(self.live.turn) not in wanted:
            self.live = None
        await self.remove_children([block for block in self.blocks if id(block.turn) not in wanted])
        after: Widget = self.above
        for turn in turns:
            after = drawn.get(id(turn)) or await self._add(turn, after)
        self.above.show_number(earlier)
        self.below.show_number(later)

    async def _add(self, turn: LiveTurn, after: Widget) -> Block:
        if not turn.running:
            frozen = FrozenTurn(turn, thoughts=self._thoughts)
            await self.mount(frozen, after=after)
            return frozen
        block = self.live = TurnBlock(turn)
        await self.mount(block, after=after)
        await block.sync(0.0)
        return block

    async def begin(self, turn: LiveTurn) -> None:
        """Draw a new turn at the end."""
        if self.live is not None:
            await self.live.sync(0.0)
        self.live = block = TurnBlock(turn)
        await self.mount(block, before=self.below)
        await block.sync(0.0)

    def freeze_old(self) -> None:
        """Freeze all but the last turns. At the end nothing moves by it; further up it would."""
        live = [block for block in self.blocks if isinstance(block, TurnBlock) and not block.turn.running]
        marked = self.marked
        for block in live[:-LIVE_TURNS]:
            frozen = FrozenTurn(block.turn, thoughts=self._thoughts)
            self.mount(frozen, after=block)
            if block is marked:
                frozen.focus(scroll_visible=False)
            block.remove()

    @on(FrozenTurn.Thaw)
    async def _thaw(self, event: FrozenTurn.Thaw) -> None:
        """Draw a frozen turn live, so that it can be opened and selected."""
        event.stop()
        if not event.block.is_attached:  # it was asked twice: a double click
            return
        event.block.turn.folded = False
        block = TurnBlock(event.block.turn)
        with self.app.batch_update():
            await self.mount(block, after=event.block)
            await block.sync(0.0)
            await event.block.remove()
        steps = block.query("FoldLine")
        (block if event.clicked or not steps else steps.first()).focus(scroll_visible=False)
        if event.dragged:
            self.post_message(self.Undraggable())

    def redraw(self, block: Block) -> None:
        """Draw again a turn whose fold or place changed."""
        if isinstance(block, FrozenTurn):
            block.redraw()
        else:
            block.show_head(0.0)

    def show_thoughts(self, shown: bool) -> None:
        """Show or hide what the model thought."""
        self._thoughts = shown
        self.set_class(not shown, "-no-thoughts")
        for block in self.blocks:
            if isinstance(block, FrozenTurn):
                block.show_thoughts(shown)


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    turns = TurnList()
    turns.call_later(turns.draw, [LiveTurn()], 7, 0)
    show_alone(turns)
