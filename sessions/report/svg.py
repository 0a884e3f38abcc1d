"""SVG elements, and the chart that they make.

No charting library: matplotlib and Plotly weigh more than all of slmtui together, and draw pictures that
follow no colour scheme and say nothing to a screen reader. A few bars, dots and lines need neither.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring

from markupsafe import Markup

from sessions.report.palette import Mark
from sessions.text import plain

WIDTH = 460
"""The width of every chart in its own units: that of a telephone's screen, so that letters stay legible."""

LETTER = 7.4
"""The width of a letter at 12 units, for the room that a label takes: a little more than most fonts have."""


@dataclass(frozen=True, slots=True)
class Key:
    """A line of a legend."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its title, its legend, and what to know when reading it."""

    title: str
    svg: Markup
    legend: tuple[Key, ...] = ()
    note: str = ""


def node(tag: str, *children: Element | str, **attributes: str | float) -> Element:
    """Return an element. An underscore in an attribute's name is a hyphen, and a last one is left out."""
    names = {name.rstrip("_").replace("_", "-"): written(value) for name, value in attributes.items()}
    element = Element(tag, names)
    for child in children:
        if isinstance(child, str):
            element.text = plain(child)
        else:
            element.append(child)
    return element


def written(value: str | float) -> str:
    """Return a number with at most one decimal, and a text without control characters."""
    if isinstance(value, str):
        return plain(value)
    return f"{value:.1f}".removesuffix(".0")


def text(x: float, y: float, words: str, *, anchor: str = "start", class_: str = "label") -> Element:
    """Return words at a place; `anchor` is `start`, `middle` or `end`."""
    return node("text", words, x=x, y=y, text_anchor=anchor, class_=class_)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Element:
    """Return a line."""
    return node("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def picture(title: str, description: str, height: float, children: Iterable[Element]) -> Markup:
    """Return a whole picture, `WIDTH` wide, that says in words what it shows."""
    root = node("svg", viewBox=f"0 0 {WIDTH} {written(height)}", role="img", class_="chart")
    root.set("aria-label", plain(f"{title}. {description}"))
    root.append(node("title", title))
    root.append(node("desc", description))
    root.extend(children)
    return Markup(tostring(root, encoding="unicode"))  # noqa: S704  # ElementTree has escaped every text


def shortened(words: str, room: float) -> str:
    """Return words that fit into so many units, cut with `…` if they must be."""
    letters = max(int(room / LETTER), 2)
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"
