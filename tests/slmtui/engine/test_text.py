import random

import pytest
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


def purposes(switches: tuple[PurposeSwitch, ...], *pieces: str) -> list[str]:
    """Return what each token is for, as a call tells it: those undecided are for what is decided later."""
    tracker, found, waiting = PurposeTracker("answer", switches), [], 0
    for piece in pieces:
        purpose = tracker.push(piece)
        waiting += 1
        if not tracker.undecided:
            found += [purpose] * waiting
            waiting = 0
    return found + [tracker.current] * waiting


THINKS = (PurposeSwitch("<think>", "think", opening=True), PurposeSwitch("</think>", "answer"))
CALLS = (PurposeSwitch("<call>", "call"),)


@pytest.mark.parametrize(
    ("pieces", "wanted"),
    [
        (("<think>", "a", "</think>", "b"), "ttta"),
        (("\n", "<th", "ink>", "a</", "think>b", "c"), "ttttta"),
        (("<thing>", "a", "</think>", "b"), "aaaa"),
        (("a", "<think>", "b"), "aaa"),
        (("<", "think"), "aa"),
        (("<think>", "a</think><call>", "b"), "ttc"),
        (("a", "<call>", "b", "<call>", "c"), "aaccc"),
        (("<think>", "<call>", "b", "</think>", "c"), "ttcca"),
    ],
)
def test_purposes_of_thoughts_and_calls(pieces: tuple[str, ...], wanted: str) -> None:
    assert "".join(purpose[0] for purpose in purposes((*THINKS, *CALLS), *pieces)) == wanted


def test_empty_opening_marker_begins_at_the_first_token() -> None:
    begins = PurposeSwitch("", "think", opening=True)
    assert purposes((begins, THINKS[1]), " ", "a", "</think>", "b") == ["think", "think", "think", "answer"]


@given(st.text("<th>/ca", max_size=30), st.integers(0, 2**32))
def test_markers_are_found_however_the_output_is_cut_into_tokens(text: str, seed: int) -> None:
    draw = random.Random(seed)
    switches = (PurposeSwitch("<t>", "think"), PurposeSwitch("<c>", "call"))
    tracker, at = PurposeTracker("answer", switches), 0
    while at < len(text):
        size = draw.randint(1, 5)
        tracker.push(text[at : at + size])
        at += size
    last = {"<t>": "think", "<c>": "call", "": "answer"}
    ends = {marker: text.rfind(marker) for marker in ("<t>", "<c>") if marker in text}
    assert tracker.current == last[max(ends, key=ends.__getitem__, default="")]
