"""How many tokens a text is for the loaded model: exact where its own merges say so, else an estimate."""

import threading
from collections.abc import Callable
from pathlib import Path

from slmtui.backend import TokenCount
from slmtui.models.byte_pairs import KEPT, BytePairs, byte_pairs
from slmtui.models.errors import ModelFileError
from slmtui.models.gguf_header import read_header

CHARACTERS_PER_TOKEN = 4
"""Of English in ASCII, roughly, over the vocabularies in use."""
MAX_EXACT = 200_000
"""Characters. Counting goes on while a person types, so a longer text is estimated from its beginning."""


def estimate(text: str) -> int:
    """Return about how many tokens a text is: four ASCII characters make one, and any other makes one."""
    ascii_count = sum(character.isascii() for character in text)
    return -(-ascii_count // CHARACTERS_PER_TOKEN) + len(text) - ascii_count


class TokenCounter:
    """Counts with the vocabulary of one model, or estimates when there is no exact way."""

    def __init__(self, pairs: BytePairs | None) -> None:
        self._pairs = pairs

    @classmethod
    def of_file(cls, path: Path) -> "TokenCounter":
        """Read the vocabulary of a model file; takes up to a second. Raises `ModelFileError`."""
        return cls(byte_pairs(read_header(path, KEPT)))

    @property
    def exact(self) -> bool:
        """Whether short texts are counted exactly."""
        return self._pairs is not None

    def count(self, text: str) -> TokenCount:
        """Count the tokens of a text, with control tokens off."""
        if self._pairs is None:
            return TokenCount(estimate(text), exact=False)
        if len(text) <= MAX_EXACT:
            return TokenCount(len(self._pairs.encode(text)), exact=True)
        beginning = len(self._pairs.encode(text[:MAX_EXACT]))
        return TokenCount(round(beginning * len(text) / MAX_EXACT), exact=False)

    def encode(self, text: str) -> list[int] | None:
        """Return the model's tokens of a text, control tokens off; None where only an estimate is known."""
        return None if self._pairs is None else self._pairs.encode(text)


class BackgroundTokenCounter:
    """Estimates at once, and counts exactly as soon as a thread has read the vocabulary.

    The first count starts the thread: a command that counts nothing does not read it.
    """

    def __init__(self, load: Callable[[], TokenCounter]) -> None:
        self._load = load
        self._counter = TokenCounter(None)
        self._thread: threading.Thread | None = None

    def count(self, text: str) -> TokenCount:
        """Count the tokens of a text, or estimate them until the vocabulary is there."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._fill, name="token counter", daemon=True)
            self._thread.start()
        return self._counter.count(text)

    def wait(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds for the vocabulary; return whether its reading has ended."""
        if self._thread is None:
            return False
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _fill(self) -> None:
        try:
            self._counter = self._load()
        except (ModelFileError, ValueError, MemoryError):  # then it stays an estimate
            return
