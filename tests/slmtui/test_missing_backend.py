import asyncio

import pytest

from agents.message import Sampling
from slmtui.backend import Backend, BackendError, TurnRequest
from slmtui.missing_backend import MissingBackend
from tests.slmtui.tui.scripted import FACTS, ScriptedBackend

REASON = "No model was found."
REQUEST = TurnRequest("s", "base", "hello", (), Sampling())


def no_progress(_share: float) -> None:
    pass


def refuse(model: str) -> Backend:
    raise BackendError(f"There is no model {model}.")


async def asked(backend: Backend) -> list[str]:
    return [type(event).__name__ async for event in backend.run(REQUEST, asyncio.Event())]


async def test_it_says_why_there_is_no_model() -> None:
    backend = MissingBackend(REASON, refuse)
    with pytest.raises(BackendError, match=REASON):
        await backend.start(no_progress)
    with pytest.raises(BackendError, match=REASON):
        await asked(backend)
    assert backend.facts is None
    assert not backend.count_tokens("three small words").exact


async def test_what_needs_no_model_does_nothing() -> None:
    backend = MissingBackend(REASON, refuse)
    await backend.suspend("s", ())
    assert await backend.resume("s") == 0
    await backend.unload()
    await backend.close()


async def test_a_model_that_is_named_takes_its_place() -> None:
    made = ScriptedBackend()
    made.kept["s"] = 7
    backend = MissingBackend(REASON, lambda _model: made)
    await backend.switch("a.gguf", no_progress)
    assert backend.facts == FACTS
    assert (await asked(backend))[-1] == "TurnFinished"
    await backend.switch("b.gguf", no_progress)
    await backend.suspend("s", ())
    assert await backend.resume("s") == 7
    await backend.unload()
    await backend.start(no_progress)
    await backend.close()
    assert [call[:2] for call in made.calls] == [
        ("start", FACTS.model), ("run", "hello"), ("switch", "b.gguf"), ("suspend", "s"), ("resume", "s"),
        ("unload",), ("start", "b.gguf"), ("close",),
    ]  # fmt: skip


async def test_a_model_that_cannot_be_loaded_leaves_none_and_its_engine_is_stopped() -> None:
    made = ScriptedBackend(problem="There is no memory for it.")
    backend = MissingBackend(REASON, lambda _model: made)
    with pytest.raises(BackendError, match="no memory"):
        await backend.switch("a.gguf", no_progress)
    assert made.closed
    assert backend.facts is None
    with pytest.raises(BackendError, match="There is no model x"):
        await MissingBackend(REASON, refuse).switch("x", no_progress)


async def test_roles_wait_for_a_main_model() -> None:
    made = ScriptedBackend()
    backend = MissingBackend(REASON, lambda _model: made)
    assert backend.models == ()
    with pytest.raises(BackendError, match=REASON):
        await backend.give_role("supervisor", "a.gguf")
    await backend.switch("a.gguf", no_progress)
    await backend.give_role("supervisor", "b.gguf")
    assert [each.whose for each in backend.models] == ["main", "supervisor"]
