"""The events of a turn as text that runs down the terminal."""

from collections.abc import Callable

from agents.events import (
    CallFinished,
    ContextTrimmed,
    Event,
    HandOff,
    LimitReached,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnFinished,
    TurnStarted,
)
from sessions.ledger import TurnLedger
from slmtui.cli.ask import cost_line
from slmtui.cli.output import short
from slmtui.cli.printed import printable

NOTE_WIDTH = 160


class Transcript:
    """Writes what happens in a turn, event by event: the answer as it came, all else in a line each."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._ledger = TurnLedger()
        self._at_line_start = True

    def show(self, event: Event) -> None:
        """Write what one event adds."""
        self._ledger.add(event)
        match event:
            case TurnStarted():
                self._ledger = TurnLedger()
                self._ledger.add(event)
                self._line(f"> {printable(event.prompt)}")
                self._line("")
            case TextDelta(purpose="answer"):
                self._text(printable(event.text))
            case TurnFinished():
                self._finish(event)
            case _:
                note = _note(event)
                if note:
                    self._line(f"  {short(note, NOTE_WIDTH)}")

    def _finish(self, event: TurnFinished) -> None:
        if event.status != "ok":
            self._line(f"  {event.status}: {short(event.reason, NOTE_WIDTH)}")
        self._line("")
        self._line(f"  {cost_line(self._ledger.records.turn)}")
        self._line("")

    def _text(self, text: str) -> None:
        if text:
            self._write(text)
            self._at_line_start = text.endswith("\n")

    def _line(self, line: str) -> None:
        self._text(line + "\n" if self._at_line_start else f"\n{line}\n")


def _note(event: Event) -> str:
    """Return what a line says of an event, or nothing."""
    note = ""
    match event:
        case HandOff():
            note = f"{event.source} → {event.target}: {event.task}"
        case ToolStarted():
            arguments = ", ".join(f"{name}={value!r}" for name, value in event.arguments.items())
            note = f"{event.agent} calls {event.name}({arguments})"
        case ToolFinished():
            note = f"{event.name} {'answers' if event.status == 'ok' else 'fails'}: {event.result}"
        case ContextTrimmed():
            note = f"context full: {event.dropped_messages} messages left out ({event.rule})"
        case LimitReached():
            note = f"{event.agent} ended by its limit on {event.limit}: {event.detail}"
        case CallFinished(finish_reason="failed"):
            note = f"the call failed: {event.error}"
    return note
