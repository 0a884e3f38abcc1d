"""The help: every key and command, made from the registry, those of what had the focus first."""

from typing import ClassVar, Self

from textual import getters, on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Footer, Input

from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.commands import usual_keys
from slmtui.tui.keymap import NO_KEY
from slmtui.tui.state.help_text import Focus, KeysOf, Section, as_content, matching, sections
from slmtui.tui.widgets.line_input import LineInput
from slmtui.tui.widgets.plain_static import PlainStatic


class HelpScreen(Screen[None]):
    """Keys and commands, with a line to search them."""

    SCOPE: ClassVar[Scope] = "manual"
    CSS_PATH = "help.tcss"
    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("manual")]

    search = getters.query_one(LineInput)
    text = getters.query_one(VerticalScroll)

    def __init__(self, told: list[Section], version: str) -> None:
        super().__init__()
        self._told, self._version = told, version

    @classmethod
    def over(cls, screen: Screen[object], version: str, keys_of: KeysOf = usual_keys) -> Self:
        """Return the help for a screen and what has the focus on it."""
        return cls(sections(getattr(screen, "SCOPE", "chat"), focus_of(screen), keys_of), version)

    def compose(self) -> ComposeResult:
        """Show the line that searches, and one text that scrolls."""
        yield LineInput(placeholder="Type to search  ( / )", compact=True)
        with VerticalScroll():
            yield PlainStatic()
        yield Footer(compact=True, show_command_palette=False)

    def action_find(self) -> None:
        """Go to the line that searches."""
        self.search.focus()

    def action_close(self) -> None:
        """Empty the search; else go back."""
        if self.search.value:
            self.search.value = ""
            self.text.focus()
        elif self.focused is self.search:
            self.text.focus()
        else:
            self.dismiss(None)

    @on(Input.Changed)
    def _search(self) -> None:
        self._draw()
        self.text.scroll_home(animate=False)

    def on_resize(self) -> None:
        """Draw the text for the width that there is now."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        found = matching(self._told, self.search.value)
        width = self.text.scrollable_content_region.width
        self.query_one(PlainStatic).show(as_content(found, self._version, width))

    @on(Input.Submitted)
    def _to_text(self) -> None:
        self.text.focus()


def focus_of(screen: Screen[object]) -> Focus:
    """Return what has the focus on a screen, with its keys that are ours."""
    focused = screen.focused
    if focused is None:
        return Focus()
    kinds = [kind.__name__ for kind in type(focused).__mro__]
    active = screen.active_bindings.values()
    return Focus(
        kinds,
        [
            (binding.key, binding.id, binding.tooltip or binding.description)
            for node, binding, enabled, _ in active
            if _within(node) and enabled and (binding.id or "") and binding.key != NO_KEY
        ],
    )


def _within(node: DOMNode) -> bool:
    """Whether a binding is of a part of the screen, not of all of it."""
    return not isinstance(node, Screen | App)
