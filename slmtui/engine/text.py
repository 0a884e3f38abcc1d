"""Output tokens as text: bytes joined across tokens, nothing dropped, nothing held longer than needed."""

import codecs
from dataclasses import dataclass, field

from agents.model import PurposeSwitch
from agents.message import Purpose


class Utf8Stream:
    """Turns the bytes of tokens into text as soon as whole characters are there.

    A byte that can start no character becomes U+FFFD at once, so invalid output never stalls a stream.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, data: bytes) -> str:
        """Return the characters that `data` completes."""
        return self._decoder.decode(data)

    def finish(self) -> str:
        """Return what an unfinished character at the end is shown as."""
        return self._decoder.decode(b"", True)


@dataclass(slots=True)
class PurposeTracker:
    """Says what each token is for: `current` until a switch's marker is complete in the output."""

    current: Purpose
    switches: list[PurposeSwitch]
    _tail: str = field(default="", init=False)

    def push(self, text: str) -> bool:
        """Take the text of one more token; True when the next token is for another purpose."""
        if not self.switches:
            return False
        self._tail += text
        marker = self.switches[0].marker
        if marker not in self._tail:
            self._tail = self._tail[-len(marker) :]
            return False
        self._tail = self._tail.split(marker, 1)[1]
        self.current = self.switches.pop(0).purpose
        return True
