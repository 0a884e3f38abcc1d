"""What the engine chooses when it is not told: context and layers on the GPU, each with its reason in words.

Nothing here asks the machine: memory and devices are given, so that `slmtui doctor` can say what the
engine will choose.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from slmtui.engine.defaults import DEFAULT_CONTEXT
from slmtui.engine.protocol import KvType, Shape

SMALLEST_CONTEXT = 512
ALL_LAYERS = 999
"""More layers than any model has, for one whose number of layers is not known."""

_CONTEXT_STEP = 256
"""llama.cpp rounds a context up to this many tokens."""
_SEQUENCES_AT_ONCE = 2
"""A context longer than the model was trained for is of use to conversations that run side by side."""
_KV_SHARE: dict[KvType, float] = {"f16": 1.0, "q8_0": 8.5 / 16, "q4_0": 4.5 / 16}
"""What a type takes of the bytes of 16-bit floats: blocks of 32 elements with a 16-bit scale."""
_SPARE = 1.1
"""A GPU also holds what it computes with: about a tenth of weights and KV cache."""


class NoRoomError(Exception):
    """Not even the smallest context fits in memory; the text says what to do."""


@dataclass(frozen=True, slots=True)
class ContextChoice:
    """A context of `tokens`, and one sentence that says why. `doubtful` when it was set and looks wrong."""

    tokens: int
    note: str
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class GpuDevice:
    """A GPU that llama.cpp can use; `total_bytes` is 0 where it does not say how much memory it has."""

    name: str
    free_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class LayersChoice:
    """`layers` on the GPU, the output layer counted; `note` and `doubtful` as in `ContextChoice`."""

    layers: int
    note: str
    doubtful: bool = False


def kv_cache_bytes(tokens: int, shape: Shape, kv_type: KvType) -> int:
    """Return the bytes of a KV cache of `tokens`: an upper bound, 0 where the shape is not known."""
    return round(tokens * shape.kv_bytes * _KV_SHARE[kv_type])


def choose_context(asked: int, shape: Shape, kv_type: KvType, free: int) -> ContextChoice:
    """Return the context in tokens: `asked`, or as much as is of use and fits when that is 0.

    `free` is the memory in bytes before the weights are loaded. The context is shared by all
    sequences; no single one may outgrow what the model was trained for. Raises `NoRoomError`.
    """
    beside = max(0, free - shape.weights)
    if asked > 0:
        return _context_as_set(asked, shape, kv_cache_bytes(asked, shape, kv_type), beside)
    tokens, reason = _useful_context(shape.trained_context)
    if 2 * kv_cache_bytes(tokens, shape, kv_type) > beside:
        fitting = int(beside / 2 / (shape.kv_bytes * _KV_SHARE[kv_type]))
        tokens = min(tokens, max(SMALLEST_CONTEXT, fitting // _CONTEXT_STEP * _CONTEXT_STEP))
        reason = "as many as half of the memory beside the weights holds"
    needed = kv_cache_bytes(tokens, shape, kv_type)
    if needed > beside:
        raise NoRoomError(_no_room(shape, needed, free))
    taken = f", and the KV cache takes {_size(needed)} of {_size(beside)} free" if needed else ""
    return ContextChoice(tokens, f"{tokens} tokens: {reason}{taken}")


def _useful_context(trained: int) -> tuple[int, str]:
    """Return the tokens of context that are of use where memory is no matter, and the reason."""
    if trained <= 0:
        return DEFAULT_CONTEXT, "the usual size; the file does not say what the model was trained for"
    shared = trained * _SEQUENCES_AT_ONCE
    if shared >= DEFAULT_CONTEXT:
        return DEFAULT_CONTEXT, f"the usual size; the model was trained for {trained}"
    tokens = max(SMALLEST_CONTEXT, shared // _CONTEXT_STEP * _CONTEXT_STEP)
    return tokens, f"room for agents side by side, each within the {trained} that the model was trained for"


def _context_as_set(asked: int, shape: Shape, needed: int, beside: int) -> ContextChoice:
    note = f"{asked} tokens, as set"
    trained = shape.trained_context
    if 0 < trained < asked:
        note += f"; no conversation may outgrow the {trained} that the model was trained for"
    wasteful = 0 < trained * _SEQUENCES_AT_ONCE < asked
    if needed > beside:
        note += f"; the KV cache takes {_size(needed)}, and {_size(beside)} are free: set a smaller context"
    return ContextChoice(asked, note, doubtful=wasteful or needed > beside)


def _no_room(shape: Shape, needed: int, free: int) -> str:
    return (
        f"there is not enough memory: the weights take {_size(shape.weights)} and a KV cache of "
        f"{SMALLEST_CONTEXT} tokens {_size(needed)}, and {_size(free)} are free; close other programs "
        "or take a smaller model (setting engine.context tries it all the same)"
    )


def choose_gpu_layers(
    asked: int, shape: Shape, devices: Sequence[GpuDevice], supported: bool, context_bytes: int
) -> LayersChoice:
    """Return the layers to put on the GPU: `asked`, or as many as fit when that is negative.

    `context_bytes` is the KV cache. `supported` says that the build of llama.cpp knows GPUs at all.
    Without a device it is 0, whatever was asked.
    """
    if not devices:
        return _no_gpu(asked, supported=supported)
    name = " and ".join(device.name for device in devices)
    free = sum(device.free_bytes for device in devices)
    if not shape.layers or not all(device.total_bytes for device in devices):
        return _unmeasured(asked, shape, name)
    everything = shape.layers + 1
    whole = shape.weights + context_bytes
    if asked >= 0:
        return _layers_as_set(min(asked, everything), everything, name, whole, free)
    if whole * _SPARE <= free:
        return LayersChoice(everything, f"all {everything} layers on {name}: {_size(whole)} of {_size(free)}")
    layers = min(shape.layers, int(free / (whole * _SPARE / everything)))
    return LayersChoice(
        layers,
        f"{layers} of {everything} layers on {name}, in {_size(free)}: the rest would not fit; close other "
        "programs or take a smaller model",
    )


def _no_gpu(asked: int, *, supported: bool) -> LayersChoice:
    note = (
        "no GPU was found, though this build of llama.cpp could use one"
        if supported
        else "no GPU: this build of llama.cpp is for the CPU only"
    )
    if asked > 0:
        note += f"; gpu_layers = {asked} in the settings has no effect"
    return LayersChoice(0, note, doubtful=asked > 0)


def _unmeasured(asked: int, shape: Shape, name: str) -> LayersChoice:
    """Return the choice where it cannot be told what fits: everything, unless a number was set."""
    if asked >= 0:
        return LayersChoice(asked, f"{asked} layers on {name}, as set")
    layers = shape.layers + 1 if shape.layers else ALL_LAYERS
    return LayersChoice(layers, f"all layers on {name}; it cannot be told beforehand whether they fit")


def _layers_as_set(layers: int, everything: int, name: str, whole: int, free: int) -> LayersChoice:
    note = f"{layers} of {everything} layers on {name}, as set"
    needed = whole * layers // everything
    if needed > free:
        note += f"; they take {_size(needed)}, and {_size(free)} are free: set fewer"
    return LayersChoice(layers, note, doubtful=needed > free)


def _size(number_of_bytes: int) -> str:
    """Return an amount of memory in decimal units, as `slmtui.tui.format.size` does."""
    if number_of_bytes < 1e9:
        return f"{number_of_bytes / 1e6:.0f} MB"
    return f"{number_of_bytes / 1e9:.1f} GB"
