"""Drawing tokens: a llama.cpp sampler chain, with a grammar checked after the draw.

The grammar costs one token's check instead of the whole vocabulary's, unless it refuses what was
drawn (the order of llama.cpp's own `common_sampler_sample`).
"""

import ctypes
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import llama_cpp as lc
import numpy as np
import numpy.typing as npt

from agents.message import Sampling
from agents.model import Request
from slmtui.engine.grammar_state import TOKEN_DATA, GrammarState, LazyGrammar, token_array
from slmtui.engine.native import NativeContext, Vocab
from slmtui.engine.token_index import TokenIndex

PENALTY_WINDOW = 64
_TRIES = 16

Logits = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Draw:
    """A drawn token, with the logarithm of its probability where that was asked for."""

    token: int
    logprob: float | None = None


def chain(sampling: Sampling, vocab: Vocab) -> Any:
    """Return the samplers in the order of llama.cpp's own default."""
    made = lc.llama_sampler_chain_init(lc.llama_sampler_chain_default_params())
    if sampling.repeat_penalty != 1.0:
        penalties = lc.llama_sampler_init_penalties(
            vocab.size, PENALTY_WINDOW, sampling.repeat_penalty, 0.0, 0.0
        )
        lc.llama_sampler_chain_add(made, penalties)
    if sampling.temperature <= 0:
        lc.llama_sampler_chain_add(made, lc.llama_sampler_init_greedy())
        return made
    for sampler in (
        lc.llama_sampler_init_top_k(sampling.top_k),
        lc.llama_sampler_init_top_p(sampling.top_p, 1),
        lc.llama_sampler_init_min_p(sampling.min_p, 1),
        lc.llama_sampler_init_temp(sampling.temperature),
        lc.llama_sampler_init_dist(sampling.seed & 0xFFFFFFFF),
    ):
        lc.llama_sampler_chain_add(made, sampler)
    return made


def log_probability(logits: Logits, token: int) -> float:
    """Return the natural logarithm of a token's probability at temperature 1, for logits (vocabulary,)."""
    wide = logits.astype(np.float64)
    top = wide.max()
    return float(wide[token] - top - np.log(np.exp(wide - top).sum()))


class Sampler:
    """Draws the tokens of one call. `sampling_s` and `grammar_s` add up the seconds of each, apart.

    Raises `slmtui.engine.gbnf.GrammarError`.
    """

    def __init__(self, vocab: Vocab, index: Callable[[], TokenIndex], request: Request) -> None:
        self._vocab = vocab
        self._sampling = request.sampling
        self._logprobs = request.logprobs
        self._grammar: GrammarState | None = None
        self._lazy: LazyGrammar | None = None
        if request.grammar is not None:
            grammar = request.grammar
            state = GrammarState(vocab, index, grammar)
            if request.triggers:
                state.close()  # it compiles, so it will when a trigger comes
                self._lazy = LazyGrammar(lambda: GrammarState(vocab, index, grammar), request.triggers)
            else:
                self._grammar = state
        self._chain = chain(request.sampling, vocab)
        self.sampling_s = 0.0
        self.grammar_s = 0.0

    def follow(self, tokens: Sequence[int]) -> None:
        """Take tokens for drawn ones: what goes on from them is penalised for repeating them."""
        if self._sampling.repeat_penalty != 1.0:
            for token in tokens[-PENALTY_WINDOW:]:
                lc.llama_sampler_accept(self._chain, token)

    def draw(self, context: NativeContext, row: int) -> Draw | None:
        """Return the next token for a row of the last batch; None when the grammar has no way on."""
        started = time.monotonic()
        # Only a penalty remembers tokens, and it must not remember one that the grammar refuses.
        late = self._sampling.repeat_penalty != 1.0 and (self._grammar or self._lazy) is not None
        first = self._first(context, row, late=late)
        drawn = time.monotonic()
        self.sampling_s += drawn - started
        token: int | None = first
        if self._grammar is not None or self._lazy is not None:
            token = self._constrain(first, context.logits(row))
            self.grammar_s += time.monotonic() - drawn
        if token is None:
            return None
        if late:
            lc.llama_sampler_accept(self._chain, token)
        return Draw(token, log_probability(context.logits(row), token) if self._logprobs else None)

    def close(self) -> None:
        """Free the native samplers."""
        lc.llama_sampler_free(self._chain)
        if self._grammar is not None:
            self._grammar.close()

    def _first(self, context: NativeContext, row: int, *, late: bool) -> int:
        if late:
            return self._among(np.arange(self._vocab.size, dtype=np.int32), context.logits(row))
        return int(lc.llama_sampler_sample(self._chain, context.pointer, row))

    def _constrain(self, token: int, logits: Logits) -> int | None:
        """Return the token if the grammar allows it, else one drawn among those that it allows."""
        if self._lazy is not None:
            return self._follow(self._lazy, token, logits)
        assert self._grammar is not None
        if not self._grammar.allows(token):
            allowed = self._grammar.likeliest(logits, self._wanted())
            if not len(allowed):
                return None
            token = self._among(allowed, logits)
        self._grammar.accept(token)
        return token

    def _wanted(self) -> int:
        """Return how many of the likeliest tokens the chain can choose among; 0 for all."""
        if self._sampling.repeat_penalty != 1.0:
            return 0
        return 1 if self._sampling.temperature <= 0 else self._sampling.top_k

    def _follow(self, lazy: LazyGrammar, token: int, logits: Logits) -> int:
        """Return the token, or another one where it would leave a grammar in the token that triggers it."""
        refused: list[int] = []
        for _ in range(_TRIES):
            state, fits = lazy.follow(self._vocab.piece(token, special=True))
            if fits:
                self._grammar = state
                if state is not None:
                    self._lazy = None
                return token
            refused.append(token)
            token = self._among(np.delete(np.arange(self._vocab.size, dtype=np.int32), refused), logits)
        # Nothing likely begins what the trigger promises: it was no trigger, and the text goes on freely.
        self._lazy = None
        return token

    def _among(self, tokens: npt.NDArray[np.int32], logits: Logits) -> int:
        """Return one of `tokens`, drawn by the chain."""
        data = np.zeros(len(tokens), TOKEN_DATA)
        data["id"] = tokens
        data["logit"] = logits[tokens]
        array = token_array(data)
        lc.llama_sampler_apply(self._chain, ctypes.byref(array))
        return int(array.data[array.selected].id)
