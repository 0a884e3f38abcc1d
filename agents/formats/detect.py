"""Finds out from renderings of a chat template alone how its model writes calls and thoughts."""

from dataclasses import replace

from agents.formats.detect_answer import answer_head, answer_header, detect_answer
from agents.formats.detect_calls import detect_calls
from agents.formats.detect_prose import guess_calls
from agents.formats.detect_reasoning import detect_reasoning
from agents.formats.detect_region import behind_user, find_regions
from agents.formats.detect_results import detect_results
from agents.formats.detect_tools import detect_tools
from agents.formats.format import GENERIC, CallFormat, Reasoning, Tools
from agents.formats.patterns import escaped, literal
from agents.formats.probe import Probe
from agents.formats.template import Template

# What a rendering of two short messages takes at most; a template that takes more refuses it.
MAX_STEPS, MAX_OUTPUT = 100_000, 400_000


def detect(template: Template) -> CallFormat:
    """Return how a template's model writes calls and thoughts.

    The calls are those of `GENERIC` where the template knows of none and tells of no tools. Never
    raises: what a template refuses to render, it does not have.
    """
    template = template.bounded(MAX_STEPS, MAX_OUTPUT)
    tools = detect_tools(Probe(template, Tools("tools")))
    probe = Probe(template, tools)
    regions = find_regions(probe)
    fmt = detect_calls(regions) if regions is not None else None
    if fmt is not None:
        probe = probe.with_(dict_arguments=fmt.dict_arguments, content=None if fmt.null_content else "")
        fmt = replace(fmt, results=detect_results(probe))
    elif tools.variable:
        fmt = replace(guess_calls(probe), results=detect_results(probe))
    return _with_answer(replace(fmt or GENERIC, tools=tools), probe)


def _with_answer(fmt: CallFormat, probe: Probe) -> CallFormat:
    """Add what stands around thoughts and answers."""
    fmt = _opened(fmt, behind_user(probe.prompt() or ""))
    head, header = answer_head(probe), answer_header(probe)
    reasoning = detect_reasoning(probe, fmt, head, header)
    answer = detect_answer(probe, head, header, reasoning)
    prompted = _prompted(fmt, probe)
    if prompted and answer.open:
        answer = replace(answer, open=prompted + answer.open)
    return replace(
        fmt,
        reasoning=reasoning,
        answer=answer,
        prompted=prompted,
        section_open=_unthought(fmt.section_open, reasoning),
    )


def _opened(fmt: CallFormat, prompt: str) -> CallFormat:
    """Return a format whose calls begin with what separates them, where the prompt ends with that too."""
    opening = fmt.separator.strip()
    if fmt.section_open or literal(fmt.call).strip() or not opening or not prompt.rstrip().endswith(opening):
        return fmt
    opening = escaped(fmt.separator)
    empty = opening + fmt.empty if fmt.empty else ""
    return replace(fmt, call=opening + fmt.call, empty=empty, separator="")


def _prompted(fmt: CallFormat, probe: Probe) -> str:
    """Return the opening of calls with which the prompt for an answer ends already."""
    opening = (fmt.section_open or literal(fmt.call)).strip()
    prompt = behind_user(probe.prompt() or "")
    return opening if opening and fmt.kind == "marked" and prompt.endswith(opening) else ""


def _unthought(opening: str, reasoning: Reasoning) -> str:
    """Return an opening without the empty thoughts that some templates write before calls."""
    for mark in (reasoning.open.strip(), reasoning.close.strip()):
        opening = (
            opening.lstrip().removeprefix(mark) if mark and opening.lstrip().startswith(mark) else opening
        )
    return opening
