"""Runs of suites, and comparisons of their arms, that tests write by hand."""

import random
from collections.abc import Sequence
from dataclasses import replace

from agents.events import (
    AgentStarted,
    CallFinished,
    CallStarted,
    Event,
    HandOff,
    MeterRead,
    OriginTokens,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnFinished,
    TurnStarted,
)
from agents.message import Message, Purpose, Sampling
from sessions.comparison import (
    ArmFigures,
    AtK,
    Comparison,
    DataSetShare,
    Interval,
    Pair,
    PairedResource,
    Pareto,
    ParetoPoint,
    PerRight,
    Rate,
    Regression,
    Spread,
)
from sessions.differences import Difference, FactorDifference
from sessions.run_records import ArmRecord, AttemptRecord, AttemptState, DataSetRecord, ItemRecord, RunRecord
from sessions.store import Store
from tests.strategies import ENGINE

ARMS = ("base", "single", "multi")
SKILLS = ("units", "dates", "arithmetic")
LEVELS = ("easy", "medium", "hard")


def rate(count: int, n: int) -> Rate:
    share = count / n
    return Rate(count, n, share, Interval(max(share - 0.1, 0.0), min(share + 0.1, 1.0)))


def arm_figures(arm: str, right: int = 6, attempts: int = 10) -> ArmFigures:
    return ArmFigures(
        arm=arm,
        attempts=attempts,
        states={"right": right, "wrong": attempts - right - 1, "failed": 1},
        completed=rate(attempts - 1, attempts),
        strict=rate(right, attempts),
        flexible=rate(right + 1, attempts),
        among_completed=rate(right, attempts - 1),
        tool=None,
        spreads=(
            Spread("wall_s", "s", "", attempts, 1.5, 1.25, 1.0, 2.0, 2.5, 0.5, 3.0, 15.0),
            Spread("joules", "J", "modelled", attempts, 30.0, 25.0, 20.0, 40.0, 50.0, 10.0, 60.0, 300.0),
            Spread("route_tokens", "tokens", "", attempts, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        ),
        per_right=(
            PerRight("wall_s", "s", "", 15.0, right, 15.0 / right, Interval(1.5, 4.5)),
            PerRight("joules", "J", "modelled", 300.0, 0, None, None, "none is right"),
        ),
        at_k=(AtK(2, 0.75, 0.25),),
    )


def pair(first: str = "base", second: str = "single", regressed: int = 1) -> Pair:
    return Pair(
        first=first,
        second=second,
        n=10,
        both=4,
        first_only=regressed,
        second_only=2,
        neither=3,
        difference=0.1,
        interval=Interval(-0.2, 0.4),
        p=0.625,
        p_holm=0.9,
        resolvable=0.3,
        verdict="not enough items to tell",
        text=f"{first} and {second}: 10 items are not enough to tell.",
        resources=(
            PairedResource("wall_s", "s", "", 10, 1.5, 3.0, 1.5, Interval(1.0, 2.0), 2.0, Interval(1.5, 2.5)),
            PairedResource("joules", "J", "modelled", 10, 30.0, 20.0, -10.0, None, None, None, "base is 0"),
        ),
        regressions=tuple(
            Regression(f"mine/{number}", 1, "T1", "T2", "wrong") for number in range(regressed)
        ),
        by_data_set=(DataSetShare("mine", 5, 0.2, 0.0, True), DataSetShare("yours", 5, 0.0, 0.2, False)),
    )


def comparison(arms: Sequence[str] = ARMS, *, scored: bool = True) -> Comparison:
    """Return a comparison of arms with something in every field of it."""
    points = tuple(
        ParetoPoint(arm, 0.4 + 0.1 * place, Interval(0.3, 0.7), 1.0 + place, None, place != 1, 0.5)
        for place, arm in enumerate(arms)
    )
    first, second = arms[0], arms[1]
    return Comparison(
        arms=tuple(arm_figures(arm) for arm in arms),
        pairs=(pair(first, second),),
        pareto=(Pareto("wall_s", "s", "", points), Pareto("joules", "J", "modelled", points)),
        differences=(Difference(first, second, (FactorDifference("tools", ("none",), ("all",)),)),),
        audits=("tokens/s is tokens ÷ latency by construction.",),
        notes=("Attempts without a score: 2.",),
        scored=scored,
        resamples=1000,
        seed=7,
    )


def items(count: int, prompt: str = "What is 2 miles in km?") -> list[ItemRecord]:
    """Return items of two data sets in turn, three skills and three levels."""
    return [
        ItemRecord(
            item=f"{('mine', 'yours')[number % 2]}/{number}",
            data_set=("mine", "yours")[number % 2],
            prompt=f"{prompt} ({number})",
            expected='{"kind": "number", "value": "3.2187", "relative": 0.01}',
            skill=SKILLS[number % 3],
            level=LEVELS[number // 3 % 3],
            tool="units",
        )
        for number in range(count)
    ]


def keep_run(
    store: Store,
    count: int = 6,
    arms: Sequence[str] = ARMS,
    *,
    repeats: int = 1,
    seed: int = 1,
    words: str = "3.2 km",
    title: str = "",
) -> RunRecord:
    """Write a whole run: every arm answers every item, in a turn as long as its name suggests."""
    chance = random.Random(seed)
    asked = items(count)
    plan = {"suites": ["mine", "yours"], "limit": count, "repeats": repeats, "seed": seed, "cold": True}
    records = [ArmRecord(arm, arm.split("@")[0], "", {"examples": 0}) for arm in arms]
    sets = [
        DataSetRecord("mine", "Made for tests", "seed 1", "0" * 64, "MIT", 500),
        DataSetRecord("yours", "Found somewhere", "yours.jsonl", "1" * 64, "CC BY 4.0, as it says", 900),
    ]
    run = store.suites.create(title, "slmtui bench mine yours", plan, records, sets, asked)
    for place, arm in enumerate(run.arms):
        for number, (item, repeat) in enumerate((i, r) for i in asked for r in range(1, repeats + 1)):
            turn = f"01T{run.id[-8:]}{place:03d}{number:012d}"
            store.append(
                arm.session, turn, turn_events(turn, arm.session, item.prompt, arm.paradigm, words, chance)
            )
            begun = AttemptRecord(run.id, arm.arm, item.item, repeat, arm.session, turn)
            store.suites.begin(begun)
            store.suites.finish(scored(begun, chance.random() + 0.1 * place))
    store.suites.end(run.id)
    return store.suites.run(run.id)


def scored(attempt: AttemptRecord, luck: float) -> AttemptRecord:
    states: list[tuple[float, AttemptState, str]] = [
        (0.1, "failed", "the engine failed"), (0.15, "cut", "ran into its limit of tokens"),
        (0.2, "empty", "said nothing"), (0.5, "wrong", "another number"), (9.0, "right", ""),
    ]  # fmt: skip
    state, cause = next((state, cause) for limit, state, cause in states if luck < limit)
    right = state == "right"
    return replace(
        attempt, state=state, strict=right, flexible=right or luck > 0.4, extracted="3.2", cause=cause
    )


def turn_events(
    turn: str, session: str, prompt: str, paradigm: str, words: str, chance: random.Random
) -> list[Event]:
    """Return a turn: one call for base, a tool for single, and a router before it for multi."""
    calls: list[tuple[str, Purpose]] = [("assistant", "answer")]
    if paradigm != "base":
        calls.insert(0, ("units", "call"))
    if paradigm == "multi":
        calls.insert(0, ("router", "route"))
    engine = ENGINE
    events: list[Event] = [
        TurnStarted(
            0.0, turn, session, paradigm, prompt, "2026-01-02T03:04:05+00:00", Sampling(seed=1), engine,
            False, True, {"tools": "none" if paradigm == "base" else "all"},
        )
    ]  # fmt: skip
    now = 0.0
    for place, (agent, purpose) in enumerate(calls):
        events.append(AgentStarted(now, agent, prompt))
        if place and calls[place - 1][0] == "router":
            events.append(HandOff(now, "router", agent, prompt))
        found, now = _call(f"c{place}", agent, purpose, words, now, chance)
        events += found
        if purpose == "call":
            events.append(ToolStarted(now, f"t{place}", agent, "convert", {"value": 2, "to": "km"}))
            now += 0.01
            events.append(ToolFinished(now, f"t{place}", agent, "convert", words, "ok", 0.01))
    joules = 12.0 * now
    events.append(MeterRead(now, 400_000_000, 420_000_000, 1.9 * now, joules, "modelled", "the engine", 3.0))
    return [*events, TurnFinished(now, "ok", words)]


def _call(
    call: str, agent: str, purpose: Purpose, words: str, now: float, chance: random.Random
) -> tuple[list[Event], float]:
    prefill, step = 0.1 + chance.random() / 2, 0.02 + chance.random() / 20
    written = 3 + chance.randrange(12)
    first = now + prefill
    times = [first + step * index for index in range(written)]
    deltas: list[Event] = [
        TextDelta(at, call, agent, purpose, words if not index else "", (at,))
        for index, at in enumerate(times)
    ]
    end = times[-1] + step
    asked = Message("user", "hello", "user")
    origins = (OriginTokens("system", 30, 10, 5), OriginTokens("user", 0, 20), OriginTokens("template", 4, 6))
    finished = CallFinished(
        end, call, agent, purpose, "stop", 70, 34, 36, 5, written, origins, 0.0, 0.01, prefill - 0.01,
        prefill, step * (written - 1), 0.002, 0.001, 70 + written, 2048, 1_000_000,
    )  # fmt: skip
    return [CallStarted(now, call, agent, purpose, (asked,), False, 64), *deltas, finished], end
