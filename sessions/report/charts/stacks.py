"""Bars whose parts sum to a whole, one bar an arm: tokens by purpose and by origin, seconds by state."""

from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from sessions.report.axis import Scale, below, linear
from sessions.report.figures import Figures
from sessions.report.palette import Mark, shades
from sessions.report.spent import Parts
from sessions.report.svg import LETTER, WIDTH, Chart, Key, node, picture, shortened, text

ROW, BAR, TOP, RIGHT = 34.0, 20.0, 8.0, WIDTH - 26.0
NAMES = 150.0
"""Names of arms take at most so much room."""


def stacked_chart(parts: Parts, marks: Mapping[str, Mark], figures: Figures) -> Chart:
    """Return the chart; parts that no arm has are left out of its legend."""
    colours = shades(parts.names)
    left = 26 + min(NAMES, LETTER * max(map(len, parts.arms), default=0))
    bottom = TOP + ROW * len(parts.arms)
    across = linear(max(map(sum, parts.arms.values()), default=0.0), left, RIGHT)
    children = [*below(across, TOP, bottom, lambda value: figures.tick(value, parts.unit, parts.source))]
    for index, (arm, amounts) in enumerate(parts.arms.items()):
        middle = TOP + ROW * (index + 0.5)
        children += [marks[arm].at(8, middle), text(18, middle + 4, shortened(arm, left - 24))]
        children += _bar(parts, amounts, colours, across, middle - BAR / 2, figures)
    shown = [name for name, *amounts in zip(parts.names, *parts.arms.values(), strict=True) if any(amounts)]
    legend = tuple(Key(colours[name], name) for name in shown)
    svg = picture(parts.title, _told(parts, figures), bottom + 24, children)
    return Chart(parts.title, svg, legend, "Means an attempt.")


def _bar(
    parts: Parts,
    amounts: Sequence[float],
    colours: Mapping[str, Mark],
    across: Scale,
    y: float,
    figures: Figures,
) -> Iterator[Element]:
    """Yield the parts of one bar, each with its amount for whoever points at it."""
    done = 0.0
    for name, amount in zip(parts.names, amounts, strict=True):
        if amount > 0:
            x, width = across(done), across(done + amount) - across(done)
            said = node("title", f"{name}: {figures.value(amount, parts.unit, parts.source)}")
            yield node("rect", said, x=x, y=y, width=width, height=BAR, class_=f"part {colours[name].colour}")
            done += amount


def _told(parts: Parts, figures: Figures) -> str:
    """Return the chart in words: every part of every arm that is not nothing."""
    return "; ".join(
        f"{arm}: "
        + ", ".join(
            f"{name} {figures.value(amount, parts.unit, parts.source)}"
            for name, amount in zip(parts.names, amounts, strict=True)
            if amount > 0
        )
        for arm, amounts in parts.arms.items()
    )
