"""The rows of a comparison for CSV and JSON: one for each metric of an arm, and of a pair of arms."""

from collections.abc import Iterator

from sessions.columns import COLUMNS
from sessions.comparison import (
    ArmFigures,
    Comparison,
    Interval,
    Pair,
    PairedResource,
    ParetoPoint,
    PerRight,
    Preference,
    Rate,
    Spread,
)
from sessions.export_rows import Row

OF_PAIRS = (
    "n",
    "both",
    "first_only",
    "second_only",
    "neither",
    "p",
    "p_holm",
    "resolvable",
    "verdict",
    "ratio",
)
EMPTY: Row = dict.fromkeys(column.name for column in COLUMNS["comparison"])


def comparison_rows(comparison: Comparison) -> Iterator[Row]:
    """Yield a row for each metric of each arm, then of each pair, with every column of a comparison."""
    points: dict[tuple[object, ...], ParetoPoint] = {
        (point.arm, front.metric, front.source): point
        for front in comparison.pareto
        for point in front.points
    }
    for arm in comparison.arms:
        for row in _of_arm(arm):
            point = points.get((arm.arm, row["metric"], row.get("source")))
            yield EMPTY | {"row": "arm", "arm": arm.arm, "n": arm.attempts} | row | _on_front(point)
    for pair in comparison.pairs:
        difference = comparison.difference(pair.first, pair.second)
        told = {"factors": difference.listed if difference else ""}
        for row in _of_pair(pair):
            yield EMPTY | {"row": "pair", "arm": pair.first, "second": pair.second} | row | told
    for each in comparison.preferences:
        yield EMPTY | {"row": "pair", "arm": each.first, "second": each.second} | _preferred(each)


def _of_arm(arm: ArmFigures) -> Iterator[Row]:
    yield {"metric": "attempts", "value": arm.attempts}
    if arm.strict.n:
        yield _rate("right", arm.strict)
        yield _rate("flexible", arm.flexible)
        yield _rate("completed", arm.completed)
        yield _rate("right_of_completed", arm.among_completed)
    if arm.tool:
        yield _rate("tool_right", arm.tool)
    yield from ({"metric": f"state_{state}", "value": count} for state, count in arm.states.items())
    for each in arm.at_k:
        yield {"metric": f"pass_at_{each.k}", "value": each.pass_at}
        yield {"metric": f"pass_hat_{each.k}", "value": each.pass_hat}
    yield from map(_per_right, arm.per_right)
    yield from map(_spread, arm.spreads)


def _rate(metric: str, rate: Rate) -> Row:
    row = {"metric": metric, "n": rate.n, "count": rate.count, "value": rate.share}
    return row | _ends(rate.interval, "low", "high")


def _per_right(cost: PerRight) -> Row:
    return {
        "metric": f"{cost.metric}_per_right",
        "unit": cost.unit,
        "source": cost.source,
        "count": cost.right,
        "value": cost.value,
        "total": cost.total,
        "note": cost.note,
        **_ends(cost.interval, "low", "high"),
    }


def _spread(spread: Spread) -> Row:
    names = ("metric", "unit", "source", "n", "median", "q1", "q3", "p95", "total")
    return {
        **{name: getattr(spread, name) for name in names},
        "value": spread.mean,
        "min": spread.minimum,
        "max": spread.maximum,
    }


def _on_front(point: ParetoPoint | None) -> Row:
    if point is None:
        return {}
    return {"on_front": point.on_front, "front_share": point.share}


def _of_pair(pair: Pair) -> Iterator[Row]:
    if pair.verdict is not None:
        yield _right(pair)
    yield from map(_resource, pair.resources)


def _right(pair: Pair) -> Row:
    return {
        **{name: getattr(pair, name) for name in OF_PAIRS},
        "metric": "right",
        "value": pair.difference,
        "first_value": _share(pair, pair.first_only),
        "second_value": _share(pair, pair.second_only),
        "note": pair.ratio_note,
        **_ends(pair.interval, "low", "high"),
        **_ends(pair.ratio_interval, "ratio_low", "ratio_high"),
    }


def _preferred(each: Preference) -> Row:
    return {
        "metric": "preferred",
        "n": each.first_better + each.second_better + each.ties,
        "both": each.ties,
        "first_only": each.first_better,
        "second_only": each.second_better,
        "p": each.p,
    }


def _share(pair: Pair, alone: int | None) -> float | None:
    return None if pair.both is None or alone is None else (pair.both + alone) / pair.n


def _resource(resource: PairedResource) -> Row:
    names = ("metric", "unit", "source", "n", "ratio", "note")
    return {
        **{name: getattr(resource, name) for name in names},
        "value": resource.difference,
        "first_value": resource.first,
        "second_value": resource.second,
        **_ends(resource.interval, "low", "high"),
        **_ends(resource.ratio_interval, "ratio_low", "ratio_high"),
    }


def _ends(interval: Interval | None, low: str, high: str) -> Row:
    return {low: interval.low, high: interval.high} if interval else {}
