"""The difference table of a comparison: a row a metric, a column an arm, each against the baseline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from rich.cells import cell_len
from textual.content import Content

from sessions.money import POWER, Prices
from sessions.records import TurnRecord
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.compare_state import Answer, CompareState
from slmtui.tui.state.cost_table import ENERGY, Metric
from slmtui.tui.state.money_rows import money_rows

ROWS: tuple[Metric, ...] = (
    Metric("tokens in", lambda r: r.prompt_tokens, fmt.significant_count),
    Metric("tokens out", lambda r: r.output_tokens, fmt.significant_count),
    Metric("TTFT", lambda r: r.ttft_s, fmt.duration),
    Metric("tok/s", lambda r: r.decode_tok_s, fmt.significant),
    Metric("time", lambda r: r.wall_s, fmt.duration),
    Metric("memory", lambda r: r.peak_rss_bytes, fmt.size),
    ENERGY,
    Metric("calls", lambda r: r.calls, fmt.significant_count),
)
MORE_IS_BETTER = frozenset({"tok/s"})
SHARED = frozenset({"TTFT", "tok/s", "time", ENERGY.label})
"""What arms that answer beside each other have of their neighbours: an estimate then."""

OF_THE_ENGINE = frozenset({"memory"})
"""What one engine has taken at most, whichever of its arms it was for: none of these is the best in it."""

BEST, BASELINE, UNKNOWN = "▲", "baseline", "?"
GAP = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it is written; `best` of its row, if the row has one that is."""

    text: str
    best: bool = False

    @property
    def written(self) -> str:
        """The figure, marked where it is the best."""
        return f"{BEST} {self.text}" if self.best else self.text


@dataclass(frozen=True, slots=True)
class Row:
    """One metric over all arms."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What the figures are of, the names of the columns, and the rows."""

    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]

    def draw(self) -> Content:
        """Return the table as text, its columns as wide as they need."""
        labels = max((cell_len(row.label) for row in self.rows), default=0)
        widths = [
            max([cell_len(name), *(cell_len(row.cells[place].written) for row in self.rows)])
            for place, name in enumerate(self.head)
        ]
        names = zip(self.head, widths, strict=True)
        head = " " * labels + "".join(_right(name, width) for name, width in names)
        parts: list[str | tuple[str, str]] = [(self.title, "dim"), "\n", (head, "bold underline")]
        for row in self.rows:
            parts.append(f"\n{row.label}{' ' * (labels - cell_len(row.label))}")
            parts += [
                (_right(cell.written, width), "bold" if cell.best else "")
                for cell, width in zip(row.cells, widths, strict=True)
            ]
        return Content.assemble(*parts)


def compare_table(state: CompareState, prices: Prices, *, shared: bool) -> Table:
    """Return the table of all that was answered so far; while names are hidden, of the marks alone.

    With several rounds a figure is the median over those that every arm answered. `shared` says that arms
    answered beside each other, so that seconds and joules are marked as estimates.
    """
    answers = _by_arm(state)
    rows = (_marks_row("right", answers, lambda a: a.marks.right), _marks_row("better", answers, _better))
    told = tuple(row for row in rows if row is not None)
    if state.hidden:
        return Table("hidden until you have said which is better", (UNKNOWN,) * len(state.arms), ())
    records, title = _records(answers)
    metrics = (*ROWS, *money_rows(prices, state.counted))
    marked = SHARED | {f"{POWER}*"} if shared else frozenset[str]()
    if len({arm.model for arm in state.arms}) < len(state.arms):
        marked |= OF_THE_ENGINE
    figures = tuple(_figure_row(metric, records, estimated=metric.label in marked) for metric in metrics)
    return Table(title, tuple(_names(state)), (*told, *figures))


def _names(state: CompareState) -> list[str]:
    names = [plain_line(arm.arm, 24) for arm in state.arms]
    return [f"{name} ({BASELINE})" if place == 0 else name for place, name in enumerate(names)]


def _by_arm(state: CompareState) -> list[list[Answer | None]]:
    """Return the answers of each arm, round by round."""
    return [[state.answers.get((of, arm.arm)) for of in state.rounds] for arm in state.arms]


def _records(answers: Sequence[Sequence[Answer | None]]) -> tuple[list[list[TurnRecord]], str]:
    """Return the turns of each arm that are compared, and what they are in words."""
    ended = [{n for n, a in enumerate(column) if a is not None and a.ended_ok} for column in answers]
    having = [rounds for rounds in ended if rounds]
    common = set.intersection(*having) if having else set()
    records = [
        [a.live.record for n, a in enumerate(column) if a is not None and n in (common & rounds or rounds)]
        for column, rounds in zip(answers, ended, strict=True)
    ]
    if having and not common:
        return records, "not the same rounds: median of what each arm answered"
    if not common:
        return records, "no answer yet"
    silent = len(answers) - len(having)
    but = f", but for {silent} that answered none" if silent else ""
    rounds = len(common)
    what = (
        "one answer of every arm" if rounds == 1 else f"median of the {rounds} rounds that every arm answered"
    )
    return records, what + but


def _better(answer: Answer) -> bool | None:
    return answer.marks.preferred


def _marks_row(
    label: str, answers: Sequence[Sequence[Answer | None]], said: Callable[[Answer], bool | None]
) -> Row | None:
    """Return how often each arm was said to be so, of how often something was said; None where never."""
    told = [[value for a in column if a is not None and (value := said(a)) is not None] for column in answers]
    if not any(told):
        return None
    shares = [sum(values) / len(values) if values else None for values in told]
    best = max(share for share in shares if share is not None)
    differ = len({share for share in shares if share is not None}) > 1
    cells = (
        Cell(f"{sum(values)} of {len(values)}" if values else fmt.NONE, best=differ and share == best)
        for values, share in zip(told, shares, strict=True)
    )
    return Row(label, tuple(cells))


def _figure_row(metric: Metric, records: Sequence[Sequence[TurnRecord]], *, estimated: bool) -> Row:
    """Return a metric's figures: the baseline's as they are, the others' with what they are of it."""
    texts = [metric.cell(of_arm) for of_arm in records]
    medians = [_median(metric, of_arm) for of_arm in records]
    values = [value for value, _ in medians]
    known = [value for value in values if value is not None]
    best = (max if metric.label in MORE_IS_BETTER else min)(known, default=None)
    winning = {text for text, value in zip(texts, values, strict=True) if value == best and value is not None}
    others = {text for text, value in zip(texts, values, strict=True) if value is not None} - winning
    sources = {measured for value, measured in medians if value is not None}
    apart = bool(others) and len(sources) == 1 and not (estimated and metric.label in OF_THE_ENGINE)
    cells = []
    for place, (text, value) in enumerate(zip(texts, values, strict=True)):
        mark = "~" if estimated and value is not None and not text.startswith("~") else ""
        alike = place and medians[place][1] == medians[0][1]
        ratio = f" {_times(value, values[0])}" if alike else ""
        cells.append(Cell(f"{mark}{text}{ratio}".rstrip(), best=apart and text in winning))
    return Row(metric.label, tuple(cells))


def _median(metric: Metric, records: Sequence[TurnRecord]) -> tuple[float | None, bool]:
    """Return the value that `Metric.cell` writes, and whether it was measured."""
    known = [record for record in records if metric.read(record) is not None]
    measured = [record for record in known if not metric.estimated(record)]
    values = [value for record in measured or known if (value := metric.read(record)) is not None]
    return (median(values) if values else None), bool(measured)


def _times(value: float | None, baseline: float | None) -> str:
    """Return how many times the baseline a figure is."""
    if value is None or baseline is None or baseline <= 0:
        return ""
    ratio = value / baseline
    return f"×{ratio:.2f}" if ratio < 1.95 else f"×{ratio:.1f}" if ratio < 100 else f"×{ratio:.0f}"


def _right(text: str, width: int) -> str:
    return " " * (width - cell_len(text) + GAP) + text
