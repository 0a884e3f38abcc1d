"""What the app and the engine's child process say to each other: one JSON object a line."""

from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from agents.events import Event, from_json, to_json
from agents.model import Request


class Load(msgspec.Struct, tag=True, frozen=True):
    """Load a model. `context` 0 lets the engine choose, `threads` 0 too; `template` is a Jinja file."""

    path: str
    context: int = 0
    threads: int = 0
    batch: int = 128
    sequences: int = 16
    gpu_layers: int = 0
    template: str = ""


class Generate(msgspec.Struct, tag=True, frozen=True):
    """Run one call; its events come back under the call's id."""

    request: Request


class Cancel(msgspec.Struct, tag=True, frozen=True):
    """End a call within one decode step or one batch of its prefill."""

    call: str


class Quit(msgspec.Struct, tag=True, frozen=True):
    """End the process. The end of standard input says the same."""


Command: TypeAlias = Load | Generate | Cancel | Quit


class Loading(msgspec.Struct, tag=True, frozen=True):
    """The model is being read: `progress` is 0 to 1."""

    progress: float


class Loaded(msgspec.Struct, tag=True, frozen=True):
    """The model is ready, in these circumstances."""

    context: int
    threads: int
    gpu_layers: int
    llama_cpp: str
    system: str
    load_s: float


class LoadFailed(msgspec.Struct, tag=True, frozen=True):
    """The model cannot be used; `error` says why, for the user."""

    error: str


class CallEventLine(msgspec.Struct, tag=True, frozen=True):
    """One event of a call, as `agents.events` writes it."""

    call: str
    name: str
    data: msgspec.Raw


Reply: TypeAlias = Loading | Loaded | LoadFailed | CallEventLine

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
