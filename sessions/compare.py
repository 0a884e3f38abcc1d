"""Turns side by side, by paradigm: counts, medians and spread of every metric, and ratios to base.

Thin on purpose: it describes, and draws no verdict. The figures are not paired, and what two paradigms
differ in is told beside them (`sessions.differences`): a ratio is no effect of any one thing.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sessions.columns import UNITS
from sessions.differences import CONDITIONS, Difference, arm, as_words, differences, notes_on_factors
from sessions.records import TurnRecord

BASE = "base"

METRICS = (
    "wall_s",
    "ttft_s",
    "decode_tok_s",
    "calls",
    "tool_calls",
    "tool_errors",
    "prompt_tokens",
    "reused_tokens",
    "prefilled_tokens",
    "avoidable_tokens",
    "output_tokens",
    "think_tokens",
    "route_tokens",
    "handoff_tokens",
    "call_tokens",
    "repair_tokens",
    "answer_tokens",
    "queue_s",
    "template_s",
    "prefill_s",
    "decode_s",
    "sampling_s",
    "grammar_s",
    "tool_s",
    "cpu_s",
    "rss_bytes",
    "peak_rss_bytes",
    "kv_bytes",
    "context_used",
    "dropped_messages",
    "repairs",
    "reasks",
    "no_tools",
    "fallbacks",
    "approvals_asked",
    "approvals_refused",
    "cut_tokens",
    "cut_observations",
    "calls_skipped",
    "est_skipped_prompt_tokens",
    "est_skipped_new_tokens",
    "system_in_tokens",
    "tools_in_tokens",
    "example_in_tokens",
    "history_in_tokens",
    "user_in_tokens",
    "tool_result_in_tokens",
    "handoff_in_tokens",
    "template_in_tokens",
    "votes",
    "voters",
    "joules",
    "mean_watts",
)
"""What is compared: every column of a turn that was counted or measured."""

ENERGY = frozenset({"joules", "mean_watts"})

FLOORS = {"s": 0.001, "J": 0.01, "W": 0.01, "tok/s": 0.01}
"""A base median below this, in its unit, is noise: nothing is divided by it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The spread of one metric over the turns of a paradigm that have a value, of which there are `n`.

    Quartiles are interpolated (type 7 of Hyndman and Fan 1996, as numpy and R do). `source` is the
    energy's, and empty for other metrics. `ratio` is the median over that of base with the same
    source; without one, `ratio_note` says why.
    """

    metric: str
    unit: str
    source: str
    n: int
    median: float
    q1: float
    q3: float
    minimum: float
    maximum: float
    ratio: float | None = None
    ratio_note: str = ""


@dataclass(frozen=True, slots=True)
class ParadigmFigures:
    """One paradigm: how many turns, how they ended (`running` if not yet), and the figures of those ok."""

    paradigm: str
    turns: int
    statuses: dict[str, int]
    figures: tuple[Figure, ...]

    def figure(self, metric: str, source: str = "") -> Figure | None:
        """Return the figure of a metric, for energy with its source; None where no turn has a value."""
        for figure in self.figures:
            if (figure.metric, figure.source) == (metric, source):
                return figure
        return None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Paradigms side by side, base first, and what a reader should know before believing them.

    `differences` has every two of them once, and what they differ in.
    """

    paradigms: tuple[ParadigmFigures, ...]
    notes: tuple[str, ...]
    differences: tuple[Difference, ...] = ()

    def from_base(self, paradigm: str) -> Difference | None:
        """Return in what a paradigm differs from base; None for base itself, and without base."""
        pair = (BASE, paradigm)
        return next((each for each in self.differences if (each.first, each.second) == pair), None)


def compare(turns: Sequence[TurnRecord]) -> Comparison:
    """Compare turns by paradigm. Figures are over the turns that ended ok; the others are counted."""
    names = sorted(dict.fromkeys(turn.paradigm for turn in turns), key=lambda name: name != BASE)
    groups = {name: [turn for turn in turns if turn.paradigm == name] for name in names}
    figures = {name: _figures(group) for name, group in groups.items()}
    base = {(figure.metric, figure.source): figure for figure in figures.get(BASE, ())}
    paradigms = tuple(
        ParadigmFigures(
            paradigm=name,
            turns=len(group),
            statuses=dict(Counter(turn.status or "running" for turn in group)),
            figures=tuple(_against(base, figure, has_base=BASE in groups) for figure in figures[name]),
        )
        for name, group in groups.items()
    )
    arms = [arm(name, group) for name, group in groups.items()]
    notes = (*_notes_on_turns(groups), *_notes_on_conditions(turns), *notes_on_factors(arms))
    return Comparison(paradigms, notes, differences(arms))


def _figures(turns: Iterable[TurnRecord]) -> list[Figure]:
    """Return the figures of one paradigm, in the order of `METRICS`."""
    found: dict[tuple[str, str], list[float]] = {}
    finished = [turn for turn in turns if turn.status == "ok"]
    for metric in METRICS:
        for turn in finished:
            value = getattr(turn, metric)
            if value is not None:
                source = turn.energy_source if metric in ENERGY else ""
                found.setdefault((metric, source), []).append(value)
    return [_figure(metric, source, values) for (metric, source), values in found.items()]


def _figure(metric: str, source: str, values: list[float]) -> Figure:
    q1, median, q3 = statistics.quantiles(values * 2 if len(values) == 1 else values, method="inclusive")
    return Figure(metric, UNITS[metric], source, len(values), median, q1, q3, min(values), max(values))


def _against(base: dict[tuple[str, str], Figure], figure: Figure, *, has_base: bool) -> Figure:
    """Return the figure with its ratio to base, or with the reason why it has none."""
    below = base.get((figure.metric, figure.source))
    note = _no_ratio(below, figure, has_base=has_base)
    if note or below is None:
        return replace(figure, ratio_note=note)
    return replace(figure, ratio=figure.median / below.median)


def _no_ratio(below: Figure | None, figure: Figure, *, has_base: bool) -> str:
    """Return why a figure cannot be divided by that of base, or nothing."""
    if not has_base:
        return "no turns under base"
    if below is None:
        return f"base has no {figure.source} energy" if figure.source else "base has no value"
    if below.median == 0:
        return "base is 0"
    floor = FLOORS.get(below.unit, 0.0)
    return f"base is below {floor:g} {below.unit}" if below.median < floor else ""


def _notes_on_turns(groups: dict[str, list[TurnRecord]]) -> Iterator[str]:
    turns = [turn for group in groups.values() for turn in group]
    left_out = sum(turn.status != "ok" for turn in turns)
    if left_out:
        yield f"Turns that did not end ok are counted but left out of the figures: {left_out}."
    if groups and BASE not in groups:
        yield "There are no turns under base, so there are no ratios."
    prompts = [Counter(turn.prompt for turn in group if turn.status == "ok") for group in groups.values()]
    if any(each != prompts[0] for each in prompts):
        yield "The paradigms did not answer the same prompts: differences may come from the prompts."
    sources = {turn.energy_source for turn in turns if turn.joules is not None}
    if len(sources) > 1:
        yield f"Energy has several sources ({', '.join(sorted(sources))}): each has figures of its own."


def _notes_on_conditions(turns: Sequence[TurnRecord]) -> Iterator[str]:
    for name in CONDITIONS:
        values = sorted({getattr(turn, name) for turn in turns})
        if len(values) > 1:
            kinds = ", ".join(map(as_words, values))
            yield f"Turns of several kinds are compared: {name} is {kinds}."
