"""Colours that can be read: those of a theme, moved towards black or white where they are too faint.

The measure is the contrast ratio of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio), which asks
for 4.5 where people read, and for 3 where they need not.
"""

from collections.abc import Iterable, Mapping

from textual.color import Color, ColorParseError

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
    for names, wanted in ((_WORDS, READ), (_MUTED, FAINT)):
        for name in names:
            colour = _colour(variables.get(name, ""))
            if colour is not None:
                changed[name] = _moved(colour, grounds, wanted).hex
    if variables.get("block-cursor-foreground", "").startswith("auto"):
        changed["block-cursor-foreground"] = "auto 100%"
    return changed


def contrast(words: Color, ground: Color) -> float:
    """Return the contrast ratio of two colours, from 1 to 21; words that are see-through are mixed first."""
    light, dark = sorted((_luminance(ground.blend(words, words.a, 1.0)), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _moved(colour: Color, grounds: Iterable[Color], wanted: float) -> Color:
    """Return a colour with as little of black or white in it as gives it the contrast."""
    grounds = list(grounds)
    least = min(grounds, key=lambda ground: contrast(colour, ground))
    if contrast(colour, least) >= wanted:
        return colour
    ends = [Color.parse(name) for name in ("white", "black")]
    end = max(ends, key=lambda each: min(contrast(each, ground) for ground in grounds))
    for step in range(1, _STEPS):
        mixed = colour.blend(end, step / _STEPS, colour.a + (1 - colour.a) * step / _STEPS)
        if min(contrast(mixed, ground) for ground in grounds) >= wanted:
            return mixed
    return end


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
