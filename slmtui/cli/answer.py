"""The answer of a turn on standard output: as it comes on a terminal, and as it ended anywhere else."""

from collections.abc import Callable

from agents.events import Event, TextDelta
from sessions.tally import TurnTally
from slmtui.cli.printed import printable

NOT_USED = "\n(what stands above was not used)\n"


class AnswerPrinter:
    """Writes the answer with `write`. `live` writes it as it comes; else it is written by `finish`.

    A draft that was given up cannot be taken back from a terminal: `aside` is then told so.
    """

    def __init__(self, write: Callable[[str], None], aside: Callable[[str], None], *, live: bool) -> None:
        self._write = write
        self._aside = aside
        self._live = live
        self._call = ""
        self._shown = ""

    def show(self, event: Event, tally: TurnTally) -> None:
        """Take an event that the tally has counted."""
        if not self._live or not isinstance(event, TextDelta) or event.purpose != "answer":
            return
        if event.call != self._call:
            if event.call != tally.records.turn.answer_call:
                return
            self._begin(event.call)
        self._shown += event.text
        self._write(printable(event.text))

    def finish(self, tally: TurnTally) -> None:
        """Write what the answer turned out to be, if it is not what was shown."""
        turn = tally.records.turn
        if turn.answer.strip() not in {"", self._shown.strip()}:
            self._begin(turn.answer_call)
            self._write(printable(turn.answer))

    def _begin(self, call: str) -> None:
        if self._shown.strip():
            self._aside(NOT_USED)
        self._call, self._shown = call, ""
