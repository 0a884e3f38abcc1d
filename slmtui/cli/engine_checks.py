"""What `slmtui doctor` says of the engine: whether it loads, and what it would choose for a model."""

import importlib.metadata
import importlib.util
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from slmtui.assemble import Surroundings, thread_cache
from slmtui.cli.check import Check
from slmtui.cli.output import table
from slmtui.engine.defaults import allowed_cores
from slmtui.engine.protocol import Load
from slmtui.engine.sizing import (
    GpuDevice,
    NoRoomError,
    choose_context,
    choose_gpu_layers,
    kv_cache_bytes,
)
from slmtui.thread_cache import CACHE_FILE, Measurement, thread_key
from slmtui.tui.format import significant

PACKAGE = "llama-cpp-python"
LOAD_TIMEOUT_S = 60.0
BUILD_ADVICE = "build it with `uv sync` (minutes; needs a C++ compiler), or install a prebuilt wheel of it"


@dataclass(frozen=True, slots=True)
class Probe:
    """What a process that loads llama.cpp saw: why it cannot, or nothing and the GPUs that it finds."""

    failure: str = ""
    supported: bool = False
    devices: tuple[GpuDevice, ...] = ()


def probe(find: Callable[[str], Any] = importlib.util.find_spec, python: str = sys.executable) -> Probe:
    """Load llama.cpp in another process, which may crash, and ask it for the GPUs."""
    if find("llama_cpp") is None:
        return Probe(f"{PACKAGE} is not installed")
    try:
        run = subprocess.run(
            [python, "-P", "-m", "slmtui.engine.gpu"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LOAD_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Probe(f"{_package()} does not load: {error}")
    failure = _failure(run.returncode, run.stderr)
    return Probe(f"{_package()} does not load: {failure}") if failure else _seen(run.stdout)


def _failure(code: int, errors: bytes) -> str:
    if code < 0:
        return f"its process ended with {signal.Signals(-code).name}"
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    return (lines[-1] if lines else "no reason given") if code else ""


def _seen(output: bytes) -> Probe:
    """Return what the process printed: its last line, as drivers may print before it."""
    with suppress(msgspec.MsgspecError, IndexError):
        line = output.strip().splitlines()[-1]
        return Probe("", *msgspec.json.decode(line, type=tuple[bool, tuple[GpuDevice, ...]]))
    return Probe()


def _package() -> str:
    with suppress(importlib.metadata.PackageNotFoundError):
        return f"{PACKAGE} {importlib.metadata.version(PACKAGE)}"
    return PACKAGE


def engine(seen: Probe) -> Check:
    """Say whether llama.cpp is installed, and whether it loads."""
    if seen.failure:
        return Check("engine", "problem", seen.failure, BUILD_ADVICE)
    return Check("engine", "ok", _package())


def context(load: Load, free: int) -> Check:
    """Say which context the engine would choose in `free` bytes of memory, and why."""
    try:
        choice = choose_context(load.context, load.shape, load.kv_type, free)
    except NoRoomError as error:
        return Check("context", "problem", "none fits", str(error))
    return Check("context", "note" if choice.doubtful else "ok", choice.note)


def kv_cache(load: Load) -> list[Check]:
    """Say what kind of KV cache was set, where that is not the usual one."""
    if load.kv_type == "f16" and not load.flash_attention:
        return []
    share = kv_cache_bytes(1000, load.shape, load.kv_type) / max(1, kv_cache_bytes(1000, load.shape, "f16"))
    memory = f"{share:.0%} of the memory of f16, " if load.kv_type != "f16" and share else ""
    return [Check("KV cache", "ok", f"{load.kv_type}, {memory}with flash attention, as set")]


def gpu(load: Load, context_bytes: int, seen: Probe) -> Check:
    """Say how many layers the engine would put on which GPU, and why."""
    if seen.failure:
        return Check("gpu", "note", "not known, as the engine does not load")
    choice = choose_gpu_layers(load.gpu_layers, load.shape, seen.devices, seen.supported, context_bytes)
    return Check("gpu", "note" if choice.doubtful else "ok", choice.note)


def threads(load: Load, around: Surroundings) -> Check:
    """Say how many threads decode and why, with the speeds where they were measured."""
    logical = allowed_cores()
    if not load.threads.decode:
        return Check(
            "threads", "ok", "not measured yet: a load measures, and keeps it when the machine is quiet"
        )
    measured = thread_cache(around).measurement(thread_key(load)) if load.threads.speed else None
    if measured:
        advice = f"to measure again, remove {around.cache / CACHE_FILE}"
        return Check("threads", "ok", load.threads.reason, advice, _speeds(measured))
    many = load.threads.decode > logical
    advice = f"there are only {logical} logical cores for this process; more threads slow decoding down"
    value = f"{load.threads.decode}, {load.threads.reason} ({logical} logical)"
    return Check("threads", "note" if many else "ok", value, advice if many else "")


def _speeds(measured: Measurement) -> tuple[str, ...]:
    rows = [
        (str(each.threads), significant(each.decode), significant(each.prefill)) for each in measured.speeds
    ]
    return tuple(table(("threads", "decode tok/s", "prefill tok/s"), rows, right=(0, 1, 2)).split("\n"))


def lora(load: Load) -> list[Check]:
    """Say which LoRA adapters were set, and which of them are missing."""
    if not load.lora:
        return []
    missing = [each.path for each in load.lora if not Path(each.path).is_file()]
    if missing:
        advice = "name a GGUF file that exists in engine.lora in the settings"
        return [Check("LoRA", "problem", f"there is no file {', '.join(missing)}", advice)]
    return [Check("LoRA", "ok", ", ".join(f"{each.path} × {each.scale:g}" for each in load.lora))]
