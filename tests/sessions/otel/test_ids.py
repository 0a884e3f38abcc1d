from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from sessions.otel.ids import span_id, trace_id


@given(st.binary(min_size=16, max_size=16).filter(any))
def test_the_trace_of_a_ulid_is_the_ulid_itself(data: bytes) -> None:
    assert trace_id(str(ULID.from_bytes(data))) == int.from_bytes(data)


@given(st.text(st.characters() | st.characters(categories=["Cs"])))
def test_any_id_has_a_trace_and_spans_that_are_always_the_same(turn: str) -> None:
    assert trace_id(turn) == trace_id(turn)
    assert 0 < trace_id(turn) < 2**128
    spans = [span_id(turn), span_id(turn, "call", "a"), span_id(turn, "tool", "a"), span_id(turn + "x")]
    assert len(set(spans)) == len(spans)
    assert all(0 < each < 2**64 for each in spans)


def test_a_ulid_of_noughts_is_no_trace_of_noughts() -> None:
    assert trace_id("0" * 26) != 0
