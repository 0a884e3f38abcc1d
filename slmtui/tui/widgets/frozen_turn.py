"""A finished turn in one widget: a long session stays as fast as a short one."""

from collections.abc import Callable
from typing import ClassVar, TypeAlias

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static

from slmtui.tui.glyphs import PROMPT
from slmtui.tui.state.blocks import Answer, Block, Notice
from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.widgets.foot_line import PackedFigures

StyleOf: TypeAlias = Callable[[str], Style]


class FrozenTurn(Static, can_focus=True):
    """Draws a finished turn as one renderable. Enter, space or a click thaws it, so that it can be opened."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "thaw", "open", id="turn.thaw")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "frozen--prompt", "frozen--step", "frozen--notice", "frozen--aside", "frozen--foot"
    }  # fmt: skip

    class Thaw(Message):
        """The turn is to be drawn live again."""

        def __init__(self, block: "FrozenTurn") -> None:
            super().__init__()
            self.block = block

    def __init__(self, turn: LiveTurn) -> None:
        super().__init__(markup=False)
        self.turn = turn

    def on_mount(self) -> None:
        """Draw the turn, now and whenever the theme changes."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._draw())
        self._draw()

    def _draw(self) -> None:
        self.update(frozen_turn(self.turn, self._style))

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"frozen--{part}", partial=True)

    def action_thaw(self) -> None:
        """Ask to be drawn live."""
        self.post_message(self.Thaw(self))

    def on_click(self) -> None:
        """Thaw on a click."""
        self.action_thaw()


def frozen_turn(turn: LiveTurn, style: StyleOf) -> RenderableType:
    """Return a whole turn as one Rich renderable."""
    parts: list[RenderableType] = [_prompt(turn.view.prompt, style("prompt"))]
    parts += [_frozen_block(block, style) for block in turn.view.blocks]
    parts.append(Padding(PackedFigures(turn.foot(0.0), style("foot")), (0, 0, 0, 2)))
    return Group(*parts)


def _prompt(prompt: str, style: Style) -> RenderableType:
    grid = Table.grid()
    grid.add_column(width=2)
    grid.add_column(ratio=1)
    grid.add_row(Text(PROMPT, style=style), Text(prompt, style=style))
    return grid


def _frozen_block(block: Block, style: StyleOf) -> RenderableType:
    match block:
        case Answer():
            from slmtui.tui.markdown import frozen  # noqa: PLC0415 - not needed for the first paint

            return Padding(frozen(block.text), (0, 1, 0, 2))
        case Notice():
            part = "aside" if block.is_aside else "notice"
            return Padding(Text(block.line, style=style(part)), (0, 0, 0, 2))
        case _:
            line = Text(f"▸ {block.line}", style=style("step"), no_wrap=True, overflow="ellipsis")
            return Padding(line, (0, 0, 0, 2))
