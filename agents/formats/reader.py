"""Takes an output apart while it is written: thoughts, what is said, and calls.

What has been decided is never read again, so the cost of more text does not grow with the text before.
Only a call that goes on is read again, when it has grown by a small part of itself.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from agents.formats.calls import Call, Parsed
from agents.formats.format import CallFormat
from agents.formats.marks import Mark, call_marks_of, marks_of
from agents.formats.patterns import MismatchError, UnfinishedError, match_literal, overlap, skip_space
from agents.formats.read_call import CallReader
from agents.formats.read_json import UnfinishedCallError
from agents.formats.shape import header_tokens
from agents.formats.spec import ToolSpec

# What models put before a call that has no marker of its own, and behind it.
_FENCE = re.compile(r"(?:```\w*|<\|\w+\|>)\s*(?:```\s*)?\Z")

State = Literal["thoughts", "said", "calls"]
# A call is read again when a piece this part of its length has come.
_PATIENCE = 32
# What became of a mark: something was taken, nothing can be said before more text, or it is plain text.
Outcome = Literal["taken", "held", "plain"]


class OutputReader:
    """Reads one output of a format; `thinking` says that the prompt has already opened the thoughts."""

    def __init__(self, fmt: CallFormat, tools: Sequence[ToolSpec], *, thinking: bool) -> None:
        self._fmt = fmt
        self._calls_of = CallReader(fmt, tools)
        self._shape = self._calls_of.shape
        self._marks, self._call_marks = marks_of(fmt), call_marks_of(fmt)
        thinking = thinking and bool(fmt.reasoning.close)
        self._text = "" if thinking else fmt.prompted
        self._state: State = "thoughts" if thinking else "said"
        self._at = 0  # all before this place is decided
        self._scan = 0  # before this place nothing begins that is not yet taken
        self._shown = 0  # so far the undecided text is surely plain
        self._said: list[str] = []
        self._thoughts = [fmt.reasoning.lead] if thinking else []
        self._calls: list[Call] = []
        self._partial: Call | None = None
        self._wait = 0  # up to this length of the text, a call that goes on is not read again
        self._opened = False  # whether the model's own mark of thoughts has been passed, or cannot come
        self._ended = False

    def push(self, text: str) -> None:
        """Take more of the output."""
        if self._partial is not None and self._partial.raw and self._text.endswith(self._partial.raw):
            self._partial = replace(self._partial, raw=self._partial.raw + text)
        self._text += text
        if len(self._text) >= self._wait:
            self._advance()

    def finish(self) -> None:
        """Take the output as complete: what was held back is decided."""
        self._ended = True
        self._advance()

    def parsed(self) -> Parsed:
        """Return what is known so far."""
        plain = self._text[self._at : self._shown]
        said = "".join(self._said) + (plain if self._state == "said" else "")
        thoughts = "".join(self._thoughts) + (plain if self._state == "thoughts" else "")
        calls = (*self._calls, *([] if self._partial is None else [self._partial]))
        if self._shape.bare and (calls or not self._ended):
            said = _FENCE.sub("", said.rstrip())
        return Parsed(said.strip(), thoughts.strip(), calls)

    def _advance(self) -> None:
        self._partial = None
        going = True
        while going and self._at < len(self._text):
            match self._state:
                case "thoughts":
                    going = self._think()
                case "said":
                    going = self._say()
                case "calls":
                    going = self._call_on()

    def _go(self, state: State, at: int) -> None:
        self._state = state
        self._at = self._scan = self._shown = at

    # Thoughts.

    def _think(self) -> bool:
        """Take thoughts up to their end; return whether there was one."""
        close = self._fmt.reasoning.close.strip()
        if not self._opened_again():
            return False
        end = self._text.find(close, max(self._at, self._scan))
        if end >= 0:
            self._thoughts.append(self._text[self._at : end])
            self._go("said", end + len(close))
            return True
        return self._think_on(close)

    def _opened_again(self) -> bool:
        """Pass over a mark by which the model opens what the prompt has opened; False while it may be one."""
        again = self._fmt.reasoning.open.strip()
        start = skip_space(self._text, self._at)
        if self._opened or not again:
            return True
        if self._text.startswith(again, start):
            self._opened = True
            self._go("thoughts", start + len(again))
            return True
        self._opened = not again.startswith(self._text[start:])
        return self._opened or self._ended

    def _think_on(self, close: str) -> bool:
        """Show thoughts without an end so far: up to what may be a call, until it is clear what it is."""
        call = self._call_marks.find(self._text, max(self._at, min(self._shown, self._scan)))
        if self._ended:
            return self._think_out(call)
        self._scan = max(self._at, len(self._text) - len(close) + 1)
        begun = max(self._call_marks.begun(self._text, self._at), overlap(self._text, close))
        self._shown = call.start if call else max(self._at, len(self._text) - begun)
        return False

    def _think_out(self, call: Mark | None) -> bool:
        """Decide what thoughts without an end are: all up to a call, or all there is."""
        while call is not None and not self._is_call(call.start):
            call = self._call_marks.find(self._text, call.end)
        end = call.start if call else len(self._text)
        self._thoughts.append(self._text[self._at : end])
        self._go("said", end)
        return True

    def _is_call(self, at: int) -> bool:
        try:
            self._first(at)
        except UnfinishedCallError as error:
            return error.ended is not None
        except (UnfinishedError, MismatchError):
            return False
        return True

    # What is said.

    def _say(self) -> bool:
        """Take plain text up to the next mark, and what begins there; return whether anything was taken."""
        while mark := self._marks.find(self._text, self._scan):
            self._scan = self._shown = mark.start
            outcome = self._take(mark)
            if outcome != "plain":
                return outcome == "taken"
            self._scan = mark.end if mark.meaning != "call" else mark.start + 1
        if self._ended:
            self._until(len(self._text))
        else:
            self._scan = max(self._scan, len(self._text) - self._marks.begun(self._text, self._at))
            self._shown = self._scan
        return False

    def _until(self, end: int, state: State = "said", then: int | None = None) -> Outcome:
        """Say all up to a place, and go on in a state behind it."""
        self._said.append(self._text[self._at : end])
        self._go(state, end if then is None else then)
        return "taken"

    def _take(self, mark: Mark) -> Outcome:
        match mark.meaning:
            case "think":
                return self._until(mark.start, "thoughts", mark.end)
            case "noise":
                return self._until(mark.start, then=mark.end)
            case "header":
                return self._take_header(mark)
            case "call":
                return self._take_call(mark.start)
            case "close":
                blank = not ("".join(self._said) + self._text[self._at : mark.start]).strip()
                return self._until(mark.start, then=mark.end) if blank else "plain"

    def _take_header(self, mark: Mark) -> Outcome:
        """Pass over a message's header, `<|channel|>final<|message|>`, up to a call that it announces."""
        tokens = header_tokens(self._fmt)
        assert tokens is not None
        end = self._text.find(tokens[1], mark.end)
        call = self._call_marks.find(self._text, mark.end)
        if call is not None and (end < 0 or call.start < end):
            return self._until(mark.start, then=call.start)
        if end >= 0:
            return self._until(mark.start, then=end + len(tokens[1]))
        return self._until(mark.start, then=len(self._text)) if self._ended else "held"

    def _take_call(self, at: int) -> Outcome:
        try:
            call, end = self._first(at)
        except UnfinishedCallError as error:
            return self._unfinished(at, error)
        except UnfinishedError:
            return self._unfinished(at, UnfinishedCallError(None))
        except MismatchError:
            return "plain"
        self._calls += [] if call is None else [call]
        return self._until(at, "calls", end)

    def _unfinished(self, at: int, found: UnfinishedCallError) -> Outcome:
        """Show what is known of a call; at the end of all, it is one if it has a name, else plain text."""
        if not self._ended:
            self._hold(at, found)
            return "held"
        if found.ended is None:
            return "plain"
        self._calls.append(found.ended)
        return self._until(at, then=len(self._text))

    def _hold(self, at: int, found: UnfinishedCallError) -> None:
        """Show what is known of a call that goes on, and wait for more of it."""
        self._partial = found.partial
        self._wait = len(self._text) + (len(self._text) - at) // _PATIENCE

    def _first(self, at: int) -> tuple[Call | None, int]:
        """Read the first call behind a mark; None for a list without calls."""
        opened = False
        try:
            at = match_literal(self._text, at, self._shape.opening)
            opened = bool(self._shape.opening.strip())
        except MismatchError:
            pass
        at = skip_space(self._text, at)
        if self._shape.bracketed and self._text.startswith("[", at):
            at = skip_space(self._text, at + 1)
            if opened and self._text.startswith("]", at):
                return None, at
        return self._calls_of.read(self._text, at)

    # Calls.

    def _call_on(self) -> bool:
        """Take what follows a call: its closing, the next one, or the end of the section."""
        try:
            at = self._between(skip_space(self._text, self._at))
            if self._shape.closing.strip() and (end := self._past(at, self._shape.closing)) > at:
                self._go("said", end)
                return True
            call, end = self._calls_of.read(self._text, at)
        except UnfinishedCallError as error:
            return self._call_begun(error)
        except UnfinishedError:
            return self._call_begun(UnfinishedCallError(None))
        except MismatchError:
            self._go("said", at)
            return True
        self._calls.append(call)
        self._go("calls", end)
        return True

    def _call_begun(self, found: UnfinishedCallError) -> bool:
        if not self._ended:
            self._hold(self._at, found)
        else:
            self._calls += [] if found.ended is None else [found.ended]
            self._go("said", len(self._text))
        return False

    def _between(self, at: int) -> int:
        """Return the place behind a call's closing and what separates it from the next."""
        shape, before = self._shape, -1
        while at > before:
            before = at
            for passed in (shape.call_closing, self._fmt.separator):
                at = self._past(at, passed)
            at = skip_space(self._text, at)
            if shape.bracketed and self._text.startswith((",", "]", ")"), at):
                at = skip_space(self._text, at + 1)
        if at >= len(self._text):
            raise UnfinishedError
        return at

    def _past(self, at: int, expected: str) -> int:
        try:
            return match_literal(self._text, at, expected) if expected.strip() else at
        except MismatchError:
            return at
