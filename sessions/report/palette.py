"""Colours and shapes: those of an arm are the same in every chart, and a shape tells what a colour may not.

The colours are Okabe and Ito's (2008), which all kinds of colour vision tell apart; the style sheet of the
page gives each class its colour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

COLOURS = 8
SHAPES = ("circle", "square", "triangle", "diamond", "down", "cross", "plus", "bar")

PATHS = {
    "circle": "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0z",
    "square": "M-4,-4h8v8h-8z",
    "triangle": "M0,-5L5,4H-5z",
    "diamond": "M0,-5.5L5.5,0L0,5.5L-5.5,0z",
    "down": "M0,5L5,-4H-5z",
    "cross": "M-4.5,-3L-3,-4.5L0,-1.5L3,-4.5L4.5,-3L1.5,0L4.5,3L3,4.5L0,1.5L-3,4.5L-4.5,3L-1.5,0z",
    "plus": "M-1.5,-5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z",
    "bar": "M-5,-2.5h10v5h-10z",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How a thing is marked: the class of its colour, and its shape."""

    colour: str
    shape: str = "square"

    @property
    def path(self) -> str:
        """The shape as an SVG path around the origin, about 10 units wide."""
        return PATHS[self.shape]

    def at(self, x: float, y: float, *, hollow: bool = False) -> Element:
        """Return the mark at a place; a hollow one is its outline."""
        classes = f"mark {self.colour}" + (" hollow" if hollow else "")
        return Element("path", {"d": self.path, "transform": f"translate({x:.1f},{y:.1f})", "class": classes})


def marks(names: Sequence[str]) -> Mapping[str, Mark]:
    """Return a mark for each arm: the eight colours in turn, and further round with other shapes."""
    return {
        name: Mark(f"c{index % COLOURS}", SHAPES[(index + index // COLOURS) % len(SHAPES)])
        for index, name in enumerate(names)
    }


def shades(names: Sequence[str]) -> Mapping[str, Mark]:
    """Return a mark for each part of a whole, in their order: they are no arms, and have other colours."""
    return {name: Mark(f"p{index % (COLOURS + 1)}") for index, name in enumerate(names)}
