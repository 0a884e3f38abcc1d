"""Output tokens as text: bytes joined across tokens, nothing dropped, nothing held longer than needed."""

import codecs

from agents.message import Purpose
from agents.model import PurposeSwitch


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


class PurposeTracker:
    """Says what each token of a call is for: `current` until a switch's marker is complete in the output."""

    def __init__(self, purpose: Purpose, switches: tuple[PurposeSwitch, ...]) -> None:
        self.current = purpose
        self._openings = [switch for switch in switches if switch.opening]
        self._switches = [switch for switch in switches if not switch.opening]
        self._tail = ""

    def push(self, text: str) -> Purpose:
        """Take the text of one more token and return what the token is for."""
        if self._openings and text.strip():
            for switch in self._openings:
                if text.lstrip().startswith(switch.marker):
                    self.current = switch.purpose
            self._openings = []
        purpose = self.current
        self._tail += text
        if self._switches:
            marker = self._switches[0].marker
            if marker in self._tail:
                self._tail = self._tail.split(marker, 1)[1]
                self.current = self._switches.pop(0).purpose
            else:
                self._tail = self._tail[-len(marker) :]
        return purpose


class PlaceWatch:
    """Says once when the place after a marker is reached: before the first token for an empty marker."""

    def __init__(self, marker: str) -> None:
        self._marker = marker
        self._tail = ""
        self._seen = False

    def due(self) -> bool:
        """Whether the next token stands at the place; True once."""
        if self._seen or (self._marker and not self._tail.endswith(self._marker)):
            return False
        self._seen = True
        return True

    def push(self, text: str) -> None:
        """Take the text of one more token."""
        if self._marker:
            self._tail = (self._tail + text)[-len(self._marker) :]
