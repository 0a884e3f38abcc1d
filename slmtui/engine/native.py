"""llama.cpp's C functions as three Python objects: a model, its vocabulary, and a context.

Only the engine's child process imports this module. What is here keeps the rules by which llama.cpp
does not end the process: no batch larger than the context was made for, one thread on a context,
nothing used after it was freed, every null pointer tested for truth (ctypes has no None for it).
"""

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import llama_cpp as lc
import numpy as np
import numpy.typing as npt


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
        self._buffer = ctypes.create_string_buffer(256)

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        """Return the tokens of a text. With `special` off, no text can become a control token."""
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


class NativeModel:
    """The weights of one GGUF file."""

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


@dataclass(slots=True)
class Row:
    """One token of a batch: its sequence and position, and whether its logits are wanted."""

    token: int
    position: int
    sequence: int
    logits: bool


class NativeContext:
    """One llama.cpp context with several sequences in one unified KV cache."""

    def __init__(self, model: NativeModel, context: int, threads: int, batch: int, sequences: int) -> None:
        params = lc.llama_context_default_params()
        params.n_ctx = context
        params.n_batch = params.n_ubatch = batch
        params.n_seq_max = sequences
        params.kv_unified = True
        params.n_threads = params.n_threads_batch = threads
        params.flash_attn_type = lc.LLAMA_FLASH_ATTN_TYPE_DISABLED
        # The abort callback is C's strlen over two bytes that we own: "" runs, "\1" aborts. It needs
        # no Python, which a callback polled after every graph node could not afford.
        self._flag = ctypes.create_string_buffer(2)
        library = ctypes.CDLL("ucrtbase" if hasattr(ctypes, "windll") else None)
        strlen = ctypes.cast(library.strlen, ctypes.c_void_p).value
        self._abort = lc.ggml_abort_callback(strlen)
        self.pointer = lc.llama_init_from_model(model.pointer, params)
        if not self.pointer:
            raise NativeError(
                f"there is not enough memory for a context of {context} tokens; choose a smaller one"
            )
        lc.llama_set_abort_callback(self.pointer, self._abort, ctypes.cast(self._flag, ctypes.c_void_p))
        self.size = int(lc.llama_n_ctx(self.pointer))
        self.batch_size = batch
        self._vocab_size = model.vocab.size
        self._memory = lc.llama_get_memory(self.pointer)
        self._batch = lc.llama_batch_init(batch, 0, 1)

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
        batch = self._batch
        for i, row in enumerate(rows):
            batch.token[i] = row.token
            batch.pos[i] = row.position
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = row.sequence
            batch.logits[i] = row.logits
        batch.n_tokens = len(rows)
        return int(lc.llama_decode(self.pointer, batch))

    def logits(self, row: int) -> npt.NDArray[np.float32]:
        """Return the logits of a row of the last batch, shape (vocabulary,): a view, valid until `decode`."""
        pointer = lc.llama_get_logits_ith(self.pointer, row)
        if not pointer:
            raise NativeError(f"row {row} of the batch has no logits")
        return np.ctypeslib.as_array(pointer, shape=(self._vocab_size,))

    def cut(self, sequence: int, position: int) -> bool:
        """Remove a sequence's cells from `position` on. False where the model cannot be cut back."""
        return bool(lc.llama_memory_seq_rm(self._memory, sequence, position, -1))

    def copy(self, source: int, target: int, length: int) -> None:
        """Let `target` share the first `length` cells of `source`: metadata only."""
        lc.llama_memory_seq_cp(self._memory, source, target, 0, length)

    def copy_whole(self, source: int, target: int) -> None:
        """Let `target` share everything that `source` holds: all that a recurrent state allows."""
        lc.llama_memory_seq_cp(self._memory, source, target, -1, -1)

    def state_bytes(self, sequence: int) -> int:
        """Return the bytes of KV cache that a sequence holds, shared cells included."""
        return int(lc.llama_state_seq_get_size(self.pointer, sequence))
