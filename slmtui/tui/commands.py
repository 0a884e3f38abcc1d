"""The one registry of commands: keys, slash commands, palette, help and docs/keymap.md come from it."""

import sys

from slmtui.tui.command import SCOPE_TITLES, Command, Scope
from slmtui.tui.registry import (
    app,
    chat,
    compare,
    details,
    help_switches,
    log,
    models,
    notes,
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

_KEY_NAMES = {
    "escape": "esc", "left_square_bracket": "[", "right_square_bracket": "]", "slash": "/", "comma": ",",
    "full_stop": ".", "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "pgup",
    "pagedown": "pgdn", "delete": "del",
}  # fmt: skip


def key_name(key: str) -> str:
    """Return a key as it is written for people: ctrl+p, shift+←, esc, [."""
    *modifiers, last = key.split("+")
    return "+".join((*modifiers, _KEY_NAMES.get(last, last)))


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


def _row(command: Command) -> str:
    keys = ", ".join(f"`{key_name(key)}`" for key in command.keys) or "–"
    slash = f"`/{command.slash}{' ' if command.argument else ''}{command.argument}`" if command.slash else "–"
    return f"| {keys} | {slash} | {command.title} | {command.description} | `{command.id}` |"


def keymap_markdown() -> str:
    """Return docs/keymap.md: every command with its keys, slash command and id, by scope."""
    parts = [
        "# Keys and commands",
        "Made from `slmtui/tui/registry` by `python -m slmtui.tui.commands > docs/keymap.md`.",
    ]
    for scope, title in SCOPE_TITLES.items():
        if not in_scope(scope):
            continue
        rows = "\n".join(_row(command) for command in in_scope(scope))
        head = "| keys | slash | command | what it does | id |\n| --- | --- | --- | --- | --- |"
        parts.append(f"## {title}\n\n{head}\n{rows}")
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(keymap_markdown())
