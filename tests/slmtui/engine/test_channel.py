import os
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.engine.channel import Channel, Connection, LineSplitter, LineTooLongError, Pipes, Stream


class Ear:
    """What a channel heard, with an event for its end."""

    def __init__(self, stream: Stream, limit: int | None = None) -> None:
        self.lines: list[bytes] = []
        self.ends: list[str] = []
        self.ended = threading.Event()
        self.channel = Channel(stream, on_lines=self.take, on_end=self.end, waiting_limit=limit)
        self.channel.start()

    def take(self, lines: list[bytes]) -> None:
        self.lines += lines
        if b"nonsense" in lines:
            raise ValueError("nonsense")

    def end(self, reason: str) -> None:
        self.ends.append(reason)
        self.ended.set()

    def reason(self) -> str:
        assert self.ended.wait(30)
        (reason,) = self.ends
        return reason


def sockets() -> tuple[Stream, Stream]:
    here, there = socket.socketpair()
    return Connection(here), Connection(there)


def pipes() -> tuple[Stream, Stream]:
    (read_a, write_a), (read_b, write_b) = os.pipe(), os.pipe()
    return Pipes(read_a, write_b), Pipes(read_b, write_a)


@given(st.binary(), st.lists(st.integers(0, 40)))
def test_lines_are_the_same_however_they_are_cut(data: bytes, cuts: list[int]) -> None:
    splitter, lines, start = LineSplitter(), [], 0
    for cut in (*cuts, len(data)):
        lines += splitter.feed(data[start : start + cut])
        start += cut
    assert lines == data[: data.rfind(b"\n") + 1].split(b"\n")[:-1]


@pytest.mark.parametrize("parts", [[b"12345678901"], [b"123456", b"78901"], [b"12345678901\n"]])
def test_line_has_a_bound(parts: list[bytes]) -> None:
    splitter = LineSplitter(limit=10)
    assert splitter.feed(b"1234567890\n") == [b"1234567890"]
    with pytest.raises(LineTooLongError):
        for part in parts:
            splitter.feed(part)


@pytest.mark.parametrize("pair", [sockets, pipes])
def test_what_waits_is_written_before_the_end(pair: object) -> None:
    here, there = (Ear(stream) for stream in pair())  # type: ignore[operator]
    sent = [b"%d" % n for n in range(5000)]
    for line in sent:
        here.channel.send(line + b"\n")
    here.channel.finish()
    here.channel.send(b"too late\n")
    assert there.reason() == here.reason() == ""
    assert there.lines == sent


@pytest.mark.parametrize("pair", [sockets, pipes])
def test_error_in_a_line_ends_both_ends(pair: object) -> None:
    here, there = (Ear(stream) for stream in pair())  # type: ignore[operator]
    there.channel.send(b"nonsense\n")
    assert here.reason() == "nonsense"
    there.reason()


@pytest.mark.parametrize("pair", [sockets, pipes])
def test_end_that_does_not_read_is_dropped_and_nobody_waits(pair: object) -> None:
    stream, deaf = pair()  # type: ignore[operator]
    here = Ear(stream, limit=1_000_000)
    for _ in range(40):
        here.channel.send(b"x" * 100_000 + b"\n")
    assert here.reason() == "it does not read what is written to it"
    deaf.end_reading()
    deaf.end_writing()
