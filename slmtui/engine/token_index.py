"""A vocabulary by the bytes of its tokens: those that begin with a byte, are one, or spell a name."""

import threading
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from slmtui.engine.native import Vocab

TokenIds = npt.NDArray[np.int32]


def _is_text(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


class TokenIndex:
    """The tokens of a vocabulary by their bytes. Reading it all takes a fraction of a second, once.

    `byte_tokens` has the token of each single byte, -1 where there is none. `ending` are the tokens
    that end a turn, and `controls` what else no text becomes. `fragments` says of each token whether
    its bytes are no whole characters.
    """

    def __init__(self, vocab: Vocab) -> None:
        by_first: defaultdict[int, list[int]] = defaultdict(list)
        self.byte_tokens = [-1] * 256
        self._by_piece: dict[bytes, int] = {}
        self.fragments: npt.NDArray[np.bool_] = np.zeros(vocab.size, np.bool_)
        ending, controls = [], []
        for token in range(vocab.size):
            piece = vocab.piece(token, special=True)
            self.fragments[token] = not _is_text(piece)
            if vocab.is_end(token):
                ending.append(token)
                continue
            if vocab.is_control(token):
                controls.append(token)
            if piece:
                by_first[piece[0]].append(token)
                self._by_piece.setdefault(piece, token)
                if len(piece) == 1:
                    self.byte_tokens[piece[0]] = self._by_piece[piece]
        self.ending: TokenIds = np.array(ending, np.int32)
        self.controls: TokenIds = np.array(controls, np.int32)
        self._by_first: dict[int, TokenIds] = {b: np.array(ids, np.int32) for b, ids in by_first.items()}

    def beginning_with(self, first: Iterable[int]) -> TokenIds:
        """Return the tokens whose first byte is one of `first`, with those that end a turn."""
        return np.concatenate([self.ending, *(self._by_first[b] for b in first if b in self._by_first)])

    def prefixes(self, name: str) -> list[int]:
        """Return the tokens that a text can begin with when `name` is what is written."""
        data = name.encode()
        return [self._by_piece[data[:n]] for n in range(1, len(data) + 1) if data[:n] in self._by_piece]


class IndexInBackground:
    """Reads a vocabulary in a thread of its own: neither loading nor the first grammar waits for it."""

    def __init__(self, vocab: Vocab) -> None:
        self._index: TokenIndex | None = None
        # A vocabulary object has a buffer, and so belongs to one thread.
        self._own = Vocab(vocab.pointer)
        self._thread = threading.Thread(target=self._read, name="vocabulary", daemon=True)
        self._thread.start()

    def __call__(self) -> TokenIndex:
        """Return the index, when it is there."""
        self._thread.join()
        assert self._index is not None
        return self._index

    def _read(self) -> None:
        self._index = TokenIndex(self._own)
