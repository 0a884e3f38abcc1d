from pathlib import Path
from types import SimpleNamespace

import msgspec

from slmtui.engine.endpoint import Card
from slmtui.engine_told import EngineTold, engine_told
from slmtui.memory_limit import memory_limit


def engine(pid: int | None, *, shared: bool) -> object:
    return SimpleNamespace(pid=pid, shared=shared)


def test_the_log_of_an_engine_that_another_window_started_is_that_window_s(tmp_path: Path) -> None:
    own, other = tmp_path / "engine-1.log", tmp_path / "engine-2.log"
    (tmp_path / "a.json").write_bytes(b"no card")
    (tmp_path / "b.json").write_bytes(msgspec.json.encode(Card("secret", 77, 0, str(other))))
    found = engine_told(engine(77, shared=True), tmp_path, own)  # type: ignore[arg-type]
    assert found == EngineTold(other, shared=True, others=True)
    found = engine_told(engine(78, shared=False), tmp_path, own)  # type: ignore[arg-type]
    assert found == EngineTold(own, shared=False, others=False)
    assert engine_told(engine(None, shared=False), tmp_path / "none", own).log == own  # type: ignore[arg-type]


def test_the_limit_of_memory_is_the_container_s_where_that_is_less(tmp_path: Path) -> None:
    machine = memory_limit(())
    assert machine > 0
    limit, none = tmp_path / "memory.max", tmp_path / "max"
    limit.write_text("1000000\n", encoding="ascii")
    none.write_text("max\n", encoding="ascii")
    assert memory_limit((str(none), str(limit), str(tmp_path / "gone"))) == 1_000_000
    assert memory_limit((str(none),)) == machine
