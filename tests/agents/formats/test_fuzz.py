"""Whatever a model writes, reading it neither raises nor loses the way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.formats.calls import Call
from agents.formats.parse import parse
from agents.formats.spec import ToolSpec
from agents.formats.stream import CallStream
from agents.formats.write import written
from tests.agents.formats.samples import different

TOOLS = [ToolSpec("find", "", {"type": "object", "properties": {"what": {"type": "string"}}})]
FORMATS = dict(different())


@pytest.mark.parametrize("name", FORMATS)
def test_any_text_in_any_pieces(name: str) -> None:
    fmt = FORMATS[name]
    call = written(fmt, [Call("find", {"what": "a"}), Call("find", {})][: 2 if fmt.several else 1])
    reasoning, answer = fmt.reasoning, fmt.answer
    marks = [
        call,
        reasoning.open,
        reasoning.close,
        answer.open,
        answer.close,
        answer.header,
        fmt.section_open,
    ]
    parts = [
        call[: len(call) // 2],
        call[len(call) // 3 :],
        call[:-1],
        "find",
        '"',
        "{",
        "]",
        ": 1",
        " ",
        "\n",
        "a",
    ]
    pieces = st.lists(st.sampled_from([text for text in (*marks, *parts) if text]), max_size=8)

    @settings(max_examples=25)
    @given(pieces, st.booleans())
    def check(texts: list[str], thinking: bool) -> None:
        whole = parse(fmt, "".join(texts), TOOLS, thinking=thinking)
        stream = CallStream(fmt, TOOLS, thinking=thinking)
        for text in texts:
            part = stream.push(text)
            assert whole.reasoning.startswith(part.reasoning)
            assert whole.content.startswith(part.content)
            assert [c.name for c in part.calls] == [c.name for c in whole.calls[: len(part.calls)]]
        assert stream.finish() == whole
        parse(fmt, "".join(texts), TOOLS, thinking=thinking, partial=True)

    check()
