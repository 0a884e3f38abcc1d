"""Drawing tokens: a llama.cpp sampler chain, with a grammar checked after the draw.

The grammar costs one token's check instead of the whole vocabulary's, unless it refuses what was
drawn (the order of llama.cpp's own `common_sampler_sample`).
"""

import ctypes
import math
import time
from typing import Any

import llama_cpp as lc
import numpy as np
import numpy.typing as npt

from agents.message import Sampling
from slmtui.engine.native import Vocab

_TOKEN_DATA = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
_PENALTY_WINDOW = 64


class GrammarError(Exception):
    """A grammar does not compile; the text quotes its first line."""


def _array(data: npt.NDArray[np.void]) -> lc.llama_token_data_array:
    pointer = data.ctypes.data_as(lc.llama_token_data_p)
    return lc.llama_token_data_array(data=pointer, size=len(data), selected=-1, sorted=False)


def _chain(sampling: Sampling, vocab: Vocab) -> Any:
    """Return the samplers in the order of llama.cpp's own default."""
    chain = lc.llama_sampler_chain_init(lc.llama_sampler_chain_default_params())
    if sampling.repeat_penalty != 1.0:
        penalties = lc.llama_sampler_init_penalties(
            vocab.size, _PENALTY_WINDOW, sampling.repeat_penalty, 0.0, 0.0
        )
        lc.llama_sampler_chain_add(chain, penalties)
    if sampling.temperature <= 0:
        lc.llama_sampler_chain_add(chain, lc.llama_sampler_init_greedy())
        return chain
    for sampler in (
        lc.llama_sampler_init_top_k(sampling.top_k),
        lc.llama_sampler_init_top_p(sampling.top_p, 1),
        lc.llama_sampler_init_min_p(sampling.min_p, 1),
        lc.llama_sampler_init_temp(sampling.temperature),
        lc.llama_sampler_init_dist(sampling.seed & 0xFFFFFFFF),
    ):
        lc.llama_sampler_chain_add(chain, sampler)
    return chain


class Sampler:
    """Draws the tokens of one call. `sampling_s` and `grammar_s` add up the seconds of each, apart."""

    def __init__(self, vocab: Vocab, sampling: Sampling, grammar: str | None) -> None:
        self._vocab = vocab
        self._candidates = np.empty(vocab.size, _TOKEN_DATA)
        self._ids = np.arange(vocab.size, dtype=np.int32)
        self._grammar: Any = None
        if grammar is not None:
            compiled = lc.llama_sampler_init_grammar(vocab.pointer, grammar.encode(), b"root")
            if not compiled:
                raise GrammarError(f"the grammar does not compile: {grammar.splitlines()[:1]}")
            self._grammar = compiled
        self._chain = _chain(sampling, vocab)
        self.sampling_s = 0.0
        self.grammar_s = 0.0

    def draw(self, logits: npt.NDArray[np.float32]) -> int | None:
        """Return the next token for logits of shape (vocabulary,), or None when the grammar has no way on."""
        started = time.monotonic()
        token: int | None = self._draw(logits)
        self.sampling_s += time.monotonic() - started
        if self._grammar:
            started = time.monotonic()
            token = self._constrain(token, logits)
            self.grammar_s += time.monotonic() - started
        if token is not None:
            lc.llama_sampler_accept(self._chain, token)
        return token

    def close(self) -> None:
        """Free the native samplers."""
        lc.llama_sampler_free(self._chain)
        if self._grammar:
            lc.llama_sampler_free(self._grammar)
            self._grammar = None

    def _constrain(self, token: int | None, logits: npt.NDArray[np.float32]) -> int | None:
        """Return the token if the grammar allows it, else one drawn among those that it allows."""
        if token is None or not self._allows(token):
            token = self._draw(logits, grammar=True)
            if not self._allows(token):
                return None
        # The grammar ends the process when it is given an end of turn, so it never is.
        if not self._vocab.is_end(token):
            lc.llama_sampler_accept(self._grammar, token)
        return token

    def _draw(self, logits: npt.NDArray[np.float32], *, grammar: bool = False) -> int:
        candidates = self._candidates
        candidates["id"] = self._ids
        candidates["logit"] = logits
        array = _array(candidates)
        if grammar:
            lc.llama_sampler_apply(self._grammar, ctypes.byref(array))
        lc.llama_sampler_apply(self._chain, ctypes.byref(array))
        return int(array.data[array.selected].id)

    def _allows(self, token: int) -> bool:
        one = np.array([(token, 1.0, 0.0)], _TOKEN_DATA)
        array = _array(one)
        lc.llama_sampler_apply(self._grammar, ctypes.byref(array))
        return not math.isinf(float(array.data[0].logit))
