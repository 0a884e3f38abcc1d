"""Right patterns: a regular expression of the user's, found in an answer.

The expression has an end to its time, since one such as `^(a|aa)+$` could take years over a short answer.
"""

import regex  # type: ignore[import-untyped]  # it has no type hints

from slmtui.suites.item import Item, Outcome, Score
from slmtui.suites.suite import SuiteError

MAX_PATTERN = 1_000
"""Characters that an expression may have."""
MAX_ANSWER = 20_000
"""Characters of an answer that are looked at."""
SECONDS = 1.0
"""What one search may take."""


def check_pattern(pattern: str) -> None:
    """Raise `SuiteError` for an expression that is too long or is none."""
    if len(pattern) > MAX_PATTERN:
        raise SuiteError(f"a regular expression of {len(pattern):,} characters is too long: at most 1,000")
    try:
        regex.compile(pattern)
    except regex.error as error:
        raise SuiteError(f"{pattern[:80]!r} is no regular expression: {error}") from error


def score_regex(item: Item, outcome: Outcome) -> Score:
    """Find the expression: strictly as it is, flexibly whatever the case. Raises `SuiteError`."""
    pattern = item.expected.value
    check_pattern(pattern)
    answer = outcome.answer[:MAX_ANSWER]
    try:
        strict = regex.search(pattern, answer, timeout=SECONDS)
        flexible = strict or regex.search(pattern, answer, regex.IGNORECASE, timeout=SECONDS)
    except TimeoutError as error:
        raise SuiteError(
            f"the regular expression of item {item.id} took longer than {SECONDS:g} s on an answer: "
            "write it without a repetition within a repetition"
        ) from error
    return Score(strict is not None, flexible is not None, flexible[0] if flexible else "")
