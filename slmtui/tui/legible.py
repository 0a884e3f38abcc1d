"""Colours that can be read: those of a theme, moved towards black or white where they are too faint.

The measure is the contrast ratio of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio), which asks
for 4.5 where people read, and for 3 where they need not.
"""

from collections.abc import Iterable, Iterator, Mapping

from textual.color import Color, ColorParseError
from textual.constants import DIM_FACTOR

READ, FAINT = 4.5, 3.0
_WORDS = (
    "foreground", "primary", "secondary", "accent", "success", "warning", "error", "text-primary",
    "text-secondary", "text-accent", "text-success", "text-warning", "text-error", "footer-foreground",
    "footer-key-foreground", "footer-description-foreground", "block-cursor-blurred-foreground",
)  # fmt: skip
_MUTED = ("foreground-muted",)
_BEHIND = ("background", "surface", "panel")
_STEPS = 40


def legible(variables: Mapping[str, str]) -> dict[str, str]:
    """Return a theme's variables with every colour of words readable on every ground of ours.

    Colours of the terminal's own, and those that go by what is behind them, stay as they are.
    """
    grounds = [ground for name in _BEHIND if (ground := _colour(variables.get(name, ""))) is not None]
    if not grounds:
        return dict(variables)
    changed = dict(variables)
    for name in (*_WORDS, *_MUTED):
        colour = _colour(variables.get(name, ""))
        if colour is not None:
            changed[name] = _moved(colour, grounds, FAINT if name in _MUTED else READ).hex
    return changed | dict(_on_marks(variables, grounds[0]))


def _on_marks(variables: Mapping[str, str], ground: Color) -> Iterator[tuple[str, str]]:
    """Yield the colours of words on a marked row and in a selection, and of what cannot be chosen."""
    for name in ("block-cursor", "input-selection"):
        mark = _colour(variables.get(f"{name}-background", ""))
        if mark is not None:
            yield f"{name}-foreground", _end(ground.blend(mark, mark.a, 1.0)).hex
    if variables.get("text-disabled", "").startswith("auto"):
        yield "text-disabled", "auto 60%"


def contrast(words: Color, ground: Color) -> float:
    """Return the contrast ratio of two colours, from 1 to 21; words that are see-through are mixed first."""
    light, dark = sorted((_luminance(ground.blend(words, words.a, 1.0)), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _moved(colour: Color, grounds: Iterable[Color], wanted: float) -> Color:
    """Return a colour with as little of black or white in it as gives it the contrast."""
    grounds = list(grounds)
    if _reads(colour, grounds, wanted):
        return colour
    end = _end(*grounds)
    for step in range(1, _STEPS):
        mixed = colour.blend(end, step / _STEPS, colour.a + (1 - colour.a) * step / _STEPS)
        if _reads(mixed, grounds, wanted):
            return mixed
    return end


def _reads(colour: Color, grounds: Iterable[Color], wanted: float) -> bool:
    """Whether a colour has the contrast on every ground; dim, it has that of what need not be read."""
    dim = colour.with_alpha(colour.a * DIM_FACTOR)
    dim_too = wanted < READ or min(contrast(dim, ground) for ground in grounds) >= FAINT
    return dim_too and min(contrast(colour, ground) for ground in grounds) >= wanted


def _end(*grounds: Color) -> Color:
    """Return black or white, whichever can be read better."""
    ends = (Color.parse("white"), Color.parse("black"))
    return max(ends, key=lambda each: min(contrast(each, ground) for ground in grounds))


def _luminance(colour: Color) -> float:
    """Return the relative luminance of a colour, from 0 to 1."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _colour(value: str) -> Color | None:
    """Return a colour with figures of its own, or None."""
    try:
        colour = Color.parse(value)
    except ColorParseError:
        return None
    return None if colour.ansi is not None or colour.a == 0 else colour
