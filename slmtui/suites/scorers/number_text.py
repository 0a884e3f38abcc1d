r"""Text whose numbers are written plainly, whatever they were written in.

LaTeX (`1{,}000`, `\frac{1}{2}`, `\text{ m}`), signs of fractions (½), powers of ten (1.5 × 10^3) and signs
that stand apart (the answer is - 5, minus 5) become `1,000`, ` 1/2`, ` m`, `1.5e3` and `-5`.
"""

import re
import unicodedata

_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), put)
    for pattern, put in (
        (r"(?<=\d)(?:\{,\}|\\,)(?=\d{3})", ","),
        (r"\\(?:text|textbf|mathrm|mathbf)\{([^{}]*)\}", r"\1"),
        (r"\\[dt]?frac\{\s*(\d+)\s*\}\{\s*(\d+)\s*\}", r" \1/\2"),
        (r"(?<=\d)\s?(?:×|x|\*|\\times|\\cdot)\s?10\s?\^\s?\{?([-−]?)(\d{1,3})(?!\d)\}?", r"e\1\2"),
        (r"(?<=e)−(?=\d)", "-"),
        (r"(\bis|=|\banswer[ *_]*:)([ *_$]*)[-−–]\s+(?=[$€£]?\d)", r"\1\2-"),
        (r"(\bis|=|:|^)([ *_]*)(?:minus|negative)\s+(?=[$€£]?\d)", r"\1\2-"),
    )
)
_FRACTIONS = re.compile("[¼-¾⅐-⅞]")


def plain_numbers(text: str) -> str:
    """Return a text with its numbers written plainly."""
    for pattern, put in _RULES:
        text = pattern.sub(put, text)
    return _FRACTIONS.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    return " " + unicodedata.normalize("NFKC", match[0]).replace("\u2044", "/")
