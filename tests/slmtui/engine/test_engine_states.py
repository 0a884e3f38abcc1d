import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from agents.events import TextDelta
from agents.message import Message
from agents.model import CallEvent, Request
from slmtui.engine.client import Engine, EngineError
from slmtui.engine.protocol import Load
from tests.models import Shape, write_tiny
from tests.slmtui.engine.conftest import Heard, hear, request, user
from tests.slmtui.engine.plain import running, small

MakeEngine = Callable[[Load], Engine]

SYSTEM = Message("system", "What is kept need not be read again. " * 4, "system")
PRINT = "model of this test"
CLOSE = 1e-2
ENOUGH = "root ::= [a-d]{16,40}"


@pytest.fixture(scope="session")
def wide_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model with heads of 32: as much as a block of a quantised KV cache holds."""
    return write_tiny(tmp_path_factory.mktemp("models") / "wide.gguf", shape=Shape(width=128))


@dataclass
class Talk:
    """A conversation: what was said, and what the next prompt must not read again."""

    said: tuple[Message, ...] = (SYSTEM,)
    held: int = 0

    async def turn(self, engine: Engine, text: str) -> Heard:
        heard = await hear(engine, self.next(text))
        done = heard.finished
        past = Message("user", text, "history", 1), Message("assistant", heard.text, "history", 1)
        self.said = (*self.said, *past)
        self.held = done.prompt_tokens + done.output_tokens - 1
        return heard

    def next(self, text: str) -> Request:
        return request(*self.said, user(text), max_tokens=16, logprobs=True, grammar=ENOUGH)


async def kept(engine: Engine, path: Path, turns: int = 2) -> Talk:
    """Talk for some turns, and keep the state in a file."""
    talk = Talk()
    for n in range(turns):
        await talk.turn(engine, f"turn {n}")
    done = await engine.save_state(path, PRINT, talk.said)
    assert done.error == ""
    assert done.tokens == talk.held
    assert done.bytes == (await asyncio.to_thread(path.stat)).st_size
    return talk


async def check_resumed(load: Load, folder: Path) -> None:
    """A conversation goes on in another process as in the one that it began in."""
    path = folder / "talk.kv"
    async with running(load, folder) as engine:
        talk = await kept(engine, path)
        unsaved = await hear(engine, talk.next("and on"))
    async with running(load, folder) as engine:
        done = await engine.restore_state(path, PRINT)
        assert (done.tokens, done.error) == (talk.held, "")
        assert done.bytes > 0
        resumed = await hear(engine, talk.next("and on"))
        assert resumed.finished.reused_tokens == talk.held == unsaved.finished.reused_tokens
        assert resumed.finished.avoidable_tokens == 0
        assert resumed.text == unsaved.text
        assert len(resumed.logprobs) > 0
        assert resumed.logprobs == pytest.approx(unsaved.logprobs, abs=CLOSE)
        other = await hear(engine, request(SYSTEM, user("another"), max_tokens=4))
        assert other.finished.finish_reason != "failed"


@pytest.mark.parametrize("model", ["tiny_model", "mamba_model", "hybrid_model"])
async def test_resumed_in_another_process(model: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    await check_resumed(small(request.getfixturevalue(model)), tmp_path)


@pytest.mark.parametrize("kv_type", ["q8_0", "q4_0"])
async def test_resumed_with_a_small_kv_cache(wide_model: Path, tmp_path: Path, kv_type: str) -> None:
    load = msgspec.convert(
        {**msgspec.to_builtins(small(wide_model)), "kv_type": kv_type, "flash_attention": True}, Load
    )
    await check_resumed(load, tmp_path)


async def test_small_kv_cache_is_smaller_and_much_the_same(wide_model: Path, tmp_path: Path) -> None:
    call = request(SYSTEM, user("hello"), max_tokens=1, logprobs=True)
    heard = {}
    for kv_type in ("f16", "q8_0"):
        load = msgspec.structs.replace(small(wide_model), kv_type=kv_type, flash_attention=True)
        async with running(load, tmp_path) as engine:
            assert engine.loaded is not None
            assert (engine.loaded.kv_type, engine.loaded.flash_attention) == (kv_type, True)
            heard[kv_type] = await hear(engine, call)
    wide, narrow = heard["f16"], heard["q8_0"]
    assert narrow.finished.kv_bytes < 0.7 * wide.finished.kv_bytes
    assert narrow.logprobs == pytest.approx(wide.logprobs, abs=0.3)


@pytest.mark.parametrize("flash", [True, False])
async def test_small_kv_cache_that_cannot_be(tiny_model: Path, make_engine: MakeEngine, flash: bool) -> None:
    # Heads of 16 do not fill a block, and nothing goes without flash attention.
    load = msgspec.structs.replace(small(tiny_model), kv_type="q8_0", flash_attention=flash)
    with pytest.raises(EngineError, match=r"q8_0.*engine\.kv_cache"):
        await make_engine(load).start()


async def test_what_is_held_of_a_prefix_alone_is_saved(tiny_model: Path, tmp_path: Path) -> None:
    path = tmp_path / "part.kv"
    async with running(small(tiny_model), tmp_path) as engine:
        talk = await kept(engine, path)
        nothing = await engine.save_state(tmp_path / "none.kv", PRINT, (user("never said"),))
        other = (SYSTEM, Message("user", "turn 1", "history", 1))
        part = await engine.save_state(path, PRINT, other)
        again = await hear(engine, talk.next("and on"))
    # The template's first tokens are held of any prompt.
    assert 0 < nothing.tokens < part.tokens < talk.held
    assert again.finished.reused_tokens == talk.held, "saving changes nothing"


async def test_nothing_held_nothing_saved(tiny_model: Path, tmp_path: Path) -> None:
    async with running(small(tiny_model), tmp_path) as engine:
        done = await engine.save_state(tmp_path / "a.kv", PRINT, (SYSTEM,))
        assert (done.tokens, done.bytes, done.error) == (0, 0, "")
        assert not (tmp_path / "a.kv").exists()


async def test_states_that_are_refused(tiny_model: Path, tmp_path: Path) -> None:
    path = tmp_path / "talk.kv"
    async with running(small(tiny_model), tmp_path) as engine:
        talk = await kept(engine, path)
        pid = engine.pid
        other = await engine.restore_state(path, "another model")
        assert "another model" in other.error
        whole = path.read_bytes()
        damaged = {
            "flipped": whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:],
            "short": whole[:-100],
            "empty": b"",
            "other": b"\0" * 1000,
        }
        for name, content in damaged.items():
            (tmp_path / name).write_bytes(content)
            refused = await engine.restore_state(tmp_path / name, PRINT)
            assert refused.error
            assert refused.tokens == 0
        assert (await engine.restore_state(tmp_path / "missing", PRINT)).error
        assert (await engine.save_state(tmp_path / "no" / "folder", PRINT, talk.said)).error
        too_long = await engine.save_state(path, PRINT, (user("q" * 5000),))
        assert too_long.error
        again = await hear(engine, talk.next("and on"))
        assert again.finished.reused_tokens == talk.held
        assert engine.pid == pid


async def test_state_that_is_longer_than_the_context(tiny_model: Path, tmp_path: Path) -> None:
    path = tmp_path / "long.kv"
    async with running(small(tiny_model), tmp_path) as engine:
        talk = await kept(engine, path, turns=6)
    assert talk.held > 256
    async with running(small(tiny_model, context=256), tmp_path) as engine:
        done = await engine.restore_state(path, PRINT)
        assert "no room" in done.error
        assert (await hear(engine, request(user("x")))).finished.finish_reason != "failed"


async def test_state_beside_a_call_that_leaves_no_room(tiny_model: Path, tmp_path: Path) -> None:
    path = tmp_path / "talk.kv"
    async with running(small(tiny_model), tmp_path) as engine:
        talk = await kept(engine, path)
    assert talk.held > 230
    async with running(small(tiny_model, context=512), tmp_path) as engine:
        asked: list[asyncio.Task[object]] = []

        def on_event(event: CallEvent) -> None:
            if isinstance(event, TextDelta) and not asked:
                asked.append(asyncio.create_task(engine.restore_state(path, PRINT)))

        long = request(user("ab" * 140), max_tokens=200, grammar="root ::= [a-d]{200}", logprobs=True)
        heard = await hear(engine, long, None, on_event)
        done = await asked[0]
        assert "no room" in getattr(done, "error", "")
        assert heard.finished.finish_reason == "length"
        # When the call is over there is room.
        again = await engine.restore_state(path, PRINT)
        assert (again.tokens, again.error) == (talk.held, "")
        resumed = await hear(engine, talk.next("and on"))
        assert resumed.finished.reused_tokens == talk.held


async def test_state_of_another_kind_of_context_does_no_harm(wide_model: Path, tmp_path: Path) -> None:
    # The fingerprint is to tell them apart; llama.cpp must survive it all the same.
    path = tmp_path / "talk.kv"
    async with running(small(wide_model), tmp_path) as engine:
        await kept(engine, path)
    load = msgspec.structs.replace(small(wide_model), kv_type="q8_0", flash_attention=True)
    async with running(load, tmp_path) as engine:
        pid = engine.pid
        assert (await engine.restore_state(path, PRINT)).error
        assert (await hear(engine, request(user("x")))).finished.finish_reason != "failed"
        assert engine.pid == pid


async def test_no_engine_no_state(tiny_model: Path, tmp_path: Path, make_engine: MakeEngine) -> None:
    engine = make_engine(small(tiny_model))
    assert (await engine.save_state(tmp_path / "a.kv", PRINT, (SYSTEM,))).error
    assert (await engine.restore_state(tmp_path / "a.kv", PRINT)).error
