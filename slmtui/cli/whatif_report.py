"""What turns that ran again came to, beside the stored ones: as text and as an object."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from slmtui.cli.fitted import fitted_fields
from slmtui.cli.printed import printable, wrapped
from slmtui.cli.whatif_costs import Cost, cost_notes, cost_table, costs
from slmtui.tui.format import count
from slmtui.whatif import WhatIf
from slmtui.whatif_changes import changed_words
from slmtui.whatif_plan import factors_of

UNCHANGED = "nothing: it ran again as it was"
TOGETHER = "nowhere: every step is the same"


def report(found: Sequence[WhatIf]) -> str:
    """Return every pair of turns with its costs, and the costs of all together where there are several."""
    blocks = [block for each in found for block in _blocks(each)]
    if len(found) > 1:
        blocks += [f"All {count(len(found))} turns", cost_table(found)]
    return "\n\n".join([*blocks, *map(wrapped, cost_notes(found))])


def as_object(found: Sequence[WhatIf]) -> dict[str, Any]:
    """Return the same as the object that `--json` prints."""
    return {
        "session": found[0].record.session,
        "turns": [_turn_object(each) for each in found],
        "costs": _costs_object(costs(found)),
        "notes": list(cost_notes(found)),
    }


def _blocks(each: WhatIf) -> Iterator[str]:
    was, now = each.was, each.now
    yield fitted_fields(
        [
            ("prompt", now.prompt),
            ("stored turn", f"{was.turn} in session {was.session}"),
            ("what-if turn", f"{now.turn} in session {now.session}"),
            *_changed(each),
            *_parting(each),
            ("tools", _tools(each)),
        ]
    )
    yield f"Stored answer{_ended(was.status)}:\n\n{printable(was.answer).strip()}"
    yield f"What-if answer{_ended(now.status)}:\n\n{printable(now.answer).strip()}"
    yield cost_table([each])


def _changed(each: WhatIf) -> list[tuple[str, str]]:
    """Return what was changed, the factors apart: a change of paradigm changes most of them by itself."""
    factors = factors_of(each.was) | factors_of(each.now)
    changes = each.record.changes
    own = {name: change for name, change in changes.items() if name not in factors}
    following = {name: change for name, change in changes.items() if name in factors}
    told = changed_words(own) or ("" if following else UNCHANGED)
    rows = [("changed", told), ("factors", changed_words(following))]
    return [(name, words) for name, words in rows if words]


def _parting(each: WhatIf) -> list[tuple[str, str]]:
    if each.divergence is None:
        return [("part", TOGETHER)]
    stored, new = each.divergence.sides
    return [("part", f"at step {each.divergence.at}"), ("  stored", stored), ("  what if", new)]


def _tools(each: WhatIf) -> str:
    told = f"{count(each.record.frozen)} frozen, {count(each.record.live)} live"
    return f"{told}; not here now: {', '.join(each.lacking)}" if each.lacking else told


def _ended(status: str | None) -> str:
    return "" if status == "ok" else f" ({status or 'running'})"


def _turn_object(each: WhatIf) -> dict[str, Any]:
    parting = each.divergence
    return {
        "of_turn": each.was.turn,
        "turn": each.now.turn,
        "prompt": each.now.prompt,
        "status": each.now.status,
        "reason": each.now.reason,
        "changes": {name: list(change) for name, change in each.record.changes.items()},
        "diverged_at": each.record.diverged_at,
        "diverged": None if parting is None else dict(zip(("stored", "what_if"), parting.sides, strict=True)),
        "frozen": each.record.frozen,
        "live": each.record.live,
        "tool_calls": [asdict(made) for made in each.made],
        "tools_not_here": list(each.lacking),
        "answers": {"stored": each.was.answer, "what_if": each.now.answer},
        "costs": _costs_object(costs([each])),
    }


def _costs_object(found: Sequence[Cost]) -> dict[str, Any]:
    return {
        cost.column: {"stored": cost.was, "what_if": cost.now, "difference": cost.difference}
        | ({"meters": [list(meter) for meter in cost.meters]} if cost.column == "joules" else {})
        for cost in found
    }
