"""A report's charts as text, as wide as the terminal: accuracy, cost by purpose, latency.

They have no colours: what is drawn is told apart by its characters, on a terminal as in a file.
"""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sessions.report.axis import linear
from sessions.report.data import Report
from sessions.report.spent import Parts, parts
from slmtui.cli.output import short
from slmtui.cli.signs import boxed

SIGNS = "#=:o%x.~*"
"""Parts of a whole, and curves, each drawn with one of these."""

NAMES = 24
"""Names of arms take at most so many characters."""

LEAST, MOST = 40, 120
"""A chart is at least and at most so wide."""

NO_BREAK = "\u00a0"


def charts(report: Report, width: int, encoding: str) -> Iterator[str]:
    """Yield every chart that there is something to draw for, of at most `width` columns.

    Where the encoding has no lines to draw with, letters stand for them.
    """
    wide = min(max(width, LEAST), MOST)
    for draw in (accuracy_chart, *map(_stacked, parts(report)), latency_chart):
        text = draw(report, wide)
        if text:
            yield boxed(text, encoding)


def accuracy_chart(report: Report, width: int) -> str:
    """Return the accuracy of each arm with its interval; empty where nothing was scored."""
    rates = {arm.arm: arm.strict for arm in report.comparison.arms if arm.strict.share is not None}
    if not rates:
        return ""
    figure = _rows(list(rates), width)
    for place, rate in zip(_places(len(rates)), rates.values(), strict=True):
        if rate.interval:
            ends = 100 * rate.interval.low, 100 * rate.interval.high
            figure.draw(figure.segment(ends, (place, place), marker="-"))
        figure.draw(figure.signal([100 * (rate.share or 0.0)], [place], marker="O"))
    _ruled(figure, "x", 100)
    return _titled("Accuracy in % (O) with 95 % intervals", figure)


def stacked_chart(whole: Parts, width: int) -> str:
    """Return the parts of a whole as a bar for each arm, with a legend below."""
    amounts = zip(*whole.arms.values(), strict=True)
    shown = {name: list(column) for name, column in zip(whole.names, amounts, strict=True) if any(column)}
    figure = _rows(list(whole.arms), width)
    places = _places(len(whole.arms))
    bars = list(shown.values())
    signs = _signs(len(bars))
    figure.draw(figure.bar(places, bars, orientation="h", stacked=True, marker=signs, width=0.1))
    figure.ruler("y").ticks(places, labels=_names(whole.arms))
    _ruled(figure, "x", max(map(sum, whole.arms.values())))
    return f"{_titled(f'{whole.title}, mean an attempt', figure)}\n{_legend(shown, width)}"


def latency_chart(report: Report, width: int) -> str:
    """Return for each arm the share of attempts that ended within so many seconds; empty without turns."""
    found = {arm: sorted(turn.wall_s for turn in report.turns_of(arm)) for arm in report.arms}
    seconds = {arm: values for arm, values in found.items() if values}
    if not seconds:
        return ""
    figure = _figure(width, 16)
    for sign, values in zip(_signs(len(seconds)), seconds.values(), strict=True):
        shares = [100 * (place + 1) / len(values) for place in range(len(values))]
        figure.draw(figure.signal(values, shares, marker=sign))
    _ruled(figure, "x", max(map(max, seconds.values())))
    _ruled(figure, "y", 100)
    return f"{_titled('% of attempts that ended within so many seconds', figure)}\n{_legend(seconds, width)}"


def _stacked(whole: Parts) -> Callable[[Report, int], str]:
    return lambda _report, width: stacked_chart(whole, width)


def _signs(count: int) -> list[str]:
    return [SIGNS[place % len(SIGNS)] for place in range(count)]


def _legend(names: Iterable[str], width: int) -> str:
    """Return what each sign stands for, on as many lines as that takes; a name is never broken."""
    shown = _names(names)
    told = [
        f"{sign} {name}".replace(" ", NO_BREAK) for sign, name in zip(_signs(len(shown)), shown, strict=True)
    ]
    lines = textwrap.wrap("  ".join(told), width, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace(NO_BREAK, " ")


def _names(names: Iterable[str]) -> list[str]:
    return [short(name, NAMES) for name in names]


def _places(count: int) -> list[int]:
    """Return the heights of rows, the first at the top."""
    return list(range(count, 0, -1))


def _rows(names: Sequence[str], width: int) -> Any:
    """Return a figure with a line for each name, and an empty one between them."""
    figure = _figure(width, 2 * len(names) + 4)
    figure.ruler("y").lim(0.5, len(names) + 0.5)
    figure.ruler("y").ticks(_places(len(names)), labels=_names(names))
    return figure


def _ruled(figure: Any, axis: str, high: float) -> None:
    """Put round numbers on an axis from 0."""
    scale = linear(high, 0.0, 1.0)
    figure.ruler(axis).lim(0, scale.high)
    figure.ruler(axis).ticks(scale.ticks(), labels=[f"{tick:g}" for tick in scale.ticks()])


def _figure(width: int, height: int) -> Any:
    """Return plotext's figure, emptied and of that size."""
    import plotext  # noqa: PLC0415  # a quarter of a second that only charts are worth

    figure = plotext.figure
    figure.clear()
    plotext.terminal.limit(False, False)
    figure.plot_size(width, height)
    return figure


def _titled(title: str, figure: Any) -> str:
    text: str = figure.build().string(colorless=True)
    lines = (line.rstrip() for line in text.rstrip("\n").split("\n"))
    return "\n".join([title, *lines])
