"""What can be completed in the prompt: slash commands, their arguments, and `@path`."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from slmtui.tui.command import Command
from slmtui.tui.state.attachments import mention

T = TypeVar("T")

MOST = 50
"""How many choices are offered at once."""

_FILE = re.compile(r'(?<!\S)@(?:"([^"]*)|([^\s"]*))$')


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to go on: `text` takes the place of what is typed, `label` and `about` are shown."""

    text: str
    label: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """Choices for the text from column `start` to the cursor in column `end`.

    With `marked` the first is marked from the beginning, so enter takes it.
    """

    start: int
    end: int
    choices: tuple[Choice, ...]
    marked: bool = True


@dataclass(slots=True)
class Picking:
    """An offer with the choice that is marked, or none."""

    offer: Offer | None = None
    index: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is an offer."""
        return self.offer is not None

    @property
    def chosen(self) -> Choice | None:
        """The marked choice."""
        return None if self.offer is None or self.index is None else self.offer.choices[self.index]

    def show(self, offer: Offer | None) -> None:
        """Turn to another offer, or to none."""
        self.offer = offer
        self.index = 0 if offer is not None and offer.marked else None

    def close(self) -> None:
        """Turn to no offer."""
        self.show(None)

    def move(self, step: int) -> None:
        """Mark the next choice, or with -1 the one before, around the ends."""
        if self.offer is not None:
            number = len(self.offer.choices)
            beyond = -1 if step > 0 else 0
            self.index = ((beyond if self.index is None else self.index) + step) % number

    def mark_first(self) -> None:
        """Mark the first choice where none is marked."""
        if self.offer is not None and self.index is None:
            self.index = 0


@dataclass(slots=True)
class Completer:
    """Makes offers from lists that are there already, so a keystroke never waits.

    `commands` are those of the registry, `arguments` the known ones of a slash command by its word, and
    `files` the paths under the folder.
    """

    commands: Sequence[Command]
    arguments: Mapping[str, Callable[[], Iterable[Choice]]] = field(default_factory=dict)
    files: Callable[[], Sequence[str]] = tuple

    def offer(self, before: str, row: int) -> Offer | None:
        """Return what the text `before` the cursor on line `row` can become, or None."""
        if row == 0 and before.startswith("/"):
            word, blank, argument = before.partition(" ")
            return self._argument(word[1:], argument, before) if blank else self._slash(word)
        return self._file(before)

    def _slash(self, word: str) -> Offer | None:
        typed = word.lower()
        known = [command for command in self.commands if command.slash]
        found = _fitting(known, typed.removeprefix("/"), lambda command: command.slash)
        choices = tuple(_command(command) for command in found)
        return Offer(0, len(word), choices) if choices else None

    def _argument(self, word: str, argument: str, before: str) -> Offer | None:
        source = self.arguments.get(word.lower())
        if source is None:
            return None
        given = list(source())
        found = _fitting(given, argument.lower(), lambda choice: f"{choice.text} {choice.label}".lower())
        if not found or any(choice.text == argument for choice in found):
            return None
        return Offer(len(word) + 2, len(before), tuple(found), marked=False)

    def _file(self, before: str) -> Offer | None:
        match = _FILE.search(before)
        if match is None:
            return None
        typed = (match[1] or match[2] or "").lower()
        found = _fitting(self.files(), typed, str.lower)
        choices = tuple(Choice(f"{mention(path)} ", path) for path in found)
        return Offer(match.start(), len(before), choices) if choices else None


def _command(command: Command) -> Choice:
    word = f"/{command.slash}"
    if not command.argument:
        return Choice(word, word, command.description)
    return Choice(f"{word} ", f"{word} {command.argument}", command.description)


def _fitting(given: Iterable[T], typed: str, name: Callable[[T], str]) -> list[T]:
    """Return those whose name begins with what is typed, then those that hold it, the first `MOST`."""
    begins: list[T] = []
    holds: list[T] = []
    for each in given:
        text = name(each)
        if text.startswith(typed):
            begins.append(each)
            if len(begins) == MOST:
                break
        elif len(holds) < MOST and typed in text:
            holds.append(each)
    return [*begins, *holds][:MOST]
