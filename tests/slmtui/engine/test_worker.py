"""The engine's process by itself: how it begins and ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from slmtui.engine.endpoint import ELSEWHERE, Endpoint
from slmtui.engine.listening import open_listener, take_lock
from slmtui.engine.protocol import Cancel, Load, LoadFailed, Ping, Pong, Threads, decode_reply, encode


def start(log: Path, *place: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "slmtui.engine.worker", str(log), *place]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def end_of(process: "subprocess.Popen[bytes]", said: bytes = b"") -> tuple[list[object], int]:
    """Say something and leave; return the replies and the exit status."""
    written, _ = process.communicate(said, timeout=60)
    return [decode_reply(line) for line in written.splitlines()], process.returncode


@pytest.mark.parametrize("said", [b"", encode(Ping()), encode(Cancel("x")), b"nonsense\n", b"{"])
def test_app_that_leaves_before_it_loads_anything(tmp_path: Path, said: bytes) -> None:
    _replies, code = end_of(start(tmp_path / "log"), said)
    assert code == 0


def test_app_that_leaves_while_the_model_loads(tiny_model: Path, tmp_path: Path) -> None:
    load = Load(str(tiny_model), threads=Threads(1, 1))
    _replies, code = end_of(start(tmp_path / "log"), encode(load) + encode(Ping()))
    assert code == 0


def test_sign_of_life_comes_before_any_model(tmp_path: Path) -> None:
    with start(tmp_path / "log") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(encode(Ping()))
        process.stdin.flush()
        replies = [decode_reply(process.stdout.readline()) for _ in range(2)]
        assert replies[1] == Pong(busy=False, steps=0, warm=False)
        process.stdin.close()
        assert process.wait(60) == 0


def test_model_that_cannot_be_loaded_is_the_last_word(tmp_path: Path) -> None:
    with start(tmp_path / "log") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(encode(Load(str(tmp_path / "none.gguf"))))
        process.stdin.flush()
        replies = [decode_reply(line) for line in process.stdout]
        assert isinstance(replies[-1], LoadFailed)
        assert process.wait(60) == 0


def test_second_engine_at_a_place_says_that_there_is_one(tmp_path: Path) -> None:
    place = Endpoint(tmp_path / "run").place(Load("m"))
    listener = open_listener(place, tmp_path / "log")
    assert listener is not None
    assert open_listener(place, tmp_path / "log") is None
    kind = "tcp" if place.tcp else "unix"
    _replies, code = end_of(start(tmp_path / "log", str(place.folder), place.key, kind))
    assert code == ELSEWHERE
    assert place.read_card() is not None
    listener.close()
    listener.close()
    assert place.read_card() is None


def test_what_a_dead_engine_left_is_cleaned_by_the_next(tmp_path: Path) -> None:
    place = Endpoint(tmp_path / "run").place(Load("m"))
    for path in (place.socket, place.card, place.card.with_suffix(".new")):
        path.write_text("left")
    listener = open_listener(place, tmp_path / "log")
    assert listener is not None
    assert place.read_card() is not None
    listener.close()
    lock = take_lock(place.lock)
    assert lock is not None
    assert take_lock(place.lock) is None
    os.close(lock)


def test_engine_that_cannot_listen_serves_its_own_app(tmp_path: Path) -> None:
    process = start(tmp_path / "log", str(tmp_path / "no such folder"), "key", "unix")
    _replies, code = end_of(process, encode(Ping()))
    assert code == 0
    assert "not shared" in (tmp_path / "log").read_text()
