"""How long attempts take: for each arm the share that is done within so many seconds."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from sessions.report.axis import Scale, below, beside, fitting
from sessions.report.figures import Figures
from sessions.report.palette import Mark
from sessions.report.svg import WIDTH, Chart, Key, node, picture, text

LEFT, RIGHT, TOP, BOTTOM = 46.0, WIDTH - 22.0, 10.0, 232.0
HEIGHT = BOTTOM + 42
POINTS = 200
"""A curve has at most so many steps: more than a screen shows."""

MARKED = (0.5, 0.95)


def latency_chart(
    seconds: Mapping[str, Sequence[float]], marks: Mapping[str, Mark], figures: Figures
) -> Chart:
    """Return the empirical distribution of each arm's seconds, its median and 95th percentile marked."""
    found = {arm: sorted(values) for arm, values in seconds.items() if values}
    every = [value for values in found.values() for value in values]
    across = fitting(min(every), max(every), LEFT, RIGHT)
    up = Scale(0.0, 1.0, BOTTOM, TOP)
    children = [
        *below(across, TOP, BOTTOM, lambda value: figures.tick(value, "s")),
        *beside(up, LEFT, RIGHT, lambda value: f"{100 * value:.0f} %"),
        text(
            (LEFT + RIGHT) / 2, HEIGHT - 4, "seconds from the prompt to the end of the turn", anchor="middle"
        ),
        *(each for arm, values in found.items() for each in _curve(values, marks[arm], across, up)),
    ]
    legend = tuple(Key(marks[arm], _told(arm, values, figures)) for arm, values in found.items())
    title = "Share of attempts that ended within a time"
    svg = picture(title, "; ".join(key.text for key in legend), HEIGHT, children)
    return Chart(title, svg, legend, "Marks: the median and the 95th percentile.")


def quantiles(ordered: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile, interpolated as the tables' are (type 7)."""
    cuts = statistics.quantiles(ordered if len(ordered) > 1 else [*ordered] * 2, n=20, method="inclusive")
    return cuts[9], cuts[18]


def _curve(ordered: Sequence[float], mark: Mark, across: Scale, up: Scale) -> Iterator[Element]:
    """Yield an arm's curve as steps, and its marks."""
    path = f"M{across(ordered[0]):.1f},{up(0.0):.1f}"
    step = max(1, len(ordered) // POINTS)
    for index in sorted({*range(0, len(ordered), step), len(ordered) - 1}):
        path += f"H{across(ordered[index]):.1f}V{up((index + 1) / len(ordered)):.1f}"
    yield node("path", d=path, class_=f"curve {mark.colour}")
    for value, share in zip(quantiles(ordered), MARKED, strict=True):
        yield mark.at(across(value), up(share))


def _told(arm: str, ordered: Sequence[float], figures: Figures) -> str:
    median, slow = (figures.value(value, "s") for value in quantiles(ordered))
    return f"{arm}: half within {median}, 95 % within {slow}"
