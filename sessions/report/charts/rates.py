"""Accuracy on each part of the items, with an interval for every arm: by data set, skill and level."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from sessions.comparison import Rate
from sessions.report.axis import Scale, below
from sessions.report.palette import Mark
from sessions.report.slices import Slices
from sessions.report.svg import LETTER, WIDTH, Chart, Key, line, node, picture, shortened, text

TOP, RIGHT, LINE, GAP = 8.0, WIDTH - 22.0, 13.0, 12.0
NAMES = 150.0
NOTE = "Bars: Wilson's 95 % intervals. In brackets: how many attempts of an arm are scored."


def rates_chart(title: str, rates: Slices, marks: Mapping[str, Mark]) -> Chart:
    """Return the chart: a group of lines for each part, a line for each arm."""
    names = {name: f" ({max(rate.n for rate in arms.values())})" for name, arms in rates.items()}
    left = 14 + min(NAMES, LETTER * max(len(name) + len(number) for name, number in names.items()))
    across = Scale(0.0, 1.0, left, RIGHT)
    height = {name: LINE * len(arms) + GAP for name, arms in rates.items()}
    bottom = TOP + sum(height.values())
    children = [*below(across, TOP, bottom, lambda value: f"{100 * value:.0f} %")]
    y = TOP
    for name, arms in rates.items():
        label = shortened(name, left - 12 - LETTER * len(names[name])) + names[name]
        children.append(text(left - 8, y + height[name] / 2 + 4, label, anchor="end"))
        children += _lines(arms, marks, across, y + GAP / 2)
        y += height[name]
        children.append(line(4, y, RIGHT, y, "grid"))
    drawn = dict.fromkeys(arm for arms in rates.values() for arm in arms)
    svg = picture(title, _told(rates), bottom + 24, children)
    return Chart(title, svg, tuple(Key(marks[arm], arm) for arm in drawn), NOTE)


def _lines(
    arms: Mapping[str, Rate], marks: Mapping[str, Mark], across: Scale, top: float
) -> Iterator[Element]:
    for index, (arm, rate) in enumerate(arms.items()):
        if rate.share is None:
            continue
        y = top + LINE * (index + 0.5)
        if rate.interval:
            yield line(
                across(rate.interval.low), y, across(rate.interval.high), y, f"error {marks[arm].colour}"
            )
        said = node("title", f"{arm}: {rate.count} of {rate.n}")
        yield node("g", said, marks[arm].at(across(rate.share), y))


def _told(rates: Slices) -> str:
    return "; ".join(
        f"{name}: " + ", ".join(f"{arm} {rate.count} of {rate.n}" for arm, rate in arms.items())
        for name, arms in rates.items()
    )
