"""A report as one JSON object, whose first member says what the others are."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sessions.ledger import Ledger
from sessions.report.data import Report
from sessions.text import SURROGATES, UNSAFE

KEYS = {
    "run": "The run: id, title, times in UTC, command, plan, arms as asked for, data sets with checksum and"
    " licence, and the number of attempts that were planned.",
    "comparison": "The figures of every arm and pair of arms, the Pareto fronts, what the arms differ in,"
    " audits and notes. Shares are of 1; an interval has level 0.95. null: nothing to measure.",
    "money": "The prices that were set, in one currency, and what an attempt (mean) and a right answer"
    " (per_right, failures included) of each arm cost by each of them; a kWh is paid by its joules, an"
    " estimate where these are modelled, and hosted tokens are always an estimate. basis: what was counted.",
    "ledgers": "By arm, all of its turns together: prompt tokens by agent and origin, output tokens by agent"
    " and purpose, nanoseconds and nanojoules by agent and state, the critical path, what the KV cache saved,"
    " what failures cost.",
    "items": "What was asked, in order; expected is the right answer and how answers are compared with it.",
    "attempts": "What each arm made of each item, with its score, its turn under the names of docs/columns.md"
    " (null if it is no longer stored), and the turn's calls of the model and of tools.",
}
"""What each member holds. Names inside are those of the store's columns."""


def to_json(report: Report) -> str:
    """Return the report as JSON, texts whole. What a terminal might obey is escaped."""
    text = json.dumps(_plain(report_object(report)), ensure_ascii=False, indent=1, allow_nan=False)
    safe = SURROGATES.sub("\ufffd", text)
    # JSON itself escapes control characters below U+0020; its layout has line feeds and no others.
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", safe) + "\n"


def report_object(report: Report) -> dict[str, Any]:
    """Return the report as an object with the members of `KEYS`."""
    comparison = asdict(report.comparison)
    told = zip(comparison["differences"], report.comparison.differences, strict=True)
    comparison["differences"] = [each | {"text": difference.text} for each, difference in told]
    return {
        "about": KEYS,
        "run": asdict(report.run) | {"attempts": report.run.attempts},
        "comparison": comparison,
        "money": asdict(report.money),
        "ledgers": {arm: _ledger(ledger) for arm, ledger in report.ledgers.items()},
        "items": [asdict(item) | {"expected": _parsed(item.expected)} for item in report.items],
        "attempts": [
            asdict(attempt) | _of_turn(report, attempt.turn)
            for attempts in report.by_item.values()
            for attempt in attempts
        ],
    }


def _of_turn(report: Report, turn: str) -> dict[str, Any]:
    records = report.turns.get(turn)
    if records is None:
        return {"figures": None, "calls": [], "tool_calls": []}
    found = asdict(records)
    return {"figures": found["turn"], "calls": found["calls"], "tool_calls": found["tool_calls"]}


def _ledger(ledger: Ledger) -> dict[str, Any]:
    return asdict(ledger) | {
        "overheads": [asdict(each) | {"share": each.share} for each in ledger.overheads],
    }


def _parsed(expected: str) -> Any:
    """Return an expected answer as the object that it is; as text if it is none."""
    try:
        return json.loads(expected)
    except ValueError:
        return expected


def _plain(value: Any) -> Any:
    """Return a value without floats that are no numbers, for which JSON has no way to write."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
