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
    """Says what each token of a call is for: `current` until a switch's marker is complete in the output.

    Of several markers, the one that was completed last counts. While the output may still turn out to
    begin with an opening marker, it is `undecided` what its tokens are for.
    """

    def __init__(self, purpose: Purpose, switches: tuple[PurposeSwitch, ...]) -> None:
        self.current = purpose
        self._openings = [switch for switch in switches if switch.opening and switch.marker]
        self._switches = [switch for switch in switches if not switch.opening and switch.marker]
        self._longest = max((len(switch.marker) for switch in self._switches), default=0)
        self._tail = ""
        self._opening = ""
        for switch in switches:
            if switch.opening and not switch.marker:
                self.current = switch.purpose

    @property
    def undecided(self) -> bool:
        """Whether what the tokens so far are for depends on the next ones."""
        return bool(self._openings)

    def push(self, text: str) -> Purpose:
        """Take the text of one more token, special or not, and return what it and those undecided are for."""
        self._open(text)
        purpose = self.current
        before, self._tail = len(self._tail), self._tail + text
        ends = [
            (self._tail.rfind(switch.marker) + len(switch.marker), len(switch.marker), n)
            for n, switch in enumerate(self._switches)
            if switch.marker in self._tail
        ]
        # What was complete before this token has been counted.
        last = max(((end, size, n) for end, size, n in ends if end > before), default=None)
        if last is not None:
            self.current = self._switches[last[2]].purpose
        self._tail = self._tail[-self._longest :] if self._longest else ""
        return purpose

    def _open(self, text: str) -> None:
        if not self._openings:
            return
        self._opening = (self._opening + text).lstrip()
        for switch in self._openings:
            if self._opening.startswith(switch.marker):
                self.current = switch.purpose
                self._openings = []
                return
        self._openings = [s for s in self._openings if s.marker.startswith(self._opening)]


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
        """Take the text of one more token, special or not."""
        if self._marker:
            self._tail = (self._tail + text)[-len(self._marker) :]
