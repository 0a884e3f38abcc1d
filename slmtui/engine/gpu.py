"""The GPUs that llama.cpp finds. Only the engine's child process, and the one that doctor asks, import this.

llama-cpp-python has no bindings for ggml's devices, so the functions are taken from the libraries that
it has loaded. `python -m slmtui.engine.gpu` prints them as one line of JSON.
"""

import contextlib
import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llama_cpp as lc
import msgspec

from slmtui.engine.sizing import GpuDevice

_LIBRARIES = ("ggml", "ggml-base", "llama")
_FILES = ("lib{}.so", "lib{}.dylib", "{}.dll", "lib{}.dll")
_GPU, _INTEGRATED = 1, 2
"""`enum ggml_backend_dev_type` in ggml-backend.h."""
_NOT_FOR_GPUS = {b"CPU", b"BLAS", b"RPC"}

Symbols = Callable[[str], Any]


def gpu_devices() -> tuple[bool, list[GpuDevice]]:
    """Return whether this build of llama.cpp can use GPUs, and those that it finds, in its order.

    A ggml that lacks one of the functions has none.
    """
    supported = bool(lc.llama_supports_gpu_offload())  # it also loads backends that are files of their own
    try:
        symbol = _symbols(_library_folder())
        return supported or _knows_gpus(symbol), _devices(symbol)
    except (AttributeError, OSError):
        return supported, []


def _devices(symbol: Symbols) -> list[GpuDevice]:
    """Return the GPUs; those that share the machine's memory only where there are no others, as llama.cpp."""
    count = _typed(symbol("ggml_backend_dev_count"), ctypes.c_size_t)
    get = _typed(symbol("ggml_backend_dev_get"), ctypes.c_void_p, ctypes.c_size_t)
    kind_of = _typed(symbol("ggml_backend_dev_type"), ctypes.c_int, ctypes.c_void_p)
    devices = [get(index) for index in range(count())]
    for kind in (_GPU, _INTEGRATED):
        found = [_described(symbol, device) for device in devices if kind_of(device) == kind]
        if found:
            return found
    return []


def _described(symbol: Symbols, device: int) -> GpuDevice:
    describe = _typed(symbol("ggml_backend_dev_description"), ctypes.c_char_p, ctypes.c_void_p)
    memory = _typed(symbol("ggml_backend_dev_memory"), None, *[ctypes.c_void_p] * 3)
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    memory(device, ctypes.byref(free), ctypes.byref(total))
    name = (describe(device) or b"GPU").decode("utf-8", "replace").strip()
    return GpuDevice(name, free.value, total.value)


def _knows_gpus(symbol: Symbols) -> bool:
    """Whether a backend for GPUs is in the build, be there a device for it or not."""
    count = _typed(symbol("ggml_backend_reg_count"), ctypes.c_size_t)
    get = _typed(symbol("ggml_backend_reg_get"), ctypes.c_void_p, ctypes.c_size_t)
    name = _typed(symbol("ggml_backend_reg_name"), ctypes.c_char_p, ctypes.c_void_p)
    return any(name(get(index)) not in _NOT_FOR_GPUS for index in range(count()))


def _typed(function: Any, result: Any, *arguments: Any) -> Any:
    """Give a C function its types: without them, ctypes would cut pointers to 32 bits."""
    function.restype = result
    function.argtypes = arguments
    return function


def _library_folder() -> Path:
    """Return the folder that llama-cpp-python has loaded its libraries from."""
    return Path(os.environ.get("LLAMA_CPP_LIB_PATH") or Path(lc.__file__).parent / "lib")


def _symbols(folder: Path) -> Symbols:
    """Return a look-up of functions in the libraries of a folder; it raises `AttributeError`.

    The names have moved between ggml's libraries, and Windows does not look into those that one loads.
    """
    paths = [folder / file.format(name) for name in _LIBRARIES for file in _FILES]
    libraries = [ctypes.CDLL(str(path)) for path in paths if path.is_file()]

    def look_up(name: str) -> Any:
        for library in libraries:
            with contextlib.suppress(AttributeError):
                return getattr(library, name)
        raise AttributeError(name)

    return look_up


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(gpu_devices()) + b"\n")
