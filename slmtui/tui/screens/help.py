"""The help: every key and command, made from the registry."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer

from slmtui.tui.command import SCOPE_TITLES, Command, Scope
from slmtui.tui.commands import in_scope, key_name
from slmtui.tui.state.paradigms import controls, mains
from slmtui.tui.widgets.plain_static import PlainStatic

KEYS = 22


class HelpScreen(Screen[None]):
    """Keys and commands, those of the screen it was asked from first."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss", "back", id="help.close")]

    def __init__(self, scope: Scope, version: str) -> None:
        super().__init__()
        self._scope = scope
        self._version = version

    def compose(self) -> ComposeResult:
        """Show one scrollable text."""
        with VerticalScroll():
            yield PlainStatic(help_text(self._scope, self._version))
        yield Footer(compact=True, show_command_palette=False)


def help_text(first: Scope, version: str) -> Content:
    """Return the help with the scope `first` on top."""
    scopes = sorted(SCOPE_TITLES, key=lambda scope: scope != first)
    parts: list[str | tuple[str, str]] = [(f"slmtui {version}".strip(), "bold"), "\n"]
    for scope in scopes:
        parts.append((f"\n{SCOPE_TITLES[scope]}\n", "bold underline"))
        parts += [_line(command) for command in in_scope(scope)]
    parts.append(("\nParadigms\n", "bold underline"))
    parts += [f"{choice.title:<{KEYS}}{choice.description}\n" for choice in mains()]
    parts.append(("\nControls, for a fair comparison\n", "bold underline"))
    parts += [f"{choice.title:<{KEYS}}{choice.description}\n" for choice in controls()]
    parts.append(("\nFigures\n", "bold underline"))
    parts += [f"{sign:<{KEYS}}{meaning}\n" for sign, meaning in FIGURES]
    return Content.assemble(*parts)


def _line(command: Command) -> str:
    keys = ", ".join(key_name(key) for key in command.keys)
    slash = f"/{command.slash} {command.argument}".strip() if command.slash else ""
    shown = " ".join(part for part in (keys, slash) if part) or "ctrl+p"
    gap = " " * (KEYS - len(shown)) if len(shown) < KEYS else "\n" + " " * KEYS
    return f"{shown}{gap}{command.description}\n"


FIGURES = (
    ("↑ 1 204 (900 reused)", "prompt tokens, and how many were still in the KV cache"),
    ("↓ 386", "output tokens, those for tools and hand-offs included"),
    ("TTFT", "seconds from sending the prompt to the first token of the answer"),
    ("tok/s", "tokens a second while the model writes"),
    ("~41 J", "energy; ~ marks an estimate from a model of the machine"),
    ("no meter", "this machine has no energy meter that may be read"),
)
