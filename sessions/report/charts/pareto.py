"""Accuracy against one resource, with error bars both ways, and the front that no arm beats."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from sessions.comparison import Interval, Pareto, ParetoPoint
from sessions.report.axis import Scale, below, beside, fitting
from sessions.report.figures import Figures, percent
from sessions.report.palette import Mark
from sessions.report.svg import WIDTH, Chart, Key, line, node, picture, text

LEFT, RIGHT, TOP, BOTTOM = 46.0, WIDTH - 22.0, 14.0, 236.0
HEIGHT = BOTTOM + 42

WORDS = {
    "wall_s": "seconds",
    "cpu_s": "CPU seconds",
    "peak_rss_bytes": "peak memory",
    "kv_bytes": "memory of the KV cache",
    "prefilled_tokens": "tokens read",
    "output_tokens": "tokens written",
}
"""Resources in words; the tables name them by their columns."""


def pareto_chart(front: Pareto, marks: Mapping[str, Mark], figures: Figures) -> Chart:
    """Return the chart of one front; left and up is better."""
    across, up = _scales(front)
    title = f"Accuracy against {_named(front)}"
    children = [
        *below(across, TOP, BOTTOM, lambda value: figures.tick(value, front.unit, front.source)),
        *beside(up, LEFT, RIGHT, lambda value: f"{100 * value:.0f} %"),
        text((LEFT + RIGHT) / 2, HEIGHT - 4, f"{_named(front)}, mean an attempt", anchor="middle"),
        *_front(front, across, up),
        *(each for point in front.points for each in _point(point, marks[point.arm], across, up)),
    ]
    legend = tuple(Key(marks[point.arm], _told(point, front, figures)) for point in front.points)
    svg = picture(title, "; ".join(key.text for key in legend), HEIGHT, children)
    return Chart(title, svg, legend, "Filled: on the front. Bars: 95 % intervals. Left and up is better.")


def _scales(front: Pareto) -> tuple[Scale, Scale]:
    costs = [cost for point in front.points for cost in _ends(point.cost, point.cost_interval)]
    rates = [rate for point in front.points for rate in _ends(point.accuracy, point.accuracy_interval)]
    return fitting(min(costs), max(costs), LEFT, RIGHT), fitting(0.0, max(rates), BOTTOM, TOP)


def _front(front: Pareto, across: Scale, up: Scale) -> Iterator[Element]:
    """Yield the front as steps: what can be had for at most so much."""
    points = sorted((point.cost, point.accuracy) for point in front.points if point.on_front)
    if not points:
        return
    path = ""
    for cost, accuracy in points:
        x, y = across(cost), up(accuracy)
        path += f"H{x:.1f}V{y:.1f}" if path else f"M{x:.1f},{y:.1f}"
    yield node("path", d=f"{path}H{RIGHT:.1f}", class_="front")


def _point(point: ParetoPoint, mark: Mark, across: Scale, up: Scale) -> Iterator[Element]:
    x, y = across(point.cost), up(point.accuracy)
    bar = f"error {mark.colour}"
    if point.cost_interval:
        yield line(across(point.cost_interval.low), y, across(point.cost_interval.high), y, bar)
    if point.accuracy_interval:
        yield line(x, up(point.accuracy_interval.low), x, up(point.accuracy_interval.high), bar)
    yield mark.at(x, y, hollow=not point.on_front)


def _told(point: ParetoPoint, front: Pareto, figures: Figures) -> str:
    cost = figures.value(point.cost, front.unit, front.source)
    on_front = f"on the front in {100 * point.share:.0f} % of resamples"
    return f"{point.arm}: {percent(point.accuracy)} at {cost}, {on_front}"


def _named(front: Pareto) -> str:
    return f"{WORDS.get(front.metric, front.metric)}{f' ({front.source})' if front.source else ''}"


def _ends(value: float, interval: Interval | None) -> tuple[float, ...]:
    return (value, interval.low, interval.high) if interval else (value,)
