"""One command of the app: what it is called, what it does, and how it is given."""

from dataclasses import dataclass
from typing import Literal

Scope = Literal[
    "app",
    "chat",
    "panel",
    "turn",
    "compare",
    "details",
    "sessions",
    "replay",
    "runs",
    "models",
    "settings",
    "log",
    "report",
    "item",
    "manual",
]

SCOPE_TITLES: dict[Scope, str] = {
    "app": "Everywhere",
    "chat": "Chat",
    "panel": "The cost panel, when it has the focus",
    "turn": "A turn that is marked",
    "compare": "Compare",
    "details": "Details of a turn",
    "sessions": "Sessions",
    "replay": "Replay",
    "runs": "Runs and comparisons",
    "report": "The report of a run",
    "item": "An item of a run",
    "models": "Models",
    "settings": "Settings",
    "manual": "This help",
    "log": "The engine's log",
}


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the app can do.

    `title` reads `area: verb`. `action` is a Textual action of the scope's screen, or of the app.
    `slash` is the word typed after `/`, with `argument` naming what may follow it; the screen's async
    method `takes` is then given it. `footer` is the word at the foot of the screen. A command with
    `palette` False is one that only a key can give.
    """

    id: str
    scope: Scope
    title: str
    description: str
    action: str
    keys: tuple[str, ...] = ()
    slash: str = ""
    argument: str = ""
    takes: str = ""
    footer: str = ""
    palette: bool = True
    priority: bool = False
