import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from agents.model import Request
from slmtui.engine.client import Engine, EngineError
from slmtui.engine.protocol import Load, Lora
from tests.lora_files import write_lora
from tests.models import Shape, write_tiny
from tests.slmtui.engine.conftest import Heard, hear, request, user
from tests.slmtui.engine.plain import running, small

MakeEngine = Callable[[Load], Engine]


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lora(tmp_path_factory.mktemp("lora") / "one.gguf")


def adapted(model: Path, *lora: Lora) -> Load:
    return msgspec.structs.replace(small(model), lora=lora)


def hello(*, cold: bool = True) -> Request:
    return request(user("hello"), max_tokens=16, logprobs=True, cold=cold)


async def answer(load: Load, folder: Path) -> Heard:
    async with running(load, folder) as engine:
        heard = await hear(engine, hello())
    assert heard.finished.finish_reason != "failed"
    return heard


@pytest.fixture(scope="module")
def full(tiny_model: Path, adapter: Path, tmp_path_factory: pytest.TempPathFactory) -> Heard:
    """What the model answers with the whole of one adapter."""
    return asyncio.run(answer(adapted(tiny_model, Lora(str(adapter))), tmp_path_factory.mktemp("full")))


async def test_scale_decides_the_answer(tiny_model: Path, adapter: Path, full: Heard, tmp_path: Path) -> None:
    base = await answer(small(tiny_model), tmp_path)
    none = await answer(adapted(tiny_model, Lora(str(adapter), 0.0)), tmp_path)
    assert (none.text, none.logprobs) == (base.text, base.logprobs)
    assert base.text != full.text
    assert base.logprobs[0] != pytest.approx(full.logprobs[0], abs=1e-3)


async def test_adapters_add_up(tiny_model: Path, adapter: Path, full: Heard, tmp_path: Path) -> None:
    load = adapted(tiny_model, Lora(str(adapter), 0.5), Lora(str(adapter), 0.5))
    async with running(load, tmp_path) as engine:
        halves = await hear(engine, hello())
        again = await hear(engine, hello(cold=False))
    assert halves.text == again.text == full.text
    assert halves.logprobs == pytest.approx(full.logprobs, abs=1e-3)
    # What is held of an adapted model is that model's.
    assert again.finished.prefilled_tokens == 1
    assert again.logprobs == pytest.approx(full.logprobs, abs=1e-2)
    other = write_lora(tmp_path / "other.gguf", seed=1)
    both = await answer(adapted(tiny_model, Lora(str(adapter)), Lora(str(other))), tmp_path)
    assert both.logprobs[0] != pytest.approx(full.logprobs[0], abs=1e-3)


def another_shape(folder: Path) -> Path:
    return write_lora(folder / "wide.gguf", shape=Shape(width=128))


def more_layers(folder: Path) -> Path:
    return write_lora(folder / "deep.gguf", shape=Shape(layers=3))


def another_architecture(folder: Path) -> Path:
    return write_lora(folder / "qwen.gguf", architecture="qwen2")


def no_gguf(folder: Path) -> Path:
    path = folder / "notes.gguf"
    path.write_text("not an adapter at all")
    return path


def cut_short(folder: Path) -> Path:
    whole = write_lora(folder / "whole.gguf").read_bytes()
    path = folder / "part.gguf"
    path.write_bytes(whole[: len(whole) // 2])
    return path


def a_model(folder: Path) -> Path:
    return write_tiny(folder / "model.gguf")


def missing(folder: Path) -> Path:
    return folder / "nowhere.gguf"


@pytest.mark.parametrize(
    "write", [another_shape, more_layers, another_architecture, no_gguf, cut_short, a_model, missing]
)
async def test_wrong_adapter_is_refused_in_words(
    tiny_model: Path, tmp_path: Path, make_engine: MakeEngine, write: Callable[[Path], Path]
) -> None:
    path = write(tmp_path)
    engine = make_engine(adapted(tiny_model, Lora(str(path))))
    with pytest.raises(EngineError, match=r"engine\.lora") as raised:
        await engine.start()
    assert path.name in str(raised.value)
