"""Long pastes in the prompt: a label of one line stands for the text until it is sent or opened."""

import re

from slmtui.tui import format as fmt

MANY_LINES = 10
MANY_CHARACTERS = 1_500
"""A paste with more than either is folded."""

_LABEL = re.compile(r"\[paste \d+: [^\[\]\n]*\]")


def is_long(text: str, lines: int = MANY_LINES, characters: int = MANY_CHARACTERS) -> bool:
    """Whether a text is too long to stand in the prompt as it is."""
    return len(text) > characters or text.count("\n") + 1 > lines


class FoldedPastes:
    """The pastes of one prompt area, by label: `[paste 1: 1 000 lines, ~8 200 tokens]`.

    They are numbered on for as long as the area lives, so a label in the history means one text.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def fold(self, text: str, tokens: float) -> str:
        """Keep a text of about so many tokens, and return its label."""
        lines = text.count("\n") + (not text.endswith("\n"))
        size = f"{fmt.count(lines)} line{'' if lines == 1 else 's'}, ~{fmt.count(_rounded(tokens))} tokens"
        label = f"[paste {len(self._texts) + 1}: {size}]"
        self._texts[label] = text
        return label

    def spans(self, line: str) -> list[tuple[int, int]]:
        """Return where labels stand in a line: columns (start, end)."""
        return [match.span() for match in _LABEL.finditer(line) if match[0] in self._texts]

    def text_of(self, label: str) -> str:
        """Return the text that a label stands for; the label itself where there is none."""
        return self._texts.get(label, label)

    def unfolded(self, text: str) -> str:
        """Return a text with every label replaced. A label inside a paste stays: it is only text there."""
        return _LABEL.sub(lambda match: self.text_of(match[0]), text)


def _rounded(number: float) -> int:
    """Return a number with two digits that say something: an estimate should not look exact."""
    return int(float(f"{number:.2g}"))
