"""The one registry of commands: keys, slash commands, palette, help and docs/keymap.md come from it."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Scope = Literal["app", "chat", "sessions", "replay"]

SCOPE_TITLES: dict[Scope, str] = {
    "app": "Everywhere",
    "chat": "Chat",
    "sessions": "Sessions",
    "replay": "Replay",
}


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the app can do.

    `title` reads `area: verb`. `action` is a Textual action of the scope's screen, or of the app.
    `slash` is the word typed after `/`, with `argument` naming what may follow it. `footer` is the
    word at the foot of the screen. A command with `palette` False is one that only a key can give.
    """

    id: str
    scope: Scope
    title: str
    description: str
    action: str
    keys: tuple[str, ...] = ()
    slash: str = ""
    argument: str = ""
    footer: str = ""
    palette: bool = True
    priority: bool = False


def _app() -> Iterator[Command]:
    yield Command("app.palette", "app", "app: commands", "Find and run any command.", "command_palette",
                  keys=("ctrl+p",), footer="palette", palette=False, priority=True)  # fmt: skip
    yield Command("app.help", "app", "app: help", "Show the keys and commands.", "help",
                  keys=("f1",), slash="help", footer="help", priority=True)  # fmt: skip
    yield Command("app.theme", "app", "app: theme", "Choose another theme.", "change_theme", slash="theme")
    yield Command("app.copy", "app", "app: copy or stop", "Copy the selection; else stop the running turn; "
                  "twice with neither quits.", "copy_stop_quit", keys=("ctrl+c",), palette=False,
                  priority=True)  # fmt: skip
    yield Command("app.quit", "app", "app: quit", "Leave; a running turn is stopped and kept.", "quit",
                  keys=("ctrl+q",), slash="quit", priority=True)  # fmt: skip


def _chat() -> Iterator[Command]:
    yield Command("chat.send", "chat", "chat: send", "Send the prompt, or run the slash command.", "send",
                  keys=("enter",), palette=False, footer="send")  # fmt: skip
    yield Command("chat.newline", "chat", "chat: new line", "Begin a new line in the prompt.", "newline",
                  keys=("shift+enter", "ctrl+j"), palette=False)  # fmt: skip
    yield Command("chat.stop", "chat", "chat: stop", "Stop the running turn and take the prompt back.",
                  "stop", keys=("escape",), footer="stop")  # fmt: skip
    yield Command("chat.back", "chat", "chat: back to the prompt", "Put the cursor into the prompt.", "back",
                  keys=("escape",), palette=False)  # fmt: skip
    yield Command("chat.older", "chat", "chat: older prompt", "On the first line: the prompt sent before.",
                  "older", keys=("up",), palette=False)  # fmt: skip
    yield Command("chat.newer", "chat", "chat: newer prompt", "On the last line: the prompt sent after.",
                  "newer", keys=("down",), palette=False)  # fmt: skip
    yield Command("chat.paradigm", "chat", "paradigm: next", "Switch to the next of the main paradigms.",
                  "next_paradigm",
                  keys=("shift+tab",), priority=True)  # fmt: skip
    yield Command("chat.paradigm_menu", "chat", "paradigm: choose", "Choose the paradigm, or a control, by "
                  "name or from a menu.", "paradigm_menu", keys=("ctrl+o",), slash="paradigm",
                  argument="NAME", priority=True)  # fmt: skip
    yield Command("chat.panel", "chat", "view: cost panel", "Show or hide the cost panel.", "toggle_panel",
                  keys=("ctrl+b", "f8"), slash="panel", priority=True)  # fmt: skip
    yield Command("chat.scroll_up", "chat", "view: page up", "Scroll the chat up.", "scroll_chat(-1)",
                  keys=("pageup",), palette=False, priority=True)  # fmt: skip
    yield Command("chat.scroll_down", "chat", "view: page down", "Scroll the chat down.", "scroll_chat(1)",
                  keys=("pagedown",), palette=False, priority=True)  # fmt: skip
    yield Command("chat.end", "chat", "view: go to the end", "Go to the end of the chat and follow it.",
                  "scroll_end", keys=("ctrl+end", "end"))  # fmt: skip
    yield Command("chat.more", "chat", "view: load earlier turns", "Draw twenty more turns above.",
                  "load_more", slash="more")  # fmt: skip
    yield Command("model.switch", "chat", "model: switch", "Load another model: a name, a path or a menu.",
                  "model_menu", keys=("f3",), slash="model", argument="NAME", priority=True)  # fmt: skip
    yield Command("model.unload", "chat", "model: unload", "Give its memory back until the next prompt.",
                  "unload_model", slash="unload")  # fmt: skip


def _helps() -> Iterator[Command]:
    yield Command("help.switches", "chat", "help: switches", "Show the switches of help for small models.",
                  "switches", slash="switches")  # fmt: skip
    yield Command("help.switch", "chat", "help: set a switch", "Set a switch for this session.", "switches",
                  slash="switch", argument="NAME VALUE", palette=False)  # fmt: skip
    yield Command("notes.add", "chat", "notes: add", "Write a note down.", "add_note",
                  slash="note", argument="TEXT")  # fmt: skip
    yield Command("notes.list", "chat", "notes: list", "List the files of the notes folder.", "list_notes",
                  slash="notes")  # fmt: skip
    yield Command("notes.reindex", "chat", "notes: index anew", "Read what others changed in the notes.",
                  "reindex_notes", slash="reindex")  # fmt: skip


def _session() -> Iterator[Command]:
    yield Command("session.new", "chat", "session: new", "Begin a new session.", "new_session",
                  keys=("ctrl+n",), slash="new", priority=True)  # fmt: skip
    yield Command("session.resume", "chat", "session: resume", "Pick a session to resume, rename, delete or "
                  "search.", "sessions", keys=("ctrl+r", "ctrl+s"), slash="resume", argument="SESSION",
                  footer="sessions", priority=True)  # fmt: skip
    yield Command("session.rename", "chat", "session: rename", "Give this session another title.",
                  "rename_session", slash="rename", argument="TITLE")  # fmt: skip
    yield Command("session.replay", "chat", "session: replay", "Play this session again, without a model.",
                  "replay", keys=("f5",), slash="replay", argument="SESSION", footer="replay",
                  priority=True)  # fmt: skip


def _sessions() -> Iterator[Command]:
    yield Command("sessions.open", "sessions", "sessions: resume", "Resume the marked session.", "select",
                  keys=("enter",), footer="resume", palette=False)  # fmt: skip
    yield Command("sessions.replay", "sessions", "sessions: replay", "Play the marked session again.",
                  "replay", keys=("f5", "p"), footer="replay")  # fmt: skip
    yield Command("sessions.rename", "sessions", "sessions: rename", "Give it another title.", "rename",
                  keys=("r",), footer="rename")  # fmt: skip
    yield Command("sessions.delete", "sessions", "sessions: delete", "Delete it; u brings it back.", "delete",
                  keys=("d", "delete"), footer="delete")  # fmt: skip
    yield Command("sessions.undo", "sessions", "sessions: undo delete", "Bring back what was deleted last.",
                  "undo", keys=("u",))  # fmt: skip
    yield Command("sessions.search", "sessions", "sessions: search", "Search titles, prompts and answers.",
                  "search", keys=("slash",), footer="find")  # fmt: skip
    yield Command("sessions.close", "sessions", "sessions: back", "Go back to the chat.", "close",
                  keys=("escape",), footer="back")  # fmt: skip


def _replay() -> Iterator[Command]:
    yield Command("replay.play", "replay", "replay: play or pause", "Play, or pause.", "play",
                  keys=("space",), footer="play")  # fmt: skip
    yield Command("replay.back", "replay", "replay: event back", "Go one event back.", "step(-1)",
                  keys=("left",), footer="back", priority=True)  # fmt: skip
    yield Command("replay.on", "replay", "replay: event on", "Go one event on.", "step(1)",
                  keys=("right",), footer="on", priority=True)  # fmt: skip
    yield Command("replay.previous", "replay", "replay: previous turn", "Go to the turn before.", "turn(-1)",
                  keys=("shift+left", "comma"), priority=True)  # fmt: skip
    yield Command("replay.next", "replay", "replay: next turn", "Go to the turn after.", "turn(1)",
                  keys=("shift+right", "full_stop"), priority=True)  # fmt: skip
    yield Command("replay.slower", "replay", "replay: slower", "Play at half the speed.", "speed(-1)",
                  keys=("left_square_bracket",))  # fmt: skip
    yield Command("replay.faster", "replay", "replay: faster", "Play at twice the speed.", "speed(1)",
                  keys=("right_square_bracket",), footer="faster")  # fmt: skip
    yield Command("replay.go", "replay", "replay: go to turn", "Go to a turn by its number.", "go_to",
                  keys=("g",), footer="turn")  # fmt: skip
    yield Command("replay.start", "replay", "replay: start", "Go to the start.", "ends(0)",
                  keys=("home",), priority=True)  # fmt: skip
    yield Command("replay.end", "replay", "replay: end", "Go to the end.", "ends(1)", keys=("end",),
                  priority=True)  # fmt: skip
    yield Command("replay.panel", "replay", "view: cost panel", "Show or hide the cost panel.",
                  "toggle_panel", keys=("ctrl+b", "f8"), priority=True)  # fmt: skip
    yield Command("replay.close", "replay", "replay: leave", "Go back to where you came from.", "close",
                  keys=("escape",), footer="leave")  # fmt: skip


COMMANDS: tuple[Command, ...] = (*_app(), *_chat(), *_helps(), *_session(), *_sessions(), *_replay())

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
        "Made from `slmtui/tui/commands.py` by `python -m slmtui.tui.commands > docs/keymap.md`.",
    ]
    for scope, title in SCOPE_TITLES.items():
        rows = "\n".join(_row(command) for command in in_scope(scope))
        head = "| keys | slash | command | what it does | id |\n| --- | --- | --- | --- | --- |"
        parts.append(f"## {title}\n\n{head}\n{rows}")
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(keymap_markdown())
