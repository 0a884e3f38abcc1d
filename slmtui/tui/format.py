"""Numbers as they are read: counts, seconds, rates, bytes and joules, each with its unit."""

from collections.abc import Sequence

NONE = "–"
_BARS = "▁▂▃▄▅▆▇█"


def count(number: float | None) -> str:
    """Return a whole number with its digits in groups of three: 1 204."""
    return NONE if number is None else f"{number:,.0f}".replace(",", " ")


def significant(number: float | None) -> str:
    """Return a number with three significant digits at most, never in scientific notation."""
    if number is None:
        return NONE
    size = abs(number)
    if size >= 100:
        return count(number)
    return f"{number:.1f}" if size >= 10 else f"{number:.2f}"


def significant_count(number: float | None) -> str:
    """Return a median of counts: whole when it is whole, else with one decimal: 1 204.5."""
    if number is None or number == int(number):
        return count(number)
    return f"{number:,.1f}".replace(",", " ")


def duration(seconds: float | None) -> str:
    """Return a time in the unit that suits it: 12 ms, 0.42 s, 12.6 s, 3:05 min."""
    if seconds is None:
        return NONE
    if seconds < 0.0005:
        return "<1 ms" if seconds > 0 else "0 ms"
    if seconds < 0.1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 100:
        return f"{significant(seconds)} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min"


def clock(seconds: float, total: float) -> str:
    """Return a moment of a recording that is `total` long: 7.4 s, 0:07, 12:34, 1:02:03."""
    if total < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def rate(tokens_per_second: float | None) -> str:
    """Return a decoding speed: 31.8 tok/s."""
    return NONE if tokens_per_second is None else f"{significant(tokens_per_second)} tok/s"


def size(number_of_bytes: float | None) -> str:
    """Return an amount of memory in decimal units: 61 kB, 812 MB, 2.1 GB."""
    if number_of_bytes is None:
        return NONE
    if 0 < number_of_bytes < 999_500:
        return "<1 kB" if number_of_bytes < 500 else f"{number_of_bytes / 1e3:.0f} kB"
    if number_of_bytes < 1e9:
        return f"{number_of_bytes / 1e6:.0f} MB"
    return f"{number_of_bytes / 1e9:.1f} GB"


def energy(joules: float | None, source: str) -> str:
    """Return joules, marked `~` when a model and not a meter gave them, or «no meter»."""
    if joules is None or source == "none":
        return "no meter"
    mark = "~" if source == "modelled" else ""
    if joules < 1000:
        return f"{mark}{significant(joules)} J"
    return f"{mark}{joules / 1000:.1f} kJ"


def spark(values: Sequence[float], width: int, top: float) -> str:
    """Return the last `width` values as bars on a fixed scale from 0 to `top`, padded on the left."""
    shown = values[-width:]
    if top <= 0:
        return " " * (width - len(shown)) + _BARS[0] * len(shown)
    steps = [round(max(0.0, min(value / top, 1.0)) * (len(_BARS) - 1)) for value in shown]
    return " " * (width - len(shown)) + "".join(_BARS[step] for step in steps)


def round_up(number: float) -> float:
    """Return the next 1, 2 or 5 times a power of ten: a scale that seldom has to change."""
    step = 1.0
    while step < number:
        step *= 10
    for divisor in (5, 2, 1):
        if step / divisor >= number:
            return step / divisor
    return step


def bar(share: float, width: int) -> str:
    """Return a bar of `width` cells of which `share` (0 to 1) is filled."""
    filled = round(max(0.0, min(share, 1.0)) * width)
    return "█" * filled + "░" * (width - filled)
