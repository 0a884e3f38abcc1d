"""The keys of commands as they are here: the registry's, with the user's own in their place."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from textual.keys import Keys

from slmtui.tui.command import Command, Scope
from slmtui.tui.commands import COMMANDS, KEY_NAMES, key_name

NO_KEY = "no-key"
"""What Textual is told of a command that has no key: a name that no terminal sends."""

_MODIFIERS = ("ctrl", "alt", "shift", "super", "meta", "hyper")
_NAMED = frozenset(key.value for key in Keys if key.value.isalnum()) - {"return"}
_WRITTEN = {name: key for key, name in KEY_NAMES.items()}
_MERGED = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape", "ctrl+h": "backspace"}
"""Keys that a terminal sends as others."""
_EDITING = frozenset({"enter", "space", "backspace", "delete", "left", "right", "up", "down", "home", "end"})


class KeyNameError(ValueError):
    """A key has no such name; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the user's keys of a command: `text`, without the command."""

    command: str
    text: str


@dataclass(frozen=True)
class Keymap:
    """`own` has the user's keys by the id of their command: `ctrl+k`, `ctrl+k, f12`, or nothing for no key.

    Keys that are wrong count for nothing; `problems` tells of them.
    """

    own: Mapping[str, str] = field(default_factory=dict)

    def keys_of(self, command: Command) -> tuple[str, ...]:
        """Return the keys of a command, as Textual calls them."""
        return self._changed.get(command.id, command.keys)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, command by command: unknown ids and keys, keys needed for typing, clashes."""
        return self._read[1] + list(self._clashes())

    @cached_property
    def _changed(self) -> dict[str, tuple[str, ...]]:
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
        commands = {command.id: command for command in COMMANDS}
        keys: dict[str, tuple[str, ...]] = {}
        problems = []
        for name, written in self.own.items():
            try:
                keys[name] = _keys(commands, name, written)
            except KeyNameError as error:
                problems.append(Problem(name, str(error)))
        return keys, problems

    def _clashes(self) -> Iterator[Problem]:
        told: set[frozenset[str]] = set()
        for scope in sorted({command.scope for command in COMMANDS}):
            for first, second, key in self._shared(scope):
                pair = frozenset({first.id, second.id})
                if pair not in told:
                    told.add(pair)
                    mine, other = (first, second) if first.id in self._changed else (second, first)
                    text = (
                        f"{key_name(key)} is the key of {other.id} ({other.title}) too; give one another key"
                    )
                    yield Problem(mine.id, text)

    def _shared(self, scope: Scope) -> Iterator[tuple[Command, Command, str]]:
        """Yield the commands seen in a scope that share a key only since the user changed one of them."""
        seen: dict[str, list[Command]] = {}
        for command in COMMANDS:
            if not _seen_together(command, scope):
                continue
            for key in self.keys_of(command):
                for other in seen.get(key, ()):
                    by_default = key in command.keys and key in other.keys
                    if not by_default and {command.id, other.id} & self._changed.keys():
                        yield other, command, key
                seen.setdefault(key, []).append(command)

    def for_textual(self) -> dict[str, str]:
        """Return what `App.set_keymap` is to be told.

        Textual takes a key that is changed from all that share it, so those are told theirs anew.
        """
        touched = {key for command in COMMANDS if command.id in self._changed for key in command.keys}
        return {
            command.id: ",".join(self.keys_of(command)) or NO_KEY
            for command in COMMANDS
            if command.id in self._changed or touched & set(command.keys)
        }


def as_textual(written: str) -> str:
    """Return a key, as a person writes it, under its name in Textual. Raises `KeyNameError`."""
    *modifiers, last = _parts(written.strip())
    wrong = next((name for name in modifiers if name.lower() not in _MODIFIERS), None)
    if wrong is not None:
        raise KeyNameError(f"{written!a}: {wrong!a} goes before no key; use {', '.join(_MODIFIERS[:3])}")
    held = [name for name in _MODIFIERS if name in {each.lower() for each in modifiers}]
    name = _last(written, last)
    if len(name) == 1 and name.isalpha() and "shift" in held and held == ["shift"]:
        return name.upper()
    key = "+".join((*held, name.lower() if held and len(name) == 1 else name))
    if key in _MERGED:
        raise KeyNameError(f"{key_name(key)} is {key_name(_MERGED[key])} in a terminal; take another key")
    return key


def as_written(key: str) -> str:
    """Return a key as a person can write it among others: the comma, which parts them, by its name."""
    name = key_name(key)
    return f"{name[:-1]}comma" if name.endswith(",") else name


def _parts(written: str) -> list[str]:
    if written.endswith("+") and written != "+":
        return [*written[:-1].rstrip("+").split("+"), "plus"]
    return ["plus"] if written == "+" else written.split("+")


def _last(written: str, last: str) -> str:
    last = _WRITTEN.get(last, last)
    if len(last) == 1 and last.isalnum():
        return last
    if len(last) == 1 and last.isascii() and last.isprintable() and not last.isspace():
        return _character_name(last)
    lower = last.lower()
    if lower in _NAMED or lower in _names_of_characters():
        return lower
    near = difflib.get_close_matches(lower, sorted(_NAMED), 1)
    hint = f"; did you mean {near[0]}?" if near else "; write it as the help does, such as ctrl+k or f12"
    raise KeyNameError(f"there is no key {written!a}{hint}")


def _character_name(character: str) -> str:
    from textual.keys import _character_to_key  # noqa: PLC0415 - the only place that knows the names

    return _character_to_key(character)


def _names_of_characters() -> frozenset[str]:
    printable = (chr(code) for code in range(33, 127))
    return frozenset(_character_name(each) for each in printable if not each.isalnum())


def _keys(commands: Mapping[str, Command], name: str, written: str) -> tuple[str, ...]:
    command = commands.get(name)
    if command is None:
        near = difflib.get_close_matches(name, commands, 1)
        hint = f"did you mean {near[0]}?" if near else "docs/keymap.md and the help list them"
        raise KeyNameError(f"there is no command {name!a}; {hint}")
    keys = tuple(as_textual(each) for each in written.split(",")) if written.strip() else ()
    if command.priority:
        plain = next((key for key in keys if _is_typed(key) and key not in command.keys), None)
        if plain is not None:
            raise KeyNameError(f"{key_name(plain)} is needed for typing; add ctrl or alt, or take an f key")
    return keys


def _is_typed(key: str) -> bool:
    """Whether a key types something, or moves in what is typed."""
    return key in _EDITING or len(key) == 1 or key in _names_of_characters()


def _seen_together(command: Command, scope: Scope) -> bool:
    """Whether a command can be given where a scope has the focus."""
    if scope in {"chat", "turn"}:
        return command.scope in {"app", "chat", "turn"}
    in_chat = scope == "panel" and command.scope == "chat" and command.priority
    return command.scope in {"app", scope} or in_chat
