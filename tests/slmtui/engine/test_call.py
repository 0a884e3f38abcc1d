from agents.events import Mark, TextDelta
from agents.message import Sampling
from agents.model import PurposeSwitch, Request
from slmtui.engine.call import FLUSH_S, Call, Times
from slmtui.engine.prompt import Prompt
from slmtui.engine.sampling import Draw
from slmtui.engine.sequences import SequencePool, User


class NoSampler:
    """Stands for a sampler, which needs a model."""


def call(*switches: PurposeSwitch) -> Call:
    request = Request("c", "agent", "answer", (), Sampling(), 9, 0.0, switches=switches)
    lease = SequencePool(1, can_cut=True).acquire([1, 2], User("", "agent"), cold=False)
    assert lease is not None
    return Call(request, Prompt([1, 2], [], 0, 2), lease, NoSampler(), Times(0.0), 0, 0)  # type: ignore[arg-type]


def take(one: Call, pieces: list[tuple[bytes, str]], step: float) -> list[TextDelta]:
    deltas = [one.take(Draw(n), piece, special, (n + 1) * step) for n, (piece, special) in enumerate(pieces)]
    deltas.append(one.last_delta((len(pieces) + 1) * step))
    return [delta for delta in deltas if delta is not None]


def test_unfinished_character_is_shown_though_all_its_tokens_were_told() -> None:
    for step in (FLUSH_S / 10, FLUSH_S * 2):
        deltas = take(call(), [(b"a", ""), (b"b\xc3", "")], step)
        assert "".join(delta.text for delta in deltas) == "ab\ufffd"
        assert sum(len(delta.times) for delta in deltas) == 2


def test_tokens_that_may_begin_a_thought_wait_for_what_they_are_for() -> None:
    switches = (PurposeSwitch("<think>", "think", opening=True), PurposeSwitch("</think>", "answer"))
    pieces = [(b"<th", ""), (b"ink>", ""), (b"a", ""), (b"", "</think>"), (b"b", "")]
    deltas = take(call(*switches), pieces, FLUSH_S * 2)
    assert [(d.purpose, d.text, len(d.times)) for d in deltas] == [
        ("think", "<think>", 2), ("think", "a", 1), ("think", "", 1), ("answer", "b", 1),
    ]  # fmt: skip
    assert deltas[2].marks == (Mark(0, "</think>"),)


def test_output_that_ends_undecided_is_told_all_the_same() -> None:
    deltas = take(call(PurposeSwitch("<think>", "think", opening=True)), [(b"<th", "")], FLUSH_S)
    assert [(d.purpose, d.text) for d in deltas] == [("answer", "<th")]
