"""The engine's log: the end of what llama.cpp says of itself, followed while it grows."""

import asyncio
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Footer, Input, Log

from slmtui.engine_told import EngineTold
from slmtui.tui import format as fmt
from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.options import AppOptions
from slmtui.tui.plain import plain_line
from slmtui.tui.state.log_tail import Tail, holding, read_tail
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.line_input import LineInput
from slmtui.tui.widgets.status_line import StatusLine

FOLLOW_S = 1.0


class LogScreen(Screen[None]):
    """Reads the file in a thread, every second while it is shown."""

    SCOPE: ClassVar[Scope] = "log"
    CSS_PATH = "log.tcss"
    AUTO_FOCUS = "Log"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("log")]

    log_lines = getters.query_one(Log)
    header = getters.query_one(HeaderLine)
    status = getters.query_one(StatusLine)
    find = getters.query_one(LineInput)

    def __init__(self, options: AppOptions) -> None:
        super().__init__()
        self.options = options
        self._tail = Tail()
        self._told = EngineTold()
        self._drawn: tuple[str, ...] = ()
        self.following = True

    def compose(self) -> ComposeResult:
        """Hold the lines, and what is looked for under them."""
        yield HeaderLine()
        yield Log(highlight=False, auto_scroll=False)
        yield LineInput(placeholder="show only lines with …")
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    async def on_mount(self) -> None:
        """Read the log, and go on reading."""
        self.header.model, self.find.display = "The engine's log", False
        self.set_interval(FOLLOW_S, self._read)
        await self._read()

    async def _read(self) -> None:
        """Read the end of the file if it has changed."""
        self._told = await asyncio.to_thread(self.options.engine_told)
        path = self._told.log or self.options.engine_log
        tail = await asyncio.to_thread(read_tail, path)
        lines = self.log_lines
        if self._drawn and lines.scroll_offset.y < lines.max_scroll_y - 1:
            self.following = False  # somebody reads further up
        if self.is_attached and (tail != self._tail or not self.status.content):
            self._tail = tail
            self._draw()

    def _draw(self) -> None:
        """Draw the lines that are wanted, and where they are from."""
        lines = holding(self._tail.lines, self.find.value)
        at = self.log_lines.scroll_offset.y
        if lines[: len(self._drawn)] == self._drawn:
            self.log_lines.write_lines(lines[len(self._drawn) :], scroll_end=False)
        else:
            self.log_lines.clear()
            self.log_lines.write_lines(lines, scroll_end=False)
        self._drawn = lines
        self.log_lines.scroll_to(y=self.log_lines.max_scroll_y if self.following else at, animate=False)
        if self.following:
            self.call_after_refresh(self.log_lines.scroll_end, animate=False)
        self.header.session = self._whose()
        self.header.engine = "▼ following" if self.following else "‖ standing still"
        self.status.show_summary(self._where(len(lines)))

    def _whose(self) -> str:
        if self._told.others:
            return "of another window, which started the engine"
        return "shared with another window" if self._told.shared else ""

    def _where(self, shown: int) -> str:
        if self._tail.problem:
            return self._tail.problem
        path = self._told.log or self.options.engine_log
        lines = f"{fmt.count(shown)} of {fmt.count(len(self._tail.lines))} lines"
        read = "" if self._tail.whole else f"the last {fmt.size(self._tail.read)} of "
        return plain_line(f"{lines} · {read}{fmt.size(self._tail.size)} · {path}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Leave home and end to the line in which the filter is typed."""
        return not (action == "ends" and self.find.has_focus)

    def action_filter(self) -> None:
        """Ask what the lines must hold."""
        self.find.display = True
        self.find.focus()

    @on(Input.Changed)
    def _filter_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._draw()

    @on(Input.Submitted)
    def _filter_given(self, event: Input.Submitted) -> None:
        event.stop()
        self.find.display = bool(self.find.value)
        self.log_lines.focus()

    def action_follow(self) -> None:
        """Stay at the end, or stop there."""
        self.following = not self.following
        self._draw()

    def action_ends(self, end: int) -> None:
        """Go to the start, or to the end and follow it."""
        self.following = bool(end)
        self._draw()
        if not end:
            self.log_lines.scroll_home(animate=False)

    def action_close(self) -> None:
        """Take the filter away, or leave."""
        if not self.find.display:
            self.dismiss(None)
            return
        self.find.value, self.find.display = "", False
        self.log_lines.focus()
        self._draw()
