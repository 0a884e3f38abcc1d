"""Where tokens, time and energy went, from the ledgers of the arms: means an attempt, part by part."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.message import Origin, Purpose
from sessions.attributing.cells import NANO, STATES, FailureKind
from sessions.ledger import Ledger
from sessions.report.data import Report
from sessions.report.figures import Figures, percent
from sessions.report.table import Table, table

PURPOSES: tuple[Purpose, ...] = ("answer", "think", "call", "route", "handoff", "repair")
ORIGINS: tuple[Origin | str, ...] = (
    *("user", "system", "tools", "example", "history", "tool_result", "handoff", "template", "unknown"),
)
USES = ("reused", "new", "avoidable")
ANY: FailureKind = "any"
"""All failures of an arm together."""

MEASURES = {"tokens": "tokens read and written", "nanoseconds": "time", "nanojoules": "energy"}


@dataclass(frozen=True, slots=True)
class Parts:
    """What a whole consists of: for each arm the amount of each part, in the order of `names`."""

    title: str
    unit: str
    source: str
    names: tuple[str, ...]
    arms: Mapping[str, Sequence[float]]


def parts(report: Report) -> list[Parts]:
    """Return every whole that is told by its parts; each has something of some arm."""
    found = [
        _parts(report, "Output tokens by purpose", "tokens", PURPOSES, _by_purpose),
        _parts(report, "Prompt tokens by origin", "tokens", ORIGINS, _by_origin),
        _parts(report, "Prompt tokens by what the KV cache had", "tokens", USES, _by_use),
        _parts(report, "Seconds by state", "s", STATES, _by_state),
        *_energy(report),
    ]
    return [each for each in found if any(map(any, each.arms.values()))]


def tables(report: Report, figures: Figures) -> tuple[Table, ...]:
    """Return the parts as tables, and what of it all was overhead and what failures cost."""
    spent = (_table(each, figures) for each in parts(report))
    return *spent, overhead(report), failures(report, figures)


def overhead(report: Report) -> Table:
    """Return the share of everything that was not the answer's own."""
    shares = {
        arm: {(each.measure, each.source, each.scope): each.share for each in ledger.overheads}
        for arm, ledger in report.ledgers.items()
    }
    keys = dict.fromkeys(key for found in shares.values() for key in found)
    return table(
        "Overhead: the share that was not the answer's own, but other calls, tools, thoughts, what was read"
        " again, queues and idle moments",
        ("Of", *shares),
        [
            (_measure(*key), *(percent(found.get(key)) for found in shares.values()))
            for key in keys
            if any(found.get(key) is not None for found in shares.values())
        ],
        right=range(1, 1 + len(shares)),
    )


def failures(report: Report, figures: Figures) -> Table:
    """Return what came to nothing: how often, and the tokens and time that went into it."""
    found: dict[tuple[str, str], list[int]] = {}
    for arm, ledger in report.ledgers.items():
        for cell in ledger.failures:
            row = found.setdefault((arm, cell.kind), [0] * 5)
            amounts = (
                cell.times,
                cell.calls,
                cell.tool_calls,
                cell.prefilled + cell.output,
                cell.nanoseconds,
            )
            row[:] = (before + more for before, more in zip(row, amounts, strict=True))
    arms = list(report.ledgers)

    def place(row: tuple[tuple[str, str], list[int]]) -> tuple[int, bool]:
        (arm, kind), _ = row
        return arms.index(arm), kind == ANY

    return table(
        f"What failures and repairs cost over all attempts; {ANY} is all together, with what they cost once",
        ("Arm", "What", "Times", "Calls", "Tool calls", "Tokens", "Time"),
        [
            (arm, kind, *map(figures.numbers.count, counts), figures.value(nanoseconds / NANO, "s"))
            for (arm, kind), (*counts, nanoseconds) in sorted(found.items(), key=place)
        ],
        right=range(2, 7),
    )


def _table(each: Parts, figures: Figures) -> Table:
    def row(name: str, amounts: Sequence[float]) -> tuple[str, ...]:
        return name, *(figures.value(amount, each.unit, each.source) for amount in amounts)

    columns = list(each.arms.values())
    rows = [row(name, amounts) for name, *amounts in zip(each.names, *columns, strict=True) if any(amounts)]
    total = row("together", [sum(amounts) for amounts in columns])
    caption = f"{each.title}: mean an attempt"
    return table(caption, ("", *each.arms), [*rows, total], right=range(1, 1 + len(columns)))


def _parts(
    report: Report,
    title: str,
    unit: str,
    names: Sequence[str],
    amounts: Callable[[Ledger], Iterator[tuple[str, float]]],
    source: str = "",
) -> Parts:
    """Add amounts up by name, and divide them by the turns of the arm."""
    arms = {arm: _means(names, amounts(ledger), ledger.turns) for arm, ledger in report.ledgers.items()}
    return Parts(title, unit, source, tuple(names), arms)


def _means(names: Sequence[str], amounts: Iterator[tuple[str, float]], turns: int) -> list[float]:
    sums = dict.fromkeys(names, 0.0)
    for name, amount in amounts:
        sums[name] += amount
    return [value / max(turns, 1) for value in sums.values()]


def _by_purpose(ledger: Ledger) -> Iterator[tuple[str, float]]:
    yield from ((cell.purpose, cell.tokens) for cell in ledger.output)


def _by_origin(ledger: Ledger) -> Iterator[tuple[str, float]]:
    yield from ((cell.origin, cell.prompt) for cell in ledger.input)


def _by_use(ledger: Ledger) -> Iterator[tuple[str, float]]:
    for cell in ledger.input:
        yield from (("reused", cell.reused), ("new", cell.new), ("avoidable", cell.avoidable))


def _by_state(ledger: Ledger) -> Iterator[tuple[str, float]]:
    yield from ((cell.state, cell.seconds) for cell in ledger.time)


def _energy(report: Report) -> Iterator[Parts]:
    """Yield the energy of each meter apart, for two of them never make a sum."""
    meters = dict.fromkeys(meter for ledger in report.ledgers.values() for meter in ledger.meters)
    for source, scope in meters:

        def of_meter(ledger: Ledger, meter: tuple[str, str] = (source, scope)) -> Iterator[tuple[str, float]]:
            for cell in ledger.energy:
                if (cell.source, cell.scope) == meter:
                    yield cell.state, cell.joules

        title = f"Joules by state ({', '.join(filter(None, (source, scope)))})"
        yield _parts(report, title, "J", STATES, of_meter, source)


def _measure(measure: str, source: str, scope: str) -> str:
    meter = f" ({', '.join(filter(None, (source, scope)))})" if measure == "nanojoules" else ""
    return MEASURES[measure] + meter
