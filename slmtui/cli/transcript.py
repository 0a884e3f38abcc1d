"""The events of a turn as text that runs down the terminal."""

from collections.abc import Callable

from agents.events import AnswerChosen, Event, TextDelta, TurnFinished, TurnStarted
from sessions.tally import TurnTally
from slmtui.cli.ask import cost_line
from slmtui.cli.event_notes import note
from slmtui.cli.output import short
from slmtui.cli.printed import printable

NOTE_WIDTH = 160
NOT_USED = "what stands above was not used"


class Transcript:
    """Writes what happens in a turn, event by event: the answer as it came, all else in a line each.

    Of calls that write at once, the one that answers is shown. An answer that was not shown as it came,
    such as an agent's report or a vote that won, is shown when it is known to be the answer.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._ledger = TurnTally()
        self._at_line_start = True
        self._call = ""
        self._shown = ""
        self._beginning = ""

    def show(self, event: Event) -> None:
        """Write what one event adds."""
        self._ledger.add(event)
        match event:
            case TurnStarted():
                self._ledger = TurnTally()
                self._ledger.add(event)
                self._call = self._shown = ""
                self._beginning = event.beginning
                self._line(f"> {printable(event.prompt)}")
                self._line("")
            case TextDelta(purpose="answer"):
                self._answer(event)
            case TurnFinished():
                self._finish(event)
            case _:
                self._note(event)

    def _note(self, event: Event) -> None:
        text = note(event)
        if text:
            self._line(f"  {short(text, NOTE_WIDTH)}")
        if isinstance(event, AnswerChosen):
            self._make_up(self._ledger.records.turn.answer)

    def _answer(self, event: TextDelta) -> None:
        """Write a piece of the answer, unless another call answers."""
        if event.call != self._call:
            if event.call != self._ledger.records.turn.answer_call:
                return
            self._begin(event.call)
        self._shown += event.text
        self._text(printable(event.text))

    def _make_up(self, answer: str) -> None:
        """Write an answer that is not what was shown."""
        if answer.strip() in {"", self._shown.strip()}:
            return
        self._begin(self._ledger.records.turn.answer_call)
        self._text(printable(answer.removeprefix(self._shown)))
        self._shown = answer

    def _begin(self, call: str) -> None:
        """Begin an answer with what it goes on from; of one shown before, say that it was not used."""
        if self._shown.strip():
            self._line(f"  {NOT_USED}")
        self._call, self._shown = call, self._beginning
        self._text(printable(self._beginning))

    def _finish(self, event: TurnFinished) -> None:
        self._make_up(event.answer)
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
