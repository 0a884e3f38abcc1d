"""llama.cpp's C functions as three Python objects: a model, its vocabulary, and a context.

Only the engine's child process imports this module. What is here keeps the rules by which llama.cpp
does not end the process: no batch larger than the context was made for, one thread on a context,
nothing used after it was freed, every null pointer tested for truth (ctypes has no None for it).
"""

import ctypes
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llama_cpp as lc
import numpy as np
import numpy.typing as npt

from slmtui.engine.protocol import KvType

_CONTROL = lc.LLAMA_TOKEN_ATTR_CONTROL | lc.LLAMA_TOKEN_ATTR_UNKNOWN


class NativeError(Exception):
    """llama.cpp refused; the text says what, for the user."""


class Vocab:
    """A model's vocabulary: text to tokens, and tokens to bytes."""

    def __init__(self, pointer: ctypes.c_void_p) -> None:
        self.pointer = pointer
        self.size = int(lc.llama_vocab_n_tokens(pointer))
        self.bos = int(lc.llama_vocab_bos(pointer))
        self.eos = int(lc.llama_vocab_eos(pointer))
        self.add_bos = bool(lc.llama_vocab_get_add_bos(pointer))
        self._pieces: dict[tuple[int, bool], bytes] = {}
        self._attributes: dict[int, int] = {}
        self._buffer = ctypes.create_string_buffer(256)

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        """Return the tokens of a text. With `special` off, no text can become a control token.

        It can become one that is user-defined; see `slmtui.engine.tokenizing`.
        """
        if not text:
            return []
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        for _ in range(2):
            tokens = (lc.llama_token * room)()
            count = lc.llama_tokenize(self.pointer, data, len(data), tokens, room, False, special)
            if count >= 0:
                return list(tokens[:count])
            room = -count
        raise NativeError("the text could not be tokenized")

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """Return the bytes of a token, of any length; control tokens are empty unless `special`."""
        known = self._pieces.get((token, special))
        if known is not None:
            return known
        size = self._read_piece(token, special)
        if size < 0:
            self._buffer = ctypes.create_string_buffer(-size)
            size = self._read_piece(token, special)
        piece = self._buffer.raw[:size]
        self._pieces[token, special] = piece
        return piece

    def _read_piece(self, token: int, special: bool) -> int:
        return int(lc.llama_token_to_piece(self.pointer, token, self._buffer, len(self._buffer), 0, special))

    def text(self, token: int) -> str:
        """Return a special token as text, empty for the null token."""
        return self.piece(token, special=True).decode("utf-8", "replace") if token >= 0 else ""

    def is_end(self, token: int) -> bool:
        """Whether the token ends a turn."""
        return bool(lc.llama_vocab_is_eog(self.pointer, token))

    def is_control(self, token: int) -> bool:
        """Whether no text becomes the token, only what may hold control tokens."""
        return bool(self._attribute(token) & _CONTROL)

    def is_user_defined(self, token: int) -> bool:
        """Whether the token is found in any text that spells it."""
        return bool(self._attribute(token) & lc.LLAMA_TOKEN_ATTR_USER_DEFINED)

    def _attribute(self, token: int) -> int:
        known = self._attributes.get(token)
        if known is None:
            known = self._attributes[token] = int(lc.llama_vocab_get_attr(self.pointer, token))
        return known


class NativeModel:
    """The weights of one GGUF file, with its LoRA adapters.

    `window` is how many tokens the layers with a sliding window look back, 0 without such layers.
    """

    def __init__(self, path: Path, gpu_layers: int, progress: Callable[[float], None]) -> None:
        params = lc.llama_model_default_params()
        params.n_gpu_layers = gpu_layers

        def report(fraction: float, _data: object) -> bool:
            progress(fraction)
            return True

        params.progress_callback = self._progress = lc.llama_progress_callback(report)
        self.pointer = lc.llama_model_load_from_file(str(path).encode(), params)
        if not self.pointer:
            raise NativeError(f"llama.cpp cannot load {path.name}")
        self.vocab = Vocab(lc.llama_model_get_vocab(self.pointer))
        self.trained_context = int(lc.llama_model_n_ctx_train(self.pointer))
        # A recurrent state has no positions to cut at: only a whole prefix can be reused.
        self.window = int(lc.llama_model_n_swa(self.pointer))
        self.can_cut = not (
            lc.llama_model_is_recurrent(self.pointer) or lc.llama_model_is_hybrid(self.pointer)
        )

    def metadata(self, key: str) -> str | None:
        """Return a string of the file's metadata, or None."""
        size = 4096
        for _ in range(2):
            buffer = ctypes.create_string_buffer(size)
            length = lc.llama_model_meta_val_str(self.pointer, key.encode(), buffer, size)
            if length < 0:
                return None
            if length < size:
                return buffer.value.decode("utf-8", "replace")
            size = length + 1
        return None

    def adapter(self, path: Path) -> Any:
        """Load a LoRA adapter, which is freed with the model. Raises `NativeError`."""
        pointer = lc.llama_adapter_lora_init(self.pointer, str(path).encode())
        if not pointer:
            raise NativeError(f"{path.name} is not a LoRA adapter for this model; check engine.lora")
        return pointer


@dataclass(frozen=True, slots=True)
class ContextOptions:
    """The shape of a context: tokens of all sequences together, rows of a batch, threads, kind of cache."""

    context: int
    batch: int
    sequences: int
    threads: int
    batch_threads: int
    flash_attention: bool = False
    kv_type: KvType = "f16"


@dataclass(slots=True)
class Row:
    """One token of a batch: its sequence and position, and whether its logits are wanted."""

    token: int
    position: int
    sequence: int
    logits: bool


class NativeContext:
    """One llama.cpp context with several sequences in one unified KV cache.

    It belongs to the thread that made it; only `abort` may be called from another. After `close`,
    every other method raises `NativeError`.
    """

    def __init__(self, model: NativeModel, options: ContextOptions) -> None:
        # The abort callback is C's strlen over two bytes that we own: "" runs, "\1" aborts. It needs
        # no Python, which a callback polled after every graph node could not afford.
        self._flag = ctypes.create_string_buffer(2)
        library = ctypes.CDLL("ucrtbase" if hasattr(ctypes, "windll") else None)
        strlen = ctypes.cast(library.strlen, ctypes.c_void_p).value
        self._abort = lc.ggml_abort_callback(strlen)
        self._pointer = lc.llama_init_from_model(model.pointer, _params(options))
        if not self._pointer:
            raise NativeError(_no_context(options))
        lc.llama_set_abort_callback(self._pointer, self._abort, ctypes.cast(self._flag, ctypes.c_void_p))
        self._thread = threading.get_ident()
        self.size = int(lc.llama_n_ctx(self._pointer))
        self.batch_size = options.batch
        self._sequences = options.sequences
        self._vocab_size = model.vocab.size
        self._batch = lc.llama_batch_init(options.batch, 0, 1)

    @property
    def pointer(self) -> Any:
        """llama.cpp's own pointer. Raises `NativeError` after `close` and in another thread."""
        if self._pointer is None:
            raise NativeError("the context is closed")
        if threading.get_ident() != self._thread:
            raise NativeError("a context belongs to the thread that made it")
        return self._pointer

    def _memory(self, *sequences: int) -> Any:
        """Return llama.cpp's memory, of which these sequences are to be touched. Raises `NativeError`."""
        self._check(*sequences)
        return lc.llama_get_memory(self.pointer)

    def _check(self, *sequences: int) -> None:
        if not all(0 <= sequence < self._sequences for sequence in sequences):
            raise NativeError(f"there is no sequence {sequences} among {self._sequences}")

    def close(self) -> None:
        """Free the context."""
        pointer, self._pointer = self.pointer, None
        lc.llama_batch_free(self._batch)
        lc.llama_free(pointer)

    def set_adapters(self, adapters: Sequence[tuple[Any, float]]) -> None:
        """Apply LoRA adapters, each with its scale. Raises `NativeError`."""
        pointers = (lc.llama_adapter_lora_p_ctypes * len(adapters))(*(pointer for pointer, _ in adapters))
        scales = (ctypes.c_float * len(adapters))(*(scale for _, scale in adapters))
        if lc.llama_set_adapters_lora(self.pointer, pointers, len(adapters), scales) != 0:
            raise NativeError("the LoRA adapters cannot be applied to this model; check engine.lora")

    def set_threads(self, decode: int, batch: int) -> None:
        """Use so many threads for single tokens, and for larger batches."""
        lc.llama_set_n_threads(self.pointer, decode, batch)

    def abort(self) -> None:
        """Make a running `decode` return 2 after its current graph node. Any thread may call this."""
        self._flag[0] = b"\1"

    def resume(self) -> None:
        """Let `decode` run again after an abort."""
        self._flag[0] = b"\0"

    def decode(self, rows: Sequence[Row]) -> int:
        """Decode a batch. Returns 0 for done, 1 for no room in the KV cache, 2 for aborted, < 0 for bad."""
        if not 0 < len(rows) <= self.batch_size:
            raise NativeError(f"a batch of {len(rows)} rows in a context made for {self.batch_size}")
        pointer = self.pointer  # the batch is freed with the context
        batch = self._batch
        for i, row in enumerate(rows):
            if not (0 <= row.token < self._vocab_size and 0 <= row.sequence < self._sequences):
                raise NativeError(f"there is no token {row.token} or no sequence {row.sequence}")
            batch.token[i] = row.token
            batch.pos[i] = row.position
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = row.sequence
            batch.logits[i] = row.logits
        batch.n_tokens = len(rows)
        return int(lc.llama_decode(pointer, batch))

    def logits(self, row: int) -> npt.NDArray[np.float32]:
        """Return the logits of a row of the last batch, shape (vocabulary,): a view, valid until `decode`."""
        pointer = lc.llama_get_logits_ith(self.pointer, row)
        if not pointer:
            raise NativeError(f"row {row} of the batch has no logits")
        return np.ctypeslib.as_array(pointer, shape=(self._vocab_size,))

    def cut(self, sequence: int, position: int, end: int = -1) -> bool:
        """Remove a sequence's cells from `position` on, or up to `end`. False where that is not possible."""
        return bool(lc.llama_memory_seq_rm(self._memory(sequence), sequence, position, end))

    def first_position(self, sequence: int) -> int:
        """Return the first position that a sequence holds in every layer; -1 when it is empty."""
        return int(lc.llama_memory_seq_pos_min(self._memory(sequence), sequence))

    def clear(self) -> None:
        """Empty the memory of every sequence."""
        lc.llama_memory_clear(self._memory(), False)

    def copy(self, source: int, target: int, length: int) -> None:
        """Let `target` share the first `length` cells of `source`: metadata only."""
        lc.llama_memory_seq_cp(self._memory(source, target), source, target, 0, length)

    def copy_whole(self, source: int, target: int) -> None:
        """Let `target` share everything that `source` holds: all that a recurrent state allows."""
        lc.llama_memory_seq_cp(self._memory(source, target), source, target, -1, -1)

    def state_bytes(self, sequence: int) -> int:
        """Return the bytes of KV cache that a sequence holds, shared cells included."""
        self._check(sequence)
        return int(lc.llama_state_seq_get_size(self.pointer, sequence))

    def state(self, sequence: int) -> bytes:
        """Return the state of a sequence. Raises `NativeError`."""
        size = self.state_bytes(sequence)
        buffer = (ctypes.c_uint8 * size)()
        written = int(lc.llama_state_seq_get_data(self.pointer, buffer, size, sequence))
        if written != size:
            raise NativeError(f"the state of {size} bytes could not be read")
        return bytes(buffer)

    def set_state(self, sequence: int, state: bytes) -> bool:
        """Put a state into an empty sequence. False where there is no room; only for states of our own."""
        self._check(sequence)
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        return bool(lc.llama_state_seq_set_data(self.pointer, buffer, len(state), sequence))


_KV_TYPES: dict[KvType, int] = {"f16": lc.GGML_TYPE_F16, "q8_0": lc.GGML_TYPE_Q8_0, "q4_0": lc.GGML_TYPE_Q4_0}


def _no_context(options: ContextOptions) -> str:
    """Say why there may be no such context: llama.cpp does not tell memory from what it cannot compute."""
    if options.kv_type == "f16":
        return f"there is not enough memory for a context of {options.context} tokens; choose a smaller one"
    return (
        f"this model cannot have a context of {options.context} tokens in a KV cache of {options.kv_type}, "
        "which needs flash attention, heads of a multiple of 32 and enough memory; set engine.kv_cache to f16"
    )


def _params(options: ContextOptions) -> Any:
    params = lc.llama_context_default_params()
    params.n_ctx = options.context
    params.n_batch = params.n_ubatch = options.batch
    params.n_seq_max = options.sequences
    params.kv_unified = True
    params.n_threads, params.n_threads_batch = options.threads, options.batch_threads
    params.flash_attn_type = (
        lc.LLAMA_FLASH_ATTN_TYPE_ENABLED if options.flash_attention else lc.LLAMA_FLASH_ATTN_TYPE_DISABLED
    )
    params.type_k = params.type_v = _KV_TYPES[options.kv_type]
    return params
