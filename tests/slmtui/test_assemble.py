import os
from pathlib import Path

import pytest

from slmtui.assemble import Surroundings, load_command, make_backend, shape_of, thread_cache
from slmtui.engine.protocol import Lora, Shape, Threads
from slmtui.models.describe import describe
from slmtui.settings import EngineTable, Settings
from slmtui.thread_cache import thread_key
from tests.lora_files import write_lora
from tests.models import write_tiny


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    folders = (tmp_path / name for name in ("home", "config", "data", "cache", "logs", "run"))
    return Surroundings({}, *folders)


def test_a_models_shape_is_what_its_file_says(tiny_model: Path) -> None:
    size = tiny_model.stat().st_size
    assert shape_of(describe(tiny_model)) == Shape(2, 2 * 2 * (16 + 16) * 2, size, 2048)


def test_the_engine_is_told_all_settings_with_paths_that_hold_anywhere(
    tiny_model: Path, around: Surroundings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    engine = {
        "context": 1000,
        "batch": 64,
        "gpu_layers": 3,
        "chat_template": "t.jinja",
        "flash_attention": True,
        "kv_cache": "q8_0",
        "lora": ["a.gguf", {"path": "b.gguf", "scale": 0.5}],
    }
    facts = describe(Path(os.path.relpath(tiny_model)))
    load = load_command(Settings(engine=engine), facts, around)  # type: ignore[arg-type]
    assert Path(load.path).is_absolute()
    assert Path(load.path).samefile(tiny_model)
    assert (load.context, load.batch, load.gpu_layers) == (1000, 64, 3)
    assert (load.template, load.flash_attention, load.kv_type) == (str(tmp_path / "t.jinja"), True, "q8_0")
    assert load.lora == (Lora(str(tmp_path / "a.gguf")), Lora(str(tmp_path / "b.gguf"), 0.5))
    assert load.shape == shape_of(facts)


@pytest.mark.parametrize("busy", [False, True])
async def test_a_load_measures_the_threads_and_a_quiet_machine_remembers_them(
    tiny_model: Path, around: Surroundings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, busy: bool
) -> None:
    monkeypatch.setattr("slmtui.assemble.is_busy", lambda: busy)
    adapter = write_lora(tmp_path / "tone.gguf")
    engine = {"lora": [{"path": str(adapter), "scale": 0.5}]}
    settings = Settings(model=str(tiny_model), engine=engine | {"share": False})  # type: ignore[arg-type]
    backend = make_backend(settings, around)
    await backend.start(lambda _fraction: None)
    facts = backend.facts
    await backend.close()
    assert facts is not None
    assert facts.lora == "tone.gguf × 0.5"
    again = load_command(settings, describe(tiny_model), around)
    if busy:
        assert again.threads == Threads()
        return
    assert (again.threads.decode, again.threads.batch) == (facts.n_threads, facts.n_threads_batch)
    assert again.threads.speed > 0
    assert "measured 20" in again.threads.reason
    measurement = thread_cache(around).measurement(thread_key(again))
    assert measurement is not None
    assert measurement.speeds[0].threads == 1


async def test_another_model_is_loaded_by_its_path(
    tiny_model: Path, around: Surroundings, tmp_path: Path
) -> None:
    settings = Settings(model=str(tiny_model), engine=EngineTable(share=False, threads=1))
    backend = make_backend(settings, around)
    around.home.mkdir()
    other = write_tiny(around.home / "other.gguf", seed=1)
    await backend.switch("~/other.gguf", lambda _fraction: None)
    facts = backend.facts
    await backend.close()
    assert facts is not None
    assert (facts.model, facts.n_threads) == (other.stem, 1)
