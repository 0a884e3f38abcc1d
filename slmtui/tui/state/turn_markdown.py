"""A turn as Markdown: what is copied of it."""

import re
from dataclasses import dataclass

from slmtui.tui.state.blocks import Answer, Notice, Step
from slmtui.tui.state.live_turn import LiveTurn

_TICKS = re.compile("`+")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A block of code in an answer: the language it names, if any, and its text without the fence."""

    language: str
    text: str


def code_blocks(markdown: str) -> tuple[CodeBlock, ...]:
    """Return the code blocks of an answer, in order, fenced and indented ones alike."""
    from slmtui.tui.markdown import parser  # noqa: PLC0415 - not needed for the first paint

    tokens = (token for token in parser().parse(markdown) if token.type in {"fence", "code_block"})
    return tuple(CodeBlock((token.info.split() or [""])[0], token.content) for token in tokens)


def answer_source(turn: LiveTurn) -> str:
    """Return the answer of a turn as the model wrote it, as far as it is written."""
    return turn.view.answer if turn.running else turn.record.answer.strip() or turn.view.answer


def prompt_source(turn: LiveTurn) -> str:
    """Return the prompt of a turn as it was sent."""
    return turn.record.prompt or turn.view.prompt


def turn_markdown(turn: LiveTurn) -> str:
    """Return a whole turn: the prompt quoted, the steps as a list, the answer, the figures in italics."""
    quoted = "\n".join(f"> {line}".rstrip() for line in prompt_source(turn).strip().splitlines())
    steps = [_listed(block) for block in turn.view.blocks if not isinstance(block, Answer)]
    parts = [quoted, "\n".join(steps), answer_source(turn).strip(), f"*{turn.foot(0.0)}*"]
    return "\n\n".join(part for part in parts if part) + "\n"


def _listed(block: Step | Notice) -> str:
    """Return a step as an item of a list, with what is inside it in fences."""
    if isinstance(block, Notice):
        return f"- {block.line}"
    inside = "".join(f"\n\n  {head}:\n\n{_fenced(text)}" for head, text in block.body if text.strip())
    return f"- {block.line}{inside}"


def _fenced(text: str) -> str:
    """Return a text in a fence that is longer than any run of backticks in it, indented for a list."""
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join(f"  {line}".rstrip() for line in (fence, *text.strip().splitlines(), fence))
