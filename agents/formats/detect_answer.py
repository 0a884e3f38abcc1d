"""What stands around an answer, beside the marks of thoughts."""

from collections.abc import Sequence

from agents.formats.detect_region import behind_user
from agents.formats.difference import common_prefix, special, tokens
from agents.formats.format import Answer, Reasoning
from agents.formats.probe import CONTENT, Probe
from agents.formats.tags import of_thoughts


def answer_head(probe: Probe) -> str:
    """Return what stands between the prompt for an answer and the answer, marks of thoughts included."""
    answer, prompt = probe.answer(CONTENT), probe.prompt()
    if answer is None or prompt is None or CONTENT not in answer:
        return ""
    before = tokens(behind_user(answer).partition(CONTENT)[0])
    prompted = tokens(behind_user(prompt))
    common = common_prefix(before, prompted)
    return "".join(before[common:]) if _is_opening(prompted[common:]) else ""


def _is_opening(rest: Sequence[str]) -> bool:
    """Whether what the prompt alone ends with can be an opening of thoughts: a few tags, or prose."""
    found = [token for token in rest if special(token)]
    return not found or (len(found) <= 2 and len(rest) <= 8)


def answer_header(probe: Probe) -> str:
    """Return what begins an answer's message, in the prompt for it and before one that was given."""
    prompt, question, answer = probe.prompt(), probe.question(), probe.answer(CONTENT)
    if prompt is None or question is None or answer is None:
        return ""
    asked, prompted, answered = (tokens(behind_user(text)) for text in (question, prompt, answer))
    header = prompted[common_prefix(asked, prompted) : common_prefix(prompted, answered)]
    while header and (not header[-1].strip() or of_thoughts(header[-1])):
        header.pop()
    return "".join(header).strip()


def detect_answer(probe: Probe, head: str, header: str, reasoning: Reasoning) -> Answer:
    """Return what stands around an answer where the model writes it itself."""
    opening = head
    for mark in (reasoning.open.strip(), reasoning.close.strip()):
        opening = opening.replace(mark, "") if mark else opening
    opening = opening.strip()
    if not opening:
        return Answer()
    tail = tokens((probe.answer(CONTENT) or "").rpartition(CONTENT)[2].strip())
    size = len(tokens(opening)) if tail and special(tail[0]) else 0
    end = "".join(tail[size:]) if size and len(tail) > size + 1 and special(tail[size]) else ""
    header = header.removesuffix(reasoning.open.strip())
    header = header if header and special(tokens(header)[0]) else ""
    return Answer(opening, "".join(tail[:size]), header, "" if probe.prompt() == probe.question() else end)
