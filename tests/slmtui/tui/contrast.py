"""How well what is drawn can be read: the contrast of letters with what is behind them, by WCAG 2."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.color import Color as RichColor
from rich.segment import Segment
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget


def luminance(rgb: tuple[int, int, int]) -> float:
    """WCAG's relative luminance of an sRGB colour."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in rgb)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(first: tuple[int, int, int], second: tuple[int, int, int]) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@dataclass(frozen=True)
class Word:
    """A run of letters on the screen, and its contrast."""

    text: str
    x: int
    y: int
    contrast: float
    ground: tuple[int, int, int]


def words(screen: Screen[object], within: Region | None = None) -> Iterator[Word]:
    """Yield what is written on a screen, or in a part of it; what has no colours of its own is left out."""
    for y, strip in enumerate(screen._compositor.render_strips()):
        x = 0
        for segment in strip:
            inside = within is None or within.contains(x, y)
            if inside and any(character.isalnum() for character in segment.text):
                found = _word(segment, x, y)
                if found is not None:
                    yield found
            x += segment.cell_length


def of_widget(screen: Screen[object], widget: Widget) -> list[Word]:
    return list(words(screen, widget.region))


def _word(segment: Segment, x: int, y: int) -> Word | None:
    style = segment.style
    if style is None or style.color is None or style.bgcolor is None:
        return None
    front, back = _rgb(style.color), _rgb(style.bgcolor)
    if front is None or back is None:
        return None
    if style.reverse:
        front, back = back, front
    return Word(segment.text.strip(), x, y, ratio(front, back), back)


def _rgb(colour: RichColor) -> tuple[int, int, int] | None:
    return None if colour.triplet is None else tuple(colour.triplet)
