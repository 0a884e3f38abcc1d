"""The one registry of commands: keys, slash commands, palette, help and docs/keymap.md come from it."""

import sys
from collections.abc import Callable

from slmtui.tui.command import SCOPE_TITLES, Command, Scope
from slmtui.tui.registry import (
    app,
    bell,
    chat,
    compare,
    details,
    help_switches,
    log,
    models,
    notes,
    panel,
    prompt,
    replay,
    runs,
    session,
    sessions,
    settings,
    turn,
)

COMMANDS: tuple[Command, ...] = (
    *app.COMMANDS,
    *chat.COMMANDS,
    *panel.COMMANDS,
    *bell.COMMANDS,
    *prompt.COMMANDS,
    *models.COMMANDS,
    *help_switches.COMMANDS,
    *notes.COMMANDS,
    *session.COMMANDS,
    *turn.COMMANDS,
    *compare.COMMANDS,
    *details.COMMANDS,
    *sessions.COMMANDS,
    *replay.COMMANDS,
    *runs.COMMANDS,
    *settings.COMMANDS,
    *log.COMMANDS,
)

KEY_NAMES = {
    "escape": "esc", "left_square_bracket": "[", "right_square_bracket": "]", "slash": "/", "comma": ",",
    "full_stop": ".", "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "pgup",
    "pagedown": "pgdn", "delete": "del",
}  # fmt: skip


KEYMAP_TOLD = """Any key can be another. In `settings.toml`, or in the settings (f2), give the id of a command
its keys: one, several with commas between, or none:

```toml
[keys]
"chat.panel" = "ctrl+k"
"chat.log" = "ctrl+l, f10"
"session.runs" = ""
```

`slmtui settings keys` prints this table with the keys that are yours."""


def key_name(key: str) -> str:
    """Return a key as it is written for people: ctrl+p, shift+←, esc, [."""
    *modifiers, last = key.split("+")
    return "+".join((*modifiers, KEY_NAMES.get(last, last)))


def in_scope(scope: Scope) -> tuple[Command, ...]:
    """Return the commands of a scope, in order."""
    return tuple(command for command in COMMANDS if command.scope == scope)


def find_slash(line: str) -> tuple[Command, str] | None:
    """Return the command of a line such as `/paradigm single`, with its argument, or None."""
    word, _, argument = line.removeprefix("/").strip().partition(" ")
    for command in COMMANDS:
        if command.slash and command.slash == word.lower():
            return command, argument.strip()
    return None


def slash_words() -> tuple[str, ...]:
    """Return every slash command as it is typed, sorted."""
    return tuple(sorted(f"/{command.slash}" for command in COMMANDS if command.slash))


def usual_keys(command: Command) -> tuple[str, ...]:
    """Return the keys that a command has where the user gave it no others."""
    return command.keys


def _row(command: Command, keys_of: Callable[[Command], tuple[str, ...]]) -> str:
    keys = ", ".join(f"`{key_name(key)}`" for key in keys_of(command)) or "–"
    slash = f"`/{command.slash}{' ' if command.argument else ''}{command.argument}`" if command.slash else "–"
    cells = (keys, slash, command.title, command.description, f"`{command.id}`")
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def keymap_markdown(keys_of: Callable[[Command], tuple[str, ...]] = usual_keys) -> str:
    """Return docs/keymap.md: every command with its keys, slash command and id, by scope."""
    parts = [
        "# Keys and commands",
        "Made from `slmtui/tui/registry` by `python -m slmtui.tui.commands > docs/keymap.md`.",
        KEYMAP_TOLD,
    ]
    for scope, title in SCOPE_TITLES.items():
        if not in_scope(scope):
            continue
        rows = "\n".join(_row(command, keys_of) for command in in_scope(scope))
        head = "| keys | slash | command | what it does | id |\n| --- | --- | --- | --- | --- |"
        parts.append(f"## {title}\n\n{head}\n{rows}")
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(keymap_markdown())
