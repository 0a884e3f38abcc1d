"""What an app and the engine's process say to each other, on pipes or a socket: one JSON object a line."""

from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from agents.events import Event, from_json, to_json
from agents.message import Message
from agents.model import Request

KvType = Literal["f16", "q8_0", "q4_0"]
AUTO_LAYERS = -1

PROTOCOL = 4
"""Grows with every change of a message: apps and engines meet only under the same one."""


class Lora(msgspec.Struct, frozen=True):
    """A LoRA adapter (a GGUF file) and the factor it is applied with."""

    path: str
    scale: float = 1.0


class Shape(msgspec.Struct, frozen=True):
    """What the engine needs to know of a model before loading it; zeros where the file does not say.

    `kv_bytes` is what one token of context takes in a 16-bit KV cache, `weights` the bytes of all.
    """

    layers: int = 0
    kv_bytes: int = 0
    weights: int = 0
    trained_context: int = 0


class Threads(msgspec.Struct, frozen=True):
    """Threads that `decode` one token and that read a `batch`, and why; 0 lets the engine measure.

    `speed` is what was measured when they were chosen, decoding one sequence, in tokens a second; 0 where
    nothing was.
    """

    decode: int = 0
    batch: int = 0
    reason: str = ""
    speed: float = 0.0


class Load(msgspec.Struct, tag=True, frozen=True):
    """Load a model. `context` 0 lets the engine choose, as `AUTO_LAYERS` does for layers on the GPU.

    `cache_mb` is what idle sequences may take in memory beside the context, as far as it is free.
    `template` is a Jinja file. `kv_type` is the element type of the KV cache; types below 16 bits
    need `flash_attention`.
    """

    path: str
    context: int = 0
    threads: Threads = Threads()
    batch: int = 128
    sequences: int = 16
    cache_mb: int = 2048
    gpu_layers: int = AUTO_LAYERS
    template: str = ""
    flash_attention: bool = False
    kv_type: KvType = "f16"
    lora: tuple[Lora, ...] = ()
    shape: Shape = Shape()


class Hello(msgspec.Struct, tag=True, frozen=True):
    """The first line on a socket: `token` shows that the other end may read our files."""

    token: str


class Generate(msgspec.Struct, tag=True, frozen=True):
    """Run one call; its events come back under the call's id."""

    request: Request


class Cancel(msgspec.Struct, tag=True, frozen=True):
    """End a call within one decode step or one batch of its prefill."""

    call: str


class EndTurn(msgspec.Struct, tag=True, frozen=True):
    """A turn has made its last call: what it held need not be kept for it. Answered by `TurnEnded`."""

    turn: str


class SaveState(msgspec.Struct, tag=True, frozen=True):
    """Write what the KV cache holds of a conversation to a file. Answered by `StateDone`.

    `fingerprint` names the model and the context's kind; a state restores only under the same.
    """

    id: str
    path: str
    fingerprint: str
    messages: tuple[Message, ...]


class RestoreState(msgspec.Struct, tag=True, frozen=True):
    """Read a saved state into an idle sequence. Answered by `StateDone`, with `error` when refused."""

    id: str
    path: str
    fingerprint: str


class Ping(msgspec.Struct, tag=True, frozen=True):
    """Show a sign of life. Answered by `Pong` at once, even in the middle of a batch."""


class Quit(msgspec.Struct, tag=True, frozen=True):
    """End the process. The end of standard input says the same."""


Command: TypeAlias = Load | Hello | Generate | Cancel | EndTurn | SaveState | RestoreState | Ping | Quit


class Loading(msgspec.Struct, tag=True, frozen=True):
    """The model is being read: `progress` is 0 to 1."""

    progress: float


class ThreadSpeed(msgspec.Struct, frozen=True):
    """What a number of threads was measured to do, in tokens a second."""

    threads: int
    decode: float
    prefill: float


class Loaded(msgspec.Struct, tag=True, frozen=True):
    """The model is ready, in these circumstances. `notes` says in words why context and layers are so.

    `speeds` is not empty when threads were measured for this load. `warm` says that sequences are held.
    """

    pid: int
    context: int
    threads: Threads
    gpu_layers: int
    llama_cpp: str
    system: str
    load_s: float
    flash_attention: bool = False
    kv_type: KvType = "f16"
    context_note: str = ""
    gpu_note: str = ""
    speeds: tuple[ThreadSpeed, ...] = ()
    warm: bool = False


class ThreadsChanged(msgspec.Struct, tag=True, frozen=True):
    """Decoding had become slow, and the threads were measured again."""

    threads: Threads
    speeds: tuple[ThreadSpeed, ...]


class LoadFailed(msgspec.Struct, tag=True, frozen=True):
    """The model cannot be used; `error` says why, for the user."""

    error: str


class CallEventLine(msgspec.Struct, tag=True, frozen=True):
    """One event of a call, as `agents.events` writes it."""

    call: str
    name: str
    data: msgspec.Raw


class TurnEnded(msgspec.Struct, tag=True, frozen=True):
    """A turn was ended, after `cpu_s` seconds of the engine's CPU time that were spent on its calls."""

    turn: str
    cpu_s: float


class StateDone(msgspec.Struct, tag=True, frozen=True):
    """A state was saved or restored: so many `tokens` in so many `bytes`; or not, for `error`."""

    id: str
    tokens: int = 0
    bytes: int = 0
    error: str = ""


class Pong(msgspec.Struct, tag=True, frozen=True):
    """The engine lives. `steps` counts its batches; while `busy`, it must grow.

    `cpu_s` is the engine's CPU time by running turn: a batch's time is split over the rows in it.
    """

    busy: bool
    steps: int
    warm: bool
    clients: int = 1
    cpu_s: dict[str, float] = {}


Reply: TypeAlias = (
    Loading | Loaded | LoadFailed | ThreadsChanged | CallEventLine | TurnEnded | StateDone | Pong
)

_COMMANDS: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
_REPLIES: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)


def encode(message: Command | Reply) -> bytes:
    """Return the line of a message, newline included."""
    return msgspec.json.encode(message) + b"\n"


def decode_command(line: bytes) -> Command:
    """Return the command on a line. Raises `msgspec.MsgspecError`."""
    return _COMMANDS.decode(line)


def decode_reply(line: bytes) -> Reply:
    """Return the reply on a line. Raises `msgspec.MsgspecError`."""
    return _REPLIES.decode(line)


def event_line(call: str, event: Event) -> bytes:
    """Return the line of one event of a call."""
    return encode(CallEventLine(call, type(event).__name__, msgspec.Raw(to_json(event).encode())))


def event_of(line: CallEventLine) -> Any:
    """Return the event on a line. Raises as `agents.events.from_json` does."""
    return from_json(line.name, bytes(line.data).decode())


def read_template(path: str) -> str:
    """Return the text of a chat template file. Raises `OSError` and `UnicodeDecodeError`."""
    return Path(path).read_text(encoding="utf-8")
