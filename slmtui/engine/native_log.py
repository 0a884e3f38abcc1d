"""What llama.cpp says of itself, in the engine's log."""

import ctypes
import sys

import llama_cpp as lc

_DEBUG, _CONTINUED = 1, 5
"""`enum ggml_log_level`; llama-cpp-python's own table is off by one, and would hide errors."""


class NativeLog:
    """Writes llama.cpp's messages to standard error, but those for its developers. Keep a reference."""

    def __init__(self) -> None:
        self._shown = True
        self._callback = lc.llama_log_callback(self._write)
        lc.llama_log_set(self._callback, ctypes.c_void_p(0))

    def _write(self, level: int, text: bytes, _data: object) -> None:
        if level != _CONTINUED:
            self._shown = level != _DEBUG
        if self._shown:
            sys.stderr.write(text.decode("utf-8", "replace"))
            sys.stderr.flush()
