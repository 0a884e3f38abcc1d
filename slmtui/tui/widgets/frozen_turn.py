"""A finished turn in one widget: a long session stays as fast as a short one."""

from collections.abc import Callable, Iterator
from typing import ClassVar, TypeAlias

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static

from slmtui.tui.glyphs import PROMPT
from slmtui.tui.plain import beginning_of, plain_line
from slmtui.tui.state.blocks import Answer, Block, Notice, Step
from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.widgets.fold_line import fold_content
from slmtui.tui.widgets.foot_line import PackedFigures
from slmtui.tui.widgets.prompt_line import FOLDED, MOST_LINES, ONE_LINE
from slmtui.tui.widgets.turn_aside import TurnAside

StyleOf: TypeAlias = Callable[[str], Style]


class FrozenTurn(Static, can_focus=True):
    """Draws a finished turn as one renderable. Enter or a click thaws it, so that it can be opened."""

    FOCUS_ON_CLICK = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "thaw", "open", id="turn.thaw")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "frozen--prompt", "frozen--step", "frozen--error", "frozen--notice", "frozen--aside", "frozen--foot"
    }  # fmt: skip

    class Thaw(Message):
        """The turn is to be drawn live again; `dragged`, for its text was to be selected."""

        def __init__(self, block: "FrozenTurn", *, clicked: bool = False, dragged: bool = False) -> None:
            super().__init__()
            self.block, self.clicked, self.dragged = block, clicked, dragged

    def __init__(self, turn: LiveTurn, *, thoughts: bool = True) -> None:
        super().__init__(markup=False)
        self.turn = turn
        self._thoughts = thoughts
        self._pressed_at: tuple[int, int] | None = None

    def on_mount(self) -> None:
        """Draw the turn, now and whenever the theme changes."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.redraw())
        self.redraw()

    def redraw(self) -> None:
        """Draw the turn as it is now."""
        self.update(frozen_turn(self.turn, self._style, thoughts=self._thoughts))

    def show_thoughts(self, shown: bool) -> None:
        """Draw the turn with or without what the model thought."""
        self._thoughts = shown
        self.redraw()

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"frozen--{part}", partial=True)

    def action_thaw(self) -> None:
        """Ask to be drawn live."""
        self.post_message(self.Thaw(self))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remember where a drag began."""
        self._pressed_at = (event.screen_x, event.screen_y)

    def on_click(self, event: events.Click) -> None:
        """Thaw on a click; one on the place among the siblings shows another of them."""
        at = event.get_content_offset(self)
        direction = self.turn.place.direction_at(self.content_size.width - 1 - at.x) if at and not at.y else 0
        if direction:
            self.post_message(TurnAside.Walked(self, direction))
            return
        dragged = self._pressed_at not in {None, (event.screen_x, event.screen_y)}
        self.post_message(self.Thaw(self, clicked=True, dragged=dragged))


def frozen_turn(turn: LiveTurn, style: StyleOf, *, thoughts: bool = True) -> RenderableType:
    """Return a whole turn as one Rich renderable, without its thoughts unless they are wanted."""
    if turn.folded:
        return _head(turn, style)
    shown = (block for block in turn.view.blocks if thoughts or not is_thought(block))
    parts: list[RenderableType] = [_head(turn, style)]
    parts += [part for block in shown for part in _frozen_block(block, style)]
    parts.append(Padding(PackedFigures(turn.foot(0.0), style("foot")), (0, 0, 0, 2)))
    return Group(*parts)


def is_thought(block: Block) -> bool:
    """Return whether a block is what the model thought."""
    return isinstance(block, Step) and block.thought


def _head(turn: LiveTurn, style: StyleOf) -> RenderableType:
    """Return the prompt with what stands at its right end; on one line if the turn is folded."""
    prompt, aside = beginning_of(turn.view.prompt, MOST_LINES), turn.place.switch
    if turn.folded:
        prompt, aside = plain_line(turn.view.prompt, ONE_LINE), f"  {turn.fold}  {aside}".rstrip()
    grid = Table.grid(expand=True)
    grid.add_column(width=2)
    grid.add_column(ratio=1, no_wrap=turn.folded, overflow="ellipsis" if turn.folded else "fold")
    grid.add_column(no_wrap=True)
    texts = (FOLDED if turn.folded else PROMPT, prompt)
    grid.add_row(*(Text(text, style=style("prompt")) for text in texts), Text(aside, style=style("foot")))
    return grid


def _frozen_block(block: Block, style: StyleOf) -> Iterator[RenderableType]:
    match block:
        case Answer():
            from slmtui.tui.markdown import frozen  # noqa: PLC0415 - not needed for the first paint

            yield Padding(frozen(block.text), (0, 1, 0, 2))
        case Notice():
            part = "aside" if block.is_aside else "notice"
            yield Padding(Text(block.line, style=style(part)), (0, 0, 0, 2))
        case Step():
            yield Padding(_step(block, style), (0, 0, 0, 2))


def _step(step: Step, style: StyleOf) -> Text:
    """Return a step on one line; a call that failed is open."""
    text = fold_content(step, is_open=step.failed).plain
    if step.failed:
        return Text(text, style=style("error"))
    part = "aside" if step.recovered else "step"
    return Text(text, style=style(part), no_wrap=True, overflow="ellipsis")


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    turn = LiveTurn()
    turn.view.prompt = "What is 347 * 29?"
    show_alone(FrozenTurn(turn))
