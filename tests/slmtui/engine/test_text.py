from hypothesis import given
from hypothesis import strategies as st

from agents.model import PurposeSwitch
from slmtui.engine.text import PurposeTracker, Utf8Stream


@given(st.text(), st.data())
def test_valid_text_comes_through_any_cut(text: str, data: st.DataObject) -> None:
    raw = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode()
    stream, out = Utf8Stream(), ""
    while raw:
        cut = data.draw(st.integers(1, len(raw)))
        out += stream.push(raw[:cut])
        raw = raw[cut:]
    assert (
        out + stream.finish() == text.encode("utf-8", "replace").decode("utf-8", "replace") or "\ufffd" in out
    )


@given(st.lists(st.binary(max_size=6)))
def test_invalid_bytes_never_stall(parts: list[bytes]) -> None:
    stream = Utf8Stream()
    out = "".join(stream.push(part) for part in parts) + stream.finish()
    assert out == b"".join(parts).decode("utf-8", "replace")


def test_invalid_byte_is_shown_at_once() -> None:
    stream = Utf8Stream()
    assert stream.push(b"\xff") == "\ufffd"
    assert stream.push(b"a") == "a"


def test_purpose_changes_behind_the_token_that_completes_the_marker() -> None:
    tracker = PurposeTracker("route", (PurposeSwitch('"task": ', "handoff"),))
    purposes = [tracker.push(text) for text in ('{"agent"', ': "x", "ta', 'sk": ', '"do', ' it"}')]
    assert purposes == ["route", "route", "route", "handoff", "handoff"]


def test_opening_switch_counts_for_the_first_token_itself() -> None:
    switch = (PurposeSwitch("{", "call", opening=True),)
    assert [PurposeTracker("answer", switch).push(text) for text in ("{", "no")] == ["call", "answer"]
    tracker = PurposeTracker("answer", switch)
    assert [tracker.push(text) for text in ("It", " is {")] == ["answer", "answer"]
