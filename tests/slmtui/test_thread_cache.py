import os
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from slmtui.engine.protocol import Load, Threads, ThreadSpeed
from slmtui.thread_cache import MAX_REMEMBERED, ThreadCache, ThreadKey, is_busy, thread_key

SPEEDS = (ThreadSpeed(1, 92.0, 300.0), ThreadSpeed(2, 141.0, 580.0))
THREADS = Threads(2, 2, "2 threads: 141 tok/s decoding, against 92 with 1", 141.0)


def cache_in(folder: Path) -> ThreadCache:
    return ThreadCache(folder / "deep" / "threads.json", lambda: datetime(2026, 11, 24, 23, 59))


def load_of(folder: Path, name: str = "m.gguf", content: bytes = b"GGUF") -> Load:
    path = folder / name
    path.write_bytes(content)
    return Load(str(path))


def test_what_was_measured_is_found_again_with_its_day(tmp_path: Path) -> None:
    cache, key = cache_in(tmp_path), thread_key(load_of(tmp_path))
    assert cache.find(key) is None
    cache.remember(key, SPEEDS, THREADS)
    again = cache_in(tmp_path)
    assert again.find(key) == Threads(2, 2, f"{THREADS.reason}; measured 2026-11-24", 141.0)
    measured = again.measurement(key)
    assert measured is not None
    assert measured.speeds == SPEEDS
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["threads.json"]


def test_the_last_measurement_counts(tmp_path: Path) -> None:
    cache, key = cache_in(tmp_path), thread_key(load_of(tmp_path))
    cache.remember(key, SPEEDS, THREADS)
    cache.remember(key, SPEEDS[:1], Threads(1, 1, "1 thread"))
    found = cache.find(key)
    assert found is not None
    assert found.decode == 1


def test_another_key_is_not_found(tmp_path: Path) -> None:
    cache, load = cache_in(tmp_path), load_of(tmp_path)
    key = thread_key(load)
    cache.remember(key, SPEEDS, THREADS)
    change = msgspec.structs.replace
    loads = (change(load, kv_type="q8_0"), change(load, flash_attention=True), change(load, gpu_layers=3))
    others = [thread_key(other) for other in (*loads, change(load, batch=64))]
    others += [change(key, machine="x"), change(key, cores=999), change(key, llama_cpp="0.0.0")]
    assert [cache.find(other) for other in others] == [None] * len(others)
    assert thread_key(change(load, context=512, sequences=2)) == key


def test_a_file_that_changed_is_another_model(tmp_path: Path) -> None:
    load = load_of(tmp_path)
    key = thread_key(load)
    os.utime(load.path, ns=(1, 1))
    assert thread_key(load) != key
    assert thread_key(load_of(tmp_path, content=b"GGUF+")) != key
    Path(load.path).unlink()
    assert thread_key(load).size == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[1]", b"\xff\xfe", b"[{", b"[" * 100_000, b'[{"key": {}, "day": "x"}]'],
)
def test_a_file_that_cannot_be_read_is_empty_and_is_replaced(tmp_path: Path, content: bytes) -> None:
    cache, key = cache_in(tmp_path), thread_key(load_of(tmp_path))
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "threads.json").write_bytes(content)
    assert cache.find(key) is None
    cache.remember(key, SPEEDS, THREADS)
    assert cache.find(key) is not None


@pytest.mark.parametrize("threads", [Threads(0, 2), Threads(2, 0), Threads(-1, 2), Threads(2, 10**6)])
def test_impossible_threads_are_not_believed(tmp_path: Path, threads: Threads) -> None:
    cache, key = cache_in(tmp_path), thread_key(load_of(tmp_path))
    cache.remember(key, SPEEDS, threads)
    assert cache.find(key) is None


def test_a_place_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    key = thread_key(load_of(tmp_path))
    cache = ThreadCache(tmp_path / "m.gguf" / "threads.json", datetime.now)
    cache.remember(key, SPEEDS, THREADS)
    assert cache.find(key) is None


def test_the_oldest_are_forgotten(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)

    def key(number: int) -> ThreadKey:
        return ThreadKey(f"/{number}", 1, 1, "", 2, "", 128, -1, False, "f16")

    for number in range(MAX_REMEMBERED):
        cache.remember(key(number), SPEEDS, THREADS)
    cache.remember(key(0), SPEEDS, THREADS)
    cache.remember(key(MAX_REMEMBERED), SPEEDS, THREADS)
    assert [cache.find(key(number)) is None for number in (0, 1, 2, MAX_REMEMBERED)] == [
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(("load", "busy"), [(0.0, False), (2.0, False), (2.1, True)])
def test_a_machine_with_work_for_half_its_cores_is_busy(
    monkeypatch: pytest.MonkeyPatch, load: float, busy: bool
) -> None:
    monkeypatch.setattr("slmtui.thread_cache.psutil.getloadavg", lambda: (load, 9.0, 9.0))
    monkeypatch.setattr("slmtui.thread_cache.os.cpu_count", lambda: 4)
    assert is_busy() is busy
