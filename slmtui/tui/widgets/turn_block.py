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


class TurnBlock(Vertical, can_focus=True):
    """Draws a turn block by block, and again what changed at every `sync`.

    The turn is marked while it, or a step in it, has the focus. A click marks it; a drag selects text.
    """

    FOCUS_ON_CLICK = False

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
        foot = self.query_one(FootLine)
        await self._remove_gone(view.blocks)
        for block in view.blocks:
            await self._sync_block(block, before=foot)
        self.set_class(not self.turn.running, "-finished")
        self.set_class(view.status in {"failed", "cancelled", "interrupted"}, "-broken")
        if self.turn.shared and not self.turn.running:
            await self._show_timeline(foot)
        foot.show(self.turn.foot(now), self.turn.progress(now))
        self.show_head(now)

    async def _show_timeline(self, foot: Widget) -> None:
        """Draw, under a turn that several agents worked on, what each did and when."""
        if self.query("TimelineStrip") or self.turn.timeline is None or not self.is_attached:
            return
        from slmtui.tui.widgets.timeline_strip import TimelineStrip  # noqa: PLC0415 - after the first paint

        strip = TimelineStrip()
        strip.show(self.turn.timeline)
        await self.mount(strip, before=foot)

    def show_head(self, now: float) -> None:
        """Draw the prompt, with the turn's place among its siblings; of a folded turn it is all there is."""
        turn = self.turn
        fold = (turn.foot(now) if turn.running else turn.fold) if turn.folded else ""
        self.set_class(turn.folded, "-folded")
        self.query_one(PromptLine).show(turn.view.prompt, turn.place, fold)

    def on_click(self) -> None:
        """Mark the turn, unless the click ended a selection of text or was meant for a step."""
        if not self.screen.get_selected_text() and not self.has_focus_within:
            self.focus(scroll_visible=False)

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


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    turn = LiveTurn()
    turn.view.prompt = "What is 347 * 29?"
    show_alone(TurnBlock(turn))
