"""One turn, drawn live: the prompt, the steps, the answer and the line of figures."""

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from slmtui.tui.state.blocks import Answer, Block, Notice, Step
from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.widgets.fold_line import FoldLine
from slmtui.tui.widgets.foot_line import FootLine
from slmtui.tui.widgets.plain_static import PlainStatic
from slmtui.tui.widgets.prompt_line import PromptLine

if TYPE_CHECKING:
    from slmtui.tui.widgets.answer_block import AnswerBlock


class TurnBlock(Vertical):
    """Draws a turn block by block, and again what changed at every `sync`."""

    def __init__(self, turn: LiveTurn) -> None:
        super().__init__()
        self.turn = turn
        self._drawn: dict[str, Widget] = {}

    def compose(self) -> ComposeResult:
        """Draw the prompt and an empty line of figures; the blocks come between them."""
        yield PromptLine(self.turn.view.prompt)
        yield FootLine()

    async def sync(self, now: float) -> None:
        """Draw what came since the last time; `now` is seconds since the turn began."""
        view = self.turn.view
        self.query_one(PromptLine).show(view.prompt)
        foot = self.query_one(FootLine)
        await self._remove_gone(view.blocks)
        for block in view.blocks:
            await self._sync_block(block, before=foot)
        self.set_class(not self.turn.running, "-finished")
        self.set_class(view.status in {"failed", "cancelled", "interrupted"}, "-broken")
        foot.show(self.turn.foot(now), self.turn.progress(now))

    async def _remove_gone(self, blocks: list[Block]) -> None:
        wanted = {block.key for block in blocks}
        for key in [key for key in self._drawn if key not in wanted]:
            await self._drawn.pop(key).remove()

    async def _sync_block(self, block: Block, before: Widget) -> None:
        if not self.is_attached:  # the screen is being taken down while the turn still runs
            return
        widget = self._drawn.get(block.key)
        if widget is None:
            widget = self._drawn[block.key] = _widget_for(block)
            await self.mount(widget, before=self._next_drawn(block) or before)
        if isinstance(block, Step) and isinstance(widget, FoldLine):
            widget.show_step(block)
        elif isinstance(block, Answer):
            await cast("AnswerBlock", widget).show(block.text, done=block.done)

    def _next_drawn(self, block: Block) -> Widget | None:
        """Return the widget of the next block that is drawn already: a folded answer keeps its place."""
        blocks = self.turn.view.blocks
        for later in blocks[blocks.index(block) + 1 :]:
            if later.key in self._drawn:
                return self._drawn[later.key]
        return None


def _widget_for(block: Block) -> Widget:
    match block:
        case Answer():
            from slmtui.tui.widgets.answer_block import AnswerBlock  # noqa: PLC0415 - parses Markdown

            return AnswerBlock()
        case Step():
            return FoldLine(block)
        case Notice():
            aside = " -aside" if block.is_aside else ""
            return PlainStatic(Content(block.line), classes=f"turn--notice -{block.kind}{aside}")
