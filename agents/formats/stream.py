"""An output taken apart while it is written."""

from collections.abc import Sequence

from agents.formats.calls import Parsed
from agents.formats.format import CallFormat
from agents.formats.reader import OutputReader
from agents.formats.spec import ToolSpec


class CallStream:
    """Takes an output piece by piece; each `Parsed` only ever adds to the one before.

    `thinking` is as for `parse`. Never raises.
    """

    def __init__(
        self, fmt: CallFormat, tools: Sequence[ToolSpec] = (), *, thinking: bool | None = None
    ) -> None:
        self._reader = OutputReader(
            fmt, tools, thinking=fmt.reasoning.opened if thinking is None else thinking
        )

    def push(self, text: str) -> Parsed:
        """Take more of the output, and return what is known so far, a call that is being written included."""
        self._reader.push(text)
        return self._reader.parsed()

    def finish(self) -> Parsed:
        """Return the whole output, as `parse` would."""
        self._reader.finish()
        return self._reader.parsed()
