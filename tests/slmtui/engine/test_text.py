import random

from hypothesis import given
from hypothesis import strategies as st

from agents.model import PurposeSwitch
from slmtui.engine.text import PlaceWatch, PurposeTracker, Utf8Stream


@given(st.binary(max_size=200), st.integers(0, 2**32))
def test_bytes_in_any_pieces_become_the_same_text(data: bytes, seed: int) -> None:
    draw = random.Random(seed)
    stream, text, at = Utf8Stream(), "", 0
    while at < len(data):
        size = draw.randint(1, 5)
        text += stream.push(data[at : at + size])
        at += size
    assert text + stream.finish() == data.decode("utf-8", "replace")


@given(st.text(max_size=60))
def test_no_more_than_one_character_is_held_back(text: str) -> None:
    stream, shown = Utf8Stream(), ""
    data = text.encode("utf-8", "replace")
    for n, byte in enumerate(data, 1):
        shown += stream.push(bytes([byte]))
        assert len(data[:n].decode("utf-8", "ignore")) == len(shown)


def test_place_is_due_once_and_after_its_marker() -> None:
    watch = PlaceWatch('"agent": "')
    due = []
    for piece in ('{"agent"', ': "', "math", '"agent": "', "x"):
        due.append(watch.due())
        watch.push(piece)
    assert due == [False, False, True, False, False]
    first = PlaceWatch("")
    assert [first.due(), first.due()] == [True, False]


def test_purpose_changes_behind_the_marker() -> None:
    tracker = PurposeTracker("route", (PurposeSwitch('"task": ', "handoff"),))
    assert [tracker.push(p) for p in ('{"agent": "a", "ta', 'sk": ', '"go', '"}')] == [
        "route", "route", "handoff", "handoff",
    ]  # fmt: skip
