"""The tables of a benchmark of agents, as Markdown: what came out, what it cost, and what went wrong."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table

from agents.message import PURPOSES
from tests.benchmarks.agent_items import NO_TOOL, Item
from tests.benchmarks.agent_judge import CAUSES, Judged, judge
from tests.benchmarks.agent_results import Result, Results
from tools.registry import Toolbox

_Z = 1.959964
_QUOTED = 300


@dataclass(frozen=True)
class Cell:
    """The turns of one paradigm over one set, with their judgements."""

    paradigm: str
    set: str
    turns: tuple[tuple[Result, Judged], ...]

    def count(self, name: str) -> int:
        """Return how many judgements have a field that is true."""
        return sum(bool(getattr(judged, name)) for _, judged in self.turns)

    def total(self, *figures: str) -> float:
        """Return the sum of figures over all turns."""
        return sum(turn.outcome.figures.get(name) or 0.0 for turn, _ in self.turns for name in figures)

    @property
    def failures(self) -> list[tuple[Result, Judged]]:
        """The turns whose answers are not right."""
        return [(turn, judged) for turn, judged in self.turns if not judged.right]


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a rate (Wilson 1927, JASA 22, 209-212); of nothing, all of it."""
    if not of:
        return 0.0, 1.0
    rate, square = right / of, _Z * _Z
    middle = (rate + square / (2 * of)) / (1 + square / of)
    half = _Z / (1 + square / of) * math.sqrt(rate * (1 - rate) / of + square / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def cells(
    results: Results, paradigms: Sequence[str], items: Mapping[str, Sequence[Item]], tools: Toolbox
) -> list[Cell]:
    """Return what was run of the items of every set under every paradigm, judged."""
    made = []
    for name, wanted in items.items():
        for paradigm in paradigms:
            turns = [t for t in results.turns if t.paradigm == paradigm and t.item in wanted]
            judged = tuple((t, judge(t.item, t.outcome, paradigm, tools)) for t in turns)
            if judged:
                made.append(Cell(paradigm, name, judged))
    return made


def print_tables(results: Results, made: Sequence[Cell]) -> None:
    """Print everything that a comparison is read from."""
    console = Console(width=240, highlight=False, soft_wrap=True)
    for title, table in (
        ("Answers", _answers(made)),
        ("Tokens and seconds, per turn and per right answer", _costs(made, results)),
        ("Output tokens by purpose, per turn", _purposes(made)),
        ("Right answers by tool", _by_tool(made)),
        ("Failures by cause", _causes(made)),
        ("Factors in which the arms differ", _factors(made)),
    ):
        console.print(f"\n{title}\n", table, sep="\n")
    if results.conditions.at_once > 1:
        console.print(
            f"{results.conditions.at_once} turns ran at once: the run's own seconds are those of the clock, a"
            " turn's include waiting for its neighbours. --at-once 1 gives seconds that can be compared."
        )


def _table(*columns: str) -> Table:
    table = Table(box=box.MARKDOWN)
    for i, column in enumerate(columns):
        table.add_column(column, justify="right" if i > 1 else "left", no_wrap=True)
    return table


def _answers(made: Iterable[Cell]) -> Table:
    table = _table("set", "paradigm", "n", "right", "95 %", "flexible", "right tool", "valid calls", "rungs")
    for cell in made:
        n = len(cell.turns)
        low, high = wilson(cell.count("right"), n)
        called = cell.count("called")
        valid = sum(judged.valid for _, judged in cell.turns if judged.called)
        rungs = Counter(rung for turn, _ in cell.turns for rung in turn.outcome.rungs)
        table.add_row(
            cell.set,
            cell.paradigm,
            str(n),
            _share(cell.count("right"), n),
            f"{100 * low:.1f}–{100 * high:.1f}",
            _share(cell.count("flexible"), n),
            _share(cell.count("tool"), n),
            f"{_share(valid, called)} of {called}" if called else "–",
            ", ".join(f"{rung} {count}" for rung, count in rungs.items()) or "–",
        )
    return table


def _costs(made: Iterable[Cell], results: Results) -> Table:
    table = _table(
        "set", "paradigm", "calls", "prompt", "reused", "prefilled", "output", "prefill + decode s", "CPU s",
        "run s", "output / right", "prefilled / right", "CPU s / right",
    )  # fmt: skip
    for cell in made:
        n, right = len(cell.turns), cell.count("right")
        names = ("calls", "prompt_tokens", "reused_tokens", "prefilled_tokens", "output_tokens")
        ran = [b for b in results.blocks if (b.paradigm, b.set) == (cell.paradigm, cell.set)]
        table.add_row(
            cell.set,
            cell.paradigm,
            *(f"{cell.total(name) / n:.1f}" for name in names),
            f"{cell.total('prefill_s', 'decode_s') / n:.2f}",
            f"{cell.total('cpu_s') / n:.2f}",
            f"{sum(b.wall_s for b in ran):.0f} ({sum(b.turns for b in ran)})",
            *(_per(cell.total(name), right) for name in ("output_tokens", "prefilled_tokens", "cpu_s")),
        )
    return table


def _purposes(made: Iterable[Cell]) -> Table:
    table = _table("set", "paradigm", *PURPOSES)
    for cell in made:
        shares = (f"{cell.total(f'{purpose}_tokens') / len(cell.turns):.1f}" for purpose in PURPOSES)
        table.add_row(cell.set, cell.paradigm, *shares)
    return table


def _by_tool(made: Sequence[Cell]) -> Table:
    asked = {turn.item.tool for cell in made for turn, _ in cell.turns}
    tools = sorted(asked, key=lambda tool: (tool == NO_TOOL, tool))
    table = _table("set", "paradigm", *tools)
    for cell in made:
        table.add_row(cell.set, cell.paradigm, *(_of_tool(cell, tool) for tool in tools))
    table.caption = "right answer / right tool / asked"
    return table


def _of_tool(cell: Cell, tool: str) -> str:
    judged = [each for turn, each in cell.turns if turn.item.tool == tool]
    right, chosen = sum(each.right for each in judged), sum(each.tool for each in judged)
    return f"{right}/{chosen}/{len(judged)}" if judged else ""


def _causes(made: Sequence[Cell]) -> Table:
    counts = [Counter(judged.cause for _, judged in cell.failures) for cell in made]
    seen = [cause for cause in CAUSES if any(count[cause] for count in counts)]
    table = _table("set", "paradigm", "failures", *seen)
    for cell, count in zip(made, counts, strict=True):
        counted = (str(count[cause]) for cause in seen)
        table.add_row(cell.set, cell.paradigm, str(len(cell.failures)), *counted)
    return table


def _factors(made: Iterable[Cell]) -> Table:
    arms = {cell.paradigm: cell.turns[0][0].outcome.factors for cell in made}
    names = dict.fromkeys(name for factors in arms.values() for name in factors)
    apart = [name for name in names if len({factors.get(name, "–") for factors in arms.values()}) > 1]
    table = _table("factor", *arms)
    for name in apart:
        table.add_row(name, *(factors.get(name, "–") for factors in arms.values()))
    return table


def print_failures(made: Iterable[Cell], count: int) -> None:
    """Quote `count` failures of each cell, of every cause in turn: what was asked, done and answered."""
    for cell in made:
        for turn, judged in _varied(cell.failures)[:count]:
            print("\n".join(_quoted(turn, judged)))


def _quoted(turn: Result, judged: Judged) -> Iterator[str]:
    item, outcome = turn.item, turn.outcome
    yield f"\n### {turn.paradigm}, {item.id}: {' + '.join(judged.signs)}\n"
    yield f"- asked: {item.request}"
    yield f"- right: {item.tool}, {item.expected.value}"
    for call in outcome.called:
        yield f"- called: {call.name} {call.arguments}"
        yield f"- {'error' if call.error else 'result'}: {call.result[:_QUOTED]!r}"
    yield from (f"- agent: {detail}" for detail in outcome.detail)
    yield f"- answered: {outcome.answer[:_QUOTED]!r}"
    if outcome.reason:
        yield f"- ended: {outcome.reason}"


def _varied(failures: Iterable[tuple[Result, Judged]]) -> list[tuple[Result, Judged]]:
    """Return failures so that every cause comes once before one comes again."""
    seen: Counter[str] = Counter()
    ranked = []
    for turn, judged in failures:
        seen[judged.cause] += 1
        ranked.append((seen[judged.cause], turn, judged))
    return [(turn, judged) for _, turn, judged in sorted(ranked, key=lambda each: each[0])]


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.1f} %" if of else "–"


def _per(total: float, right: int) -> str:
    return f"{total / right:.1f}" if right else "–"
