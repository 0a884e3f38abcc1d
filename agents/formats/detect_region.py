"""Finds, in renderings of made-up calls, the text of the calls alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.formats.difference import inserted, special, tokens
from agents.formats.probe import CONTENT, KEYS, NAMES, USER, VALUES, Probe

ONE: Mapping[str, Any] = {KEYS[0]: VALUES[0]}
OTHER: Mapping[str, Any] = {KEYS[0]: VALUES[1]}


@dataclass(frozen=True, slots=True)
class Regions:
    """Cuts the calls out of renderings; what ends a message of calls is none of them."""

    probe: Probe
    stop: str = ""

    def of(self, *calls: tuple[str, Mapping[str, Any]]) -> str | None:
        """Return the text of calls, without space around; None where the template refuses or omits them."""
        rendered = self.probe.calls(*calls)
        if rendered is None or any(name not in behind_user(rendered) for name, _ in calls):
            return None
        region = self._cut(rendered)
        end = self._end()
        return (region.partition(end)[0] if end else region).strip().removesuffix(self.stop).strip()

    def one(self, arguments: Mapping[str, Any]) -> str | None:
        """Return the text of one call with arguments."""
        return self.of((NAMES[0], arguments))

    def two(self) -> str | None:
        """Return the text of two calls, None where the template writes but one."""
        return self.of((NAMES[0], ONE), (NAMES[1], OTHER))

    def _cut(self, rendered: str) -> str:
        """Return what a rendering has more than one without calls: an empty answer, else one with a text."""
        answer = self.probe.answer(CONTENT)
        empty = self.probe.answer(self.probe.content)
        rendered = behind_user(rendered)
        if empty is not None and USER in empty and not self._odd(behind_user(empty), answer):
            region, whole = inserted(behind_user(empty), rendered)
            if whole:
                return region
        if answer is None or USER not in answer:
            return rendered
        pieces = tokens(inserted(behind_user(answer), rendered)[0].rstrip())
        ends = set(filter(special, tokens(answer.rpartition(CONTENT)[2])))
        while pieces and (pieces[-1] in ends or not pieces[-1].strip()):
            pieces.pop()
        return "".join(pieces)

    def _end(self) -> str:
        """Return the token that ends an answer: what follows it is no part of a message."""
        if self.probe.prompt() == self.probe.question():
            return ""  # the beginning of the next answer follows, asked for or not
        ends = [
            token
            for token in tokens((self.probe.answer(CONTENT) or "").rpartition(CONTENT)[2])
            if special(token)
        ]
        return ends[-1] if ends else ""

    def _odd(self, empty: str, answer: str | None) -> bool:
        """Whether an empty answer is no answer: it was left out, or written as if it were a call."""
        answered = behind_user(answer or "")
        written, known = (Counter(filter(special, tokens(text))) for text in (empty, answered))
        prompt, question = self.probe.prompt(), self.probe.question()
        header = "" if prompt is None or question is None else _header(prompt, question)
        return written != known or header not in empty


def _header(prompt: str, question: str) -> str:
    """Return the first token of an answer's header, as the prompt for it ends."""
    added = [token for token in tokens(behind_user(prompt)[len(behind_user(question)) :]) if token.strip()]
    return added[0] if added else ""


def behind_user(rendered: str) -> str:
    """Return what stands behind the user's message."""
    return rendered.rpartition(USER)[2]


def find_regions(probe: Probe) -> Regions | None:
    """Return where a template writes calls; None where it writes none.

    Arguments are given as an object first, as text where the template wants that.
    """
    fallback = None
    for dict_arguments in (True, False):
        for content in ("", None):
            regions = Regions(probe.with_(dict_arguments=dict_arguments, content=content))
            text = regions.one(ONE)
            if text is None or VALUES[0] not in text or KEYS[0] not in text:
                continue
            if not _python_object(text):
                return _without_stop(regions, text)
            fallback = fallback or regions
    return fallback


def _python_object(text: str) -> bool:
    """Whether arguments were printed as Python prints a dict: the template wanted text."""
    return repr(dict(ONE)) in text


def _without_stop(regions: Regions, text: str) -> Regions:
    """Return the regions with what ends a message of calls, where that differs from what ends an answer."""
    last = tokens(text)[-1]
    answer = regions.probe.answer(CONTENT)
    two, rendered = regions.two(), regions.probe.calls((NAMES[0], ONE))
    if answer is None or rendered is None or not special(last) or not rendered.rstrip().endswith(last):
        return regions
    ends = [token for token in tokens(answer.rpartition(CONTENT)[2]) if special(token)]
    once = two is None or two.count(last) == 1
    if len(ends) != 1 or not once or ends[0] in text or answer.count(last):
        return regions
    return Regions(regions.probe, last)
