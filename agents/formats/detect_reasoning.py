"""How a template marks thoughts, and how they are switched on and off."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from agents.formats.detect_region import ONE, behind_user
from agents.formats.difference import common_prefix, special, tokens
from agents.formats.format import CallFormat, Reasoning
from agents.formats.patterns import literal
from agents.formats.probe import CONTENT, NAMES, RESULT, THOUGHT, THOUGHT_KEYS, Probe
from agents.formats.tags import closes, counterpart, of_thoughts, tags

_SWITCH = re.compile(r"think|reason", re.IGNORECASE)
_INVERTED = re.compile(r"skip|disable|no_|without", re.IGNORECASE)
_VALUES: tuple[tuple[bool | str, bool | str], ...] = ((True, False), ("enabled", "disabled"), ("on", "off"))
# An empty block, with which a prompt closes the thoughts before they begin.
_BLOCK = re.compile(r"((?:<[^<>\s]+>|\[[A-Z_]+\])\w*)\s*(<[^<>\s]+>|\[/[A-Z_]+\])\s*\Z")

# Models are taught to think by whoever tunes them, often without a word of it in the template.
ASSUMED = Reasoning("<think>", "</think>", assumed=True)


@dataclass(frozen=True, slots=True)
class Opened:
    """What stands before and behind a thought in a rendering: the second up to the answer or the call."""

    before: str
    behind: str


def detect_reasoning(probe: Probe, calls: CallFormat, head: str, header: str) -> Reasoning:
    """Return how thoughts are marked, `ASSUMED` where the template does not say.

    `head` is what the template puts before an answer, `header` what begins the message.
    """
    switch = _switch(probe)
    found = _from_field(probe, switch, calls, head, header) or _from_prompts(probe, switch) or ASSUMED
    on, off = ({switch.switch: value} if switch.switch else {} for value in (switch.on, switch.off))
    return replace(
        found,
        switch=switch.switch,
        on=switch.on,
        off=switch.off,
        opened=_opens(probe, found),
        opened_on=_opens(probe.with_(switches=on), found),
        opened_off=_opens(probe.with_(switches=off), found),
    )


def _opens(probe: Probe, reasoning: Reasoning) -> bool:
    """Whether the prompt for an answer opens the thoughts."""
    opening = (reasoning.open or reasoning.lead).strip()
    return bool(opening) and behind_user(probe.prompt() or "").rstrip().endswith(opening)


def _switch(probe: Probe) -> Reasoning:
    """Return the variable that changes the prompt for an answer, by one of two values and not by its text."""
    names = [name for name in probe.template.variables if _SWITCH.search(name)]
    for name in sorted(names, key=lambda name: (not name.startswith("enable"), name)):
        for on, off in _VALUES:
            if _printed(probe, name, on):
                continue
            if any(_differs(probe, name, on, off, tools) for tools in (True, False)):
                values = (off, on) if _INVERTED.search(name) else (on, off)
                return Reasoning(switch=name, on=values[0], off=values[1])
    return Reasoning()


def _differs(probe: Probe, name: str, on: bool | str, off: bool | str, tools: bool) -> bool:
    one, other = (probe.with_(switches={name: value}).prompt(tools=tools) for value in (on, off))
    return one is not None and other is not None and one != other


def _printed(probe: Probe, name: str, value: bool | str) -> bool:
    """Whether the template writes the variable's value, whatever it is."""
    word = RESULT if isinstance(value, str) else str(value)
    given = RESULT if isinstance(value, str) else value
    rendered, plain = probe.with_(switches={name: given}).prompt(), probe.prompt()
    return rendered is not None and rendered.count(word) > (plain or "").count(word)


def _from_field(
    probe: Probe, switch: Reasoning, calls: CallFormat, head: str, header: str
) -> Reasoning | None:
    """Find the marks in a rendering of an earlier thought."""
    marker = literal(calls.section_open or calls.call).strip() if not calls.guessed else ""
    settings: list[Mapping[str, Any]] = [{}]
    if switch.switch:
        settings.append({switch.switch: switch.on})
    for setting in settings:
        for key, opened in _thoughts(probe.with_(switches=setting), marker):
            reasoning = _marks(opened, head, header, behind_user(probe.answer(CONTENT) or ""))
            if reasoning is not None:
                lead = "" if reasoning.open else _lead(probe, opened)
                return replace(reasoning, field=key, lead=lead)
    return None


def _thoughts(probe: Probe, marker: str) -> Iterator[tuple[str, Opened]]:
    """Yield the renderings of a thought, with the message's key for it."""
    for key in THOUGHT_KEYS:
        yield from _around(key, probe.answer(CONTENT, {key: THOUGHT}), CONTENT)
    blocks: Any = [{"type": "thinking", "thinking": THOUGHT}, {"type": "text", "text": CONTENT}]
    yield from _around("content", probe.answer(blocks), CONTENT)
    for key in THOUGHT_KEYS:
        yield from _around(key, probe.calls((NAMES[0], ONE), more={key: THOUGHT}), marker)


def _around(key: str, rendered: str | None, following: str) -> Iterator[tuple[str, Opened]]:
    before, found, behind = behind_user(rendered or "").partition(THOUGHT)
    printed = "'type'" in before or '"type"' in before  # as Python or JSON: the template knows no blocks
    if found and not printed and following and following in behind:
        yield key, Opened(before, behind.partition(following)[0])


def _marks(opened: Opened, head: str, header: str, plain: str) -> Reasoning | None:
    """Return the marks around a thought; `plain` is an answer without one."""
    opening = _opening(opened.before, plain)
    closing = opened.behind.strip()
    core = head.strip()
    if core and closing != core:
        closing = closing.removesuffix(core).strip()
    elif core and opening:
        closing = "".join(tokens(closing)[: len(tokens(opening))])
    closing = closing.removesuffix(header).strip() if header and special(tokens(header)[0]) else closing
    return Reasoning(opening, closing) if closing else None


def _opening(before: str, plain: str) -> str:
    """Return the shortest run of tags that is named for thoughts, else all that a plain answer lacks."""
    pieces = tokens(before.rstrip())
    for size in (1, 2, 3):
        run = pieces[-size:]
        if run and special(run[0]) and any(map(of_thoughts, run)):
            return "".join(run)
    rest = "".join(pieces[common_prefix(pieces, tokens(plain)) :]).strip()
    return rest if special((tokens(rest) or [""])[0]) else ""


def _lead(probe: Probe, opened: Opened) -> str:
    """Return the prose by which the prompt opens thoughts, where an earlier thought has none."""
    prompt = tokens(behind_user(probe.prompt() or ""))
    lead = "".join(prompt[common_prefix(prompt, tokens(opened.before)) :])
    return "" if any(map(special, tokens(lead))) else lead


def _from_prompts(probe: Probe, switch: Reasoning) -> Reasoning | None:
    """Find the marks in prompts: an empty block, or else tags that are named for thoughts."""
    settings: list[Mapping[str, Any]] = [{}]
    if switch.switch:
        settings += [{switch.switch: switch.on}, {switch.switch: switch.off}]
    prompts = [probe.with_(switches=setting).prompt() or "" for setting in settings]
    for prompt in prompts:
        block = _BLOCK.search(behind_user(prompt))
        if block and of_thoughts(block[1]):
            return Reasoning(block[1], block[2])
    for text in (*prompts, probe.template.source):
        for tag in tags(text):
            if of_thoughts(tag) and counterpart(tag):
                opening, closing = (counterpart(tag), tag) if closes(tag) else (tag, counterpart(tag))
                return Reasoning(opening, closing)
    return None
