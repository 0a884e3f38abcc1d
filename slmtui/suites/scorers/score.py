"""The score of what a turn did: the scorer of each kind of right answer, by its name."""

from collections.abc import Callable
from dataclasses import replace

from slmtui.suites.item import Item, Kind, Outcome, Score
from slmtui.suites.scorers.calls import score_calls, score_no_call
from slmtui.suites.scorers.choice import score_choice
from slmtui.suites.scorers.dates import score_date
from slmtui.suites.scorers.functions import score_function
from slmtui.suites.scorers.instructions import score_instructions
from slmtui.suites.scorers.numbers import score_number
from slmtui.suites.scorers.patterns import score_regex
from slmtui.suites.scorers.texts import score_contains, score_exact, score_text
from slmtui.suites.scorers.words import score_first, score_sequence, score_word

MAX_EXTRACTED = 500
"""An answer is kept as what it was read as up to so many characters."""

_SCORERS: dict[Kind, Callable[[Item, Outcome], Score]] = {
    "exact": score_exact,
    "number": score_number,
    "choice": score_choice,
    "contains": score_contains,
    "regex": score_regex,
    "date": score_date,
    "word": score_word,
    "first": score_first,
    "sequence": score_sequence,
    "text": score_text,
    "calls": score_calls,
    "no_call": score_no_call,
    "instructions": score_instructions,
    "function": score_function,
}


def score(item: Item, outcome: Outcome) -> Score:
    """Compare what a turn did with what is right; whatever is strictly right is flexibly right too.

    Raises `SuiteError` where the item's own pattern or function fails.
    """
    scored = _SCORERS[item.expected.kind](item, outcome)
    return replace(
        scored, flexible=scored.strict or scored.flexible, extracted=scored.extracted[:MAX_EXTRACTED]
    )
