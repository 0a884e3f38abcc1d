"""llama.cpp through its C functions and nothing else: one model, one context, one sequence.

It ends the process in many ways, so only child processes import this.
"""

import ctypes
from collections.abc import Sequence
from pathlib import Path

import llama_cpp as lc
import numpy as np

from tests.models import Weights

SEQUENCES = 16


class BareLlama:
    """A model with a context as the engine makes it. Raises `RuntimeError` where llama.cpp refuses.

    After `prefill` and `step`, row -1 of the context has the logits.
    """

    def __init__(self, path: Path, *, context: int, threads: int, batch: int) -> None:
        lc.llama_backend_init()
        self.model = lc.llama_model_load_from_file(str(path).encode(), lc.llama_model_default_params())
        if not self.model:
            raise RuntimeError(f"llama.cpp cannot load {path}")
        self.vocab = lc.llama_model_get_vocab(self.model)
        self.tokens = int(lc.llama_vocab_n_tokens(self.vocab))
        params = lc.llama_context_default_params()
        params.n_ctx = context
        params.n_batch = params.n_ubatch = batch
        params.n_seq_max = SEQUENCES
        params.kv_unified = True
        params.n_threads = params.n_threads_batch = threads
        params.flash_attn_type = lc.LLAMA_FLASH_ATTN_TYPE_DISABLED
        self.context = lc.llama_init_from_model(self.model, params)
        if not self.context:
            raise RuntimeError(f"llama.cpp cannot make a context of {context} tokens")
        self._memory = lc.llama_get_memory(self.context)
        self._size = batch
        self._batch = lc.llama_batch_init(batch, 0, 1)
        for i in range(batch):
            self._batch.n_seq_id[i] = 1
            self._batch.seq_id[i][0] = 0
        self._position = 0

    def prefill(self, tokens: Sequence[int]) -> None:
        """Forget everything, then decode a prompt batch by batch; only its last token gets logits."""
        lc.llama_memory_clear(self._memory, False)
        self._position = 0
        for start in range(0, len(tokens), self._size):
            part = tokens[start : start + self._size]
            for i, token in enumerate(part):
                self._batch.token[i] = token
                self._batch.pos[i] = self._position + i
                self._batch.logits[i] = start + i == len(tokens) - 1
            self._decode(len(part))
        lc.llama_synchronize(self.context)

    def step(self, token: int) -> None:
        """Decode one token after what was decoded before."""
        self._batch.token[0] = token
        self._batch.pos[0] = self._position
        self._batch.logits[0] = True
        self._decode(1)

    def logits(self) -> Weights:
        """Return a copy of the last row's logits, of shape (vocabulary,)."""
        pointer = lc.llama_get_logits_ith(self.context, -1)
        return np.ctypeslib.as_array(pointer, shape=(self.tokens,)).copy()

    def tokenize(self, text: str) -> list[int]:
        """Return the tokens of a text, control tokens included."""
        data = text.encode()
        tokens = (lc.llama_token * (len(data) + 8))()
        count = lc.llama_tokenize(self.vocab, data, len(data), tokens, len(tokens), False, True)
        return list(tokens[:count])

    def adapt(self, adapter: Path, scale: float) -> None:
        """Apply a LoRA adapter from here on."""
        pointer = lc.llama_adapter_lora_init(self.model, str(adapter).encode())
        if not pointer:
            raise RuntimeError(f"llama.cpp cannot use the adapter {adapter}")
        one = (lc.llama_adapter_lora_p_ctypes * 1)(pointer)
        if lc.llama_set_adapters_lora(self.context, one, 1, (ctypes.c_float * 1)(scale)):
            raise RuntimeError(f"llama.cpp cannot apply the adapter {adapter}")

    def _decode(self, rows: int) -> None:
        self._batch.n_tokens = rows
        if result := lc.llama_decode(self.context, self._batch):
            raise RuntimeError(f"llama_decode returned {result} at position {self._position}")
        self._position += rows
