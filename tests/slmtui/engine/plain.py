"""A model without roles: its template writes the messages one after the other, and a letter is a token.

So a test knows the tokens of every prompt, and of every output that `LETTERS` holds.
"""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from agents.message import Message
from slmtui.engine.client import Engine
from slmtui.engine.protocol import Load, Threads
from tests.slmtui.engine.conftest import facts_of

TEMPLATE = "{% for m in messages %}{{ m['content'] }}{% endfor %}"
LETTERS = "root ::= [a-d]*"
ONE = Threads(1, 1)


def answer(text: str) -> Message:
    return Message("assistant", text, "history", 1)


def small(model: Path, *, batch: int = 32, sequences: int = 4, context: int = 4096) -> Load:
    """Return a load of a tiny model that measures nothing."""
    return Load(str(model), context=context, threads=ONE, batch=batch, sequences=sequences)


def plain(load: Load, folder: Path) -> Load:
    """Return the load with the template that adds nothing."""
    template = folder / "plain.jinja"
    template.write_text(TEMPLATE)
    return msgspec.structs.replace(load, template=str(template))


@contextlib.asynccontextmanager
async def running(load: Load, folder: Path) -> AsyncIterator[Engine]:
    """Start an engine, and end it in any case."""
    engine = Engine(load, folder / "engine.log", facts_of)
    try:
        await engine.start()
        yield engine
    finally:
        await engine.close()


def shared(a: str, b: str) -> int:
    """Return how many characters two texts begin with alike."""
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
