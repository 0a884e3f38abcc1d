"""A ledger as text: a table for each question, without rows of zeros, its totals last; and as an object."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeAlias, TypeVar

from agents.message import PURPOSES
from sessions.attributing.adding import added_up
from sessions.attributing.cells import (
    NANO,
    STATES,
    EnergyCell,
    FailureCell,
    InputCell,
    OutputCell,
    PathCell,
    State,
    TimeCell,
)
from sessions.attributing.overhead import Overhead
from sessions.attributing.tables import INPUT_ORIGINS
from sessions.ledger import Ledger, merged
from slmtui.cli.fitted import fitted
from slmtui.cli.output import fields
from slmtui.tui.format import NONE, count, duration, energy

Row: TypeAlias = Sequence[str]
Cell = TypeVar("Cell", InputCell, OutputCell, TimeCell)

TOTAL = "total"
CALL = 8
CELLS = ("input", "output", "time", "energy", "path", "cache", "failures")


def as_object(ledger: Ledger) -> dict[str, Any]:
    """Return a ledger as the object that `--json` prints."""
    totals = {
        "turns": ledger.turns,
        "wall_ns": ledger.wall_ns,
        "prompt_tokens": ledger.prompt_tokens,
        "output_tokens": ledger.output_tokens,
    }
    cells = {name: [asdict(cell) for cell in getattr(ledger, name)] for name in CELLS}
    return totals | cells | {"overheads": [asdict(each) | {"share": each.share} for each in ledger.overheads]}


def told(title: str, ledger: Ledger, *, calls: bool = False) -> str:
    """Return a ledger as text, by agent; with `calls` that of one turn by call."""
    by_call = calls and ledger.turns == 1
    rows = _with_short_calls(ledger) if by_call else merged([ledger])
    pairs = [("ledger of", title), ("turns", count(ledger.turns)), ("wall time", duration(ledger.wall_s))]
    pairs += [
        (name.lower(), ", ".join(filter(None, meter)))
        for name, meter in zip(_meters(ledger), ledger.meters, strict=True)
    ]
    by_agent = (_input(rows), _output(rows), _spent(rows), _overhead(rows))
    others = (_path(rows if by_call else ledger, calls=by_call), _cache(rows), _failures(rows))
    return "\n\n".join([fields(pairs), *(part for part in (*by_agent, *others) if part)])


def _with_short_calls(ledger: Ledger) -> Ledger:
    """Return a ledger with the ends of the ids of its calls, which tell them apart; --json has the whole."""
    cells: dict[str, Any] = {
        name: tuple(replace(cell, call=cell.call[-CALL:]) for cell in getattr(ledger, name))
        for name in CELLS
        if name != "failures"
    }
    return replace(ledger, **cells)


def _table(title: str, head: Row, rows: Sequence[Row], last: Iterable[Row], words: int = 3) -> str:
    """Return a table under its title, `last` rows last; empty without other rows.

    The first `words` columns hold words, and the second of them calls: where none does, it is left out.
    A row is a list of its cells where the terminal is too narrow.
    """
    if not rows:
        return ""
    lines = [head, *rows, *last]
    if not any(row[1] for row in rows):
        lines, words = [[*line[:1], *line[2:]] for line in lines], words - 1
    return f"{title}\n{fitted(lines[0], lines[1:], words)}"


def _input(ledger: Ledger) -> str:
    names = ("reused", "new", "avoidable", "prompt")
    cells = _in_order(ledger.input, "origin", INPUT_ORIGINS)
    rows = [(c.agent, c.call, c.origin, *(count(getattr(c, name)) for name in names)) for c in cells]
    total = (TOTAL, "", "", *(count(sum(getattr(c, name) for c in cells)) for name in names))
    head = ("AGENT", "CALL", "ORIGIN", *(name.upper() for name in names))
    return _table("Prompt tokens by origin", head, rows, [total])


def _output(ledger: Ledger) -> str:
    cells = _in_order(ledger.output, "purpose", PURPOSES)
    rows = [(cell.agent, cell.call, cell.purpose, count(cell.tokens)) for cell in cells]
    total = (TOTAL, "", "", count(ledger.output_tokens))
    return _table("Output tokens by purpose", ("AGENT", "CALL", "PURPOSE", "TOKENS"), rows, [total])


def _in_order(cells: Sequence[Cell], name: str, order: Sequence[str]) -> list[Cell]:
    """Return cells by call as these come first, and for each in an order of what they are about."""
    calls = list(dict.fromkeys((cell.agent, cell.call) for cell in cells))
    return sorted(cells, key=lambda c: (calls.index((c.agent, c.call)), order.index(getattr(c, name))))


def _spent(ledger: Ledger) -> str:
    """Return time and energy by state: one column for each meter."""
    joules = {(_key(cell), cell.source, cell.scope): cell.nanojoules for cell in ledger.energy}
    times = {_key(cell): cell.nanoseconds for cell in ledger.time}
    keys = dict.fromkeys([*times, *map(_key, ledger.energy)])
    cells = _in_order([TimeCell(*key, times.get(key, 0)) for key in keys], "state", STATES)
    rows = [
        (
            cell.agent or NONE, cell.call, cell.state, duration(cell.seconds),
            *(energy(joules.get((_key(cell), *meter), 0) / NANO, meter[0]) for meter in ledger.meters),
        )
        for cell in cells
    ]  # fmt: skip
    sums = (energy(ledger.joules(*meter), meter[0]) for meter in ledger.meters)
    head = ("AGENT", "CALL", "STATE", "TIME", *_meters(ledger))
    return _table(
        f"Time {'and energy ' if ledger.meters else ''}by state",
        head,
        rows,
        [(TOTAL, "", "", duration(ledger.wall_s), *sums)],
    )


def _key(cell: TimeCell | EnergyCell) -> tuple[str, str, State]:
    return cell.agent, cell.call, cell.state


def _meters(ledger: Ledger) -> list[str]:
    """Return the heads of the columns of energy, one for each meter; they are too long to stand there."""
    several = len(ledger.meters) > 1
    return [f"ENERGY {number}" if several else "ENERGY" for number, _ in enumerate(ledger.meters, 1)]


def _overhead(ledger: Ledger) -> str:
    """Return by agent what was not the answer, in tokens, time and energy, each with its share."""
    found = ledger.overheads
    agents = dict.fromkeys(agent for each in found for agent in each.by_agent)
    rows = [
        (agent or NONE, "", *(_share(each, each.by_agent.get(agent, 0)) for each in found))
        for agent in agents
        if any(each.by_agent.get(agent) for each in found)
    ]
    last = [
        ("all overhead", "", *(_share(each, each.overhead) for each in found)),
        ("the answer's own", "", *(_share(each, each.own) for each in found)),
        (TOTAL, "", *(_amount(each, each.total) for each in found)),
    ]
    head = ("AGENT", "CALL", "TOKENS", "TIME", *_meters(ledger))
    return _table("Overhead: what was not the answer", head, rows, last, words=2)


def _share(overhead: Overhead, amount: int) -> str:
    share = f" ({amount / overhead.total:.0%})" if overhead.total else ""
    return _amount(overhead, amount) + share


def _amount(overhead: Overhead, amount: int) -> str:
    if overhead.measure == "tokens":
        return count(amount)
    if overhead.measure == "nanoseconds":
        return duration(amount / NANO)
    return energy(amount / NANO, overhead.source)


def _path(ledger: Ledger, *, calls: bool) -> str:
    """Return the steps of a turn in order, or those of several added up."""
    steps = [step if calls else replace(step, call="") for step in ledger.path]
    rows = [
        (step.agent or NONE, step.call, _step(step), count(step.steps), duration(step.seconds))
        for step in steps
    ]
    total = (TOTAL, "", "", count(sum(step.steps for step in steps)), duration(ledger.wall_s))
    head = ("AGENT", "CALL", "STEP", "STEPS", "TIME")
    return _table("Critical path: what the end had to wait for", head, rows, [total])


def _step(step: PathCell) -> str:
    return f"{step.kind} {step.name}".rstrip()


def _cache(ledger: Ledger) -> str:
    def figures(agent: str, call: str, numbers: Sequence[int]) -> Row:
        reused, avoidable, saved, wasted = numbers
        return (
            agent, call, count(reused), f"~{duration(saved / NANO)}",
            count(avoidable), f"~{duration(wasted / NANO)}",
        )  # fmt: skip

    numbers = [(c.reused, c.avoidable, c.est_reused_ns, c.est_avoidable_ns) for c in ledger.cache]
    rows = [figures(c.agent, c.call, each) for c, each in zip(ledger.cache, numbers, strict=True)]
    total = figures(TOTAL, "", [sum(column) for column in zip(*numbers, strict=True)] or [0] * 4)
    head = ("AGENT", "CALL", "REUSED", "SAVED", "AVOIDABLE", "NOT SAVED")
    return _table("KV cache: what it saved, and what a perfect one would have", head, rows, [total], words=2)


def _failures(ledger: Ledger) -> str:
    """Return what each kind of failure cost; the total of each meter counts work under several kinds once."""
    every = [replace(cell, agent="") for cell in ledger.failures if cell.kind == "any"]
    totals = added_up(every)
    rows = [_failure(cell.kind, cell) for cell in ledger.failures if cell.kind != "any"]
    of = {cell: f", {cell.source}" if len(totals) > 1 else "" for cell in totals}
    last = [_failure(f"total, each once{of[cell]}", cell) for cell in totals]
    head = ("FAILURE", "AGENT", "TIMES", "CALLS", "TOOLS", "READ", "WRITTEN", "TIME", "ENERGY", "TRIMMED")
    used = _used(totals)
    lines = [[cell for cell, use in zip(row, used, strict=True) if use] for row in (head, *rows, *last)]
    return _table("Failures and repairs: the work that came to nothing", lines[0], lines[1:], [], words=2)


def _used(totals: Sequence[FailureCell]) -> list[bool]:
    """Return which columns of failures tell anything: tools, energy and trimmed prompts seldom do."""
    tools = any(cell.tool_calls for cell in totals)
    metered = any(cell.source != "none" for cell in totals)
    trimmed = any(cell.trimmed for cell in totals)
    return [True, True, True, True, tools, True, True, True, metered, trimmed]


def _failure(kind: str, cell: FailureCell) -> Row:
    numbers = (cell.times, cell.calls, cell.tool_calls, cell.prefilled, cell.output)
    spent = duration(cell.nanoseconds / NANO), energy(cell.nanojoules / NANO, cell.source)
    return kind.replace("_", " "), cell.agent, *map(count, numbers), *spent, count(cell.trimmed)
