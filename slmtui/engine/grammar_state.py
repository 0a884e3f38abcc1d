"""A grammar at work: which tokens it allows next, found without asking it about the whole vocabulary.

llama.cpp ends the process when a grammar is fed what it does not allow, or an end of turn, so nothing
reaches `accept` that `allows` has not let through. It takes a control token for the text that it is
written with, wherever a grammar leaves room for any text; here only where the grammar spells it.
"""

import codecs
import ctypes
import math
from collections.abc import Callable
from functools import cached_property
from typing import Any

import llama_cpp as lc
import numpy as np
import numpy.typing as npt

from slmtui.engine.gbnf import GrammarError, check
from slmtui.engine.native import Vocab
from slmtui.engine.token_index import TokenIds, TokenIndex

TOKEN_DATA = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
_BLOCK = 512
_NEAREST = 8192


def token_array(data: npt.NDArray[np.void]) -> lc.llama_token_data_array:
    """Return llama.cpp's view of an array of `TOKEN_DATA`, which must outlive it."""
    pointer = data.ctypes.data_as(lc.llama_token_data_p)
    return lc.llama_token_data_array(data=pointer, size=len(data), selected=-1, sorted=False)


class GrammarState:
    """One compiled grammar and how far the output has come in it. Raises `GrammarError`.

    An end of turn may come where the grammar is complete, or where all that is left of it spells that token.
    """

    def __init__(self, vocab: Vocab, index: Callable[[], TokenIndex], grammar: str) -> None:
        check(grammar, vocab.size)
        self._pointer: Any = lc.llama_sampler_init_grammar(vocab.pointer, grammar.encode(), b"root")
        if not self._pointer:
            raise GrammarError(f"llama.cpp does not compile the grammar that begins {grammar[:60]!r}")
        self._vocab = vocab
        self._index = index
        self._names_tokens = "<" in grammar
        self._grammar = grammar
        self._unfinished = b""
        self._one = np.zeros(1, TOKEN_DATA)
        self._one_array = token_array(self._one)

    def close(self) -> None:
        """Free the grammar."""
        if self._pointer:
            lc.llama_sampler_free(self._pointer)
            self._pointer = None

    def allows(self, token: int) -> bool:
        """Whether a token may come next."""
        if self._fits(self._pointer, token):
            return not self._is_foreign(token) and self._left_open(token) is not None
        return self._is_spelled_end(token)

    def accept(self, token: int) -> None:
        """Go on by a token that is allowed; an end of turn is never fed."""
        if not self._vocab.is_end(token):
            self._unfinished = self._left_open(token) or b""
            lc.llama_sampler_accept(self._pointer, token)

    def accept_text(self, data: bytes) -> bool:
        """Go on by bytes, one at a time; False, and somewhere on the way, when one is not allowed."""
        tokens = self._index().byte_tokens
        for byte in data:
            if tokens[byte] < 0 or not self.allows(tokens[byte]):
                return False
            self.accept(tokens[byte])
        return True

    def _fits(self, pointer: Any, token: int) -> bool:
        """Whether llama.cpp lets a token through."""
        self._one[0] = (token, 1.0, 0.0)
        lc.llama_sampler_apply(pointer, ctypes.byref(self._one_array))
        return not math.isinf(float(self._one[0]["logit"]))

    def _is_foreign(self, token: int) -> bool:
        """Whether a token is a control token that the grammar does not spell."""
        control = self._vocab.is_control(token) and not self._vocab.is_end(token)
        return control and "<[" not in self._grammar and self._vocab.text(token) not in self._grammar

    def _is_spelled_end(self, token: int) -> bool:
        """Whether a token ends a turn and is written as all that the grammar still asks for."""
        if not self._vocab.is_end(token) or self._vocab.text(token) not in self._grammar:
            return False
        tokens = self._index().byte_tokens
        clone = lc.llama_sampler_clone(self._pointer)
        try:
            for byte in self._vocab.piece(token, special=True):
                if tokens[byte] < 0 or not self._fits(clone, tokens[byte]):
                    return False
                lc.llama_sampler_accept(clone, tokens[byte])
            return self._fits(clone, token)
        finally:
            lc.llama_sampler_free(clone)

    def likeliest(self, logits: npt.NDArray[np.float32], count: int) -> TokenIds:
        """Return the `count` likeliest tokens that may come next, likeliest first; all of them for 0.

        `logits` has the shape (vocabulary,). The tokens are asked about in order of their logits, and
        only those whose first byte is possible: after an opening brace that leaves a few hundred.
        """
        possible = self._possible()
        near = possible
        if count and len(possible) > _NEAREST:
            near = possible[np.argpartition(-logits[possible], _NEAREST)[:_NEAREST]]
        found = self._first_allowed(near, logits, count)
        if len(near) < len(possible) and len(found) < count:
            found = self._first_allowed(possible, logits, count)
        return found

    def _possible(self) -> TokenIds:
        """Return the tokens whose first byte may come next; all where the grammar may name tokens."""
        index = self._index()
        if self._names_tokens:
            return index.beginning_with(range(256))
        known = [byte for byte in range(256) if index.byte_tokens[byte] >= 0]
        allowed = self._allowed(np.array([index.byte_tokens[byte] for byte in known], np.int32))
        refused = {byte for byte, ok in zip(known, allowed, strict=True) if not ok}
        return index.beginning_with(byte for byte in range(256) if byte not in refused)

    def _first_allowed(self, tokens: TokenIds, logits: npt.NDArray[np.float32], count: int) -> TokenIds:
        ordered = tokens[np.argsort(-logits[tokens], kind="stable")]
        found: list[TokenIds] = []
        total = 0
        for start in range(0, len(ordered), _BLOCK):
            block = ordered[start : start + _BLOCK]
            found.append(block[self._allowed(block)])
            total += len(found[-1])
            if count and total >= count:
                break
        return np.concatenate(found)[: count or None] if found else tokens[:0]

    def _allowed(self, tokens: TokenIds) -> npt.NDArray[np.bool_]:
        data = np.zeros(len(tokens), TOKEN_DATA)
        data["id"] = tokens
        lc.llama_sampler_apply(self._pointer, ctypes.byref(token_array(data)))
        allowed: npt.NDArray[np.bool_] = np.isfinite(data["logit"])
        # Few tokens are no whole characters; only they can break the text, or all that follow one.
        for n in np.flatnonzero(allowed & (self._index().fragments[tokens] | bool(self._unfinished))):
            allowed[n] = self._left_open(int(tokens[n])) is not None
        allowed &= ~self._foreign[tokens]
        for n in np.flatnonzero(~allowed & np.isin(tokens, self._index().ending)):
            allowed[n] = self._is_spelled_end(int(tokens[n]))
        return allowed

    @cached_property
    def _foreign(self) -> npt.NDArray[np.bool_]:
        """Which tokens are control tokens that the grammar does not spell, shape (vocabulary,)."""
        foreign = np.zeros(self._vocab.size, np.bool_)
        foreign[[int(token) for token in self._index().controls if self._is_foreign(int(token))]] = True
        return foreign

    def _left_open(self, token: int) -> bytes | None:
        """Return the character that a token leaves unfinished; None when its bytes do not make a text.

        llama.cpp's own reading of UTF-8 takes bytes for a character that no other reader takes for one.
        """
        data = self._unfinished + self._vocab.piece(token, special=True)
        if data.isascii():
            return b""
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(data)
        except UnicodeDecodeError:
            return None
        return decoder.getstate()[0]


class LazyGrammar:
    """A grammar that waits for a trigger in the output, and holds what follows from the trigger on.

    Only the end of the output that could be the beginning of a trigger is kept, so the cost of a token
    does not grow with the output.
    """

    def __init__(self, make: Callable[[], GrammarState], triggers: tuple[str, ...]) -> None:
        self._make = make
        self._triggers = [trigger.encode() for trigger in triggers if trigger]
        self._longest = max(map(len, self._triggers), default=0)
        self._tail = b""

    def follow(self, piece: bytes) -> tuple[GrammarState | None, bool]:
        """Take the bytes of a token: return the grammar at work when it completes a trigger.

        The second value is False when the token completes a trigger and goes on as the grammar does not
        allow; then it must not be drawn, and nothing is changed.
        """
        text = self._tail + piece
        starts = [(text.find(trigger), trigger) for trigger in self._triggers if trigger in text]
        if not starts:
            self._tail = text[-(self._longest - 1) :] if self._longest > 1 else b""
            return None, True
        start, _ = min(starts)
        state = self._make()
        if state.accept_text(text[start:]):
            return state, True
        state.close()
        return None, False
