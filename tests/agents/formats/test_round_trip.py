from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.formats.calls import Parsed
from agents.formats.format import GENERIC, CallFormat
from agents.formats.parse import parse
from agents.formats.stream import CallStream
from agents.formats.write import written
from tests.agents.formats.random_calls import calls
from tests.agents.formats.samples import different

FORMATS = [("generic-constant", GENERIC), *different()]


@pytest.mark.parametrize("fmt", [fmt for _, fmt in FORMATS], ids=[name for name, _ in FORMATS])
def test_calls_are_read_as_they_were_written(fmt: CallFormat) -> None:
    @settings(max_examples=20)
    @given(
        calls(fmt),
        st.sampled_from(["", "Let me see.\n", "a < b, [1] and {x}: "]),
        st.randoms(use_true_random=True),
    )
    def check(made: tuple, before: str, random: Random) -> None:
        wanted, tools = made
        text = before + written(fmt, wanted)
        if fmt.prompted:
            text = (
                fmt.answer.open.removeprefix(fmt.prompted) + "\n" + text
                if before
                else text.removeprefix(fmt.prompted)
            )
        parsed = parse(fmt, text, tools, thinking=False)
        assert [(call.name, call.arguments) for call in parsed.calls] == [
            (call.name, call.arguments) for call in wanted
        ]
        assert parsed.content == before.strip()
        stream = CallStream(fmt, tools, thinking=False)
        at = 0
        while at < len(text):
            size = random.randint(1, max(1, len(text) // 3))
            _check_prefix(stream.push(text[at : at + size]), parsed)
            at += size
        assert stream.finish() == parsed

    check()


def _check_prefix(part: Parsed, whole: Parsed) -> None:
    assert whole.content.startswith(part.content)
    assert whole.reasoning.startswith(part.reasoning)
    assert len(part.calls) <= len(whole.calls)
    for one, other in zip(part.calls, whole.calls, strict=False):
        assert one.name == other.name
        assert one.arguments in (None, other.arguments)
    for one, other in zip(part.calls[:-1], whole.calls, strict=False):
        assert one == other
