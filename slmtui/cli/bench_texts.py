"""What `slmtui bench` prints before a run and after it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sessions.run_records import STATES, DataSetRecord, RunRecord
from slmtui.cli.output import table
from slmtui.cli.printed import wrapped
from slmtui.suites.arm_totals import ArmTotals
from slmtui.suites.plan import Plan
from slmtui.tui.format import NONE, count, duration, energy, rate, significant, significant_count

HASH = 12
"""So many letters of a checksum tell two apart on a screen; the store has the whole."""


def preview(run: RunRecord, plan: Plan, scored: int) -> Iterator[str]:
    """Yield what a run will do and can show, a line each."""
    yield f"Run {run.id}: {run.title}"
    yield from (_data_set(each, plan) for each in run.data_sets)
    yield _size(run, plan, scored)
    if len(run.arms) > 1:
        from sessions.stats.power import in_words  # noqa: PLC0415 - NumPy takes its time

        yield in_words(run.items)
    if plan.at_once > 1:
        yield (
            "Attempts that run at once share the machine: the seconds of one, and the joules that a meter"
            " counted, hold the others' too. --at-once 1 measures each alone."
        )
    if plan.repeats > 1 and plan.sampling.temperature == 0:
        yield "At temperature 0 a repeat is the same answer again, as far as the engine is exact."
    if plan.rule:
        yield plan.rule


def _size(run: RunRecord, plan: Plan, scored: int) -> str:
    factors = [(len(run.arms), "arm"), (run.items, "item"), (plan.repeats, "repeat")]
    product = " × ".join(f"{count(number)} {name}{'s' * (number != 1)}" for number, name in factors)
    budget = " in every arm" if plan.budget_tokens else ""
    how = [
        f"temperature {plan.sampling.temperature:g}",
        f"seed {plan.seed}",
        f"at most {count(plan.limits.max_tokens)} output tokens a turn{budget}",
        "cold" if plan.cold else f"{plan.at_once} at once",
    ]
    already = f", {count(scored)} of them scored" if scored else ""
    attempts = f"{count(run.attempts)} attempt{'s' * (run.attempts != 1)}"
    return f"{product} = {attempts}{already}; {', '.join(how)}"


def _data_set(each: DataSetRecord, plan: Plan) -> str:
    asked = min(plan.limit or each.items, each.items)
    of = f" of {count(each.items)}" if asked < each.items else ""
    items = f"item{'s' * (each.items != 1)}"
    shown = f"{count(asked)}{of} {items}, sha256 {each.checksum[:HASH]}…, {each.licence}; {each.source}"
    return f"{each.data_set}: {shown}"


def arms_text(arms: Sequence[ArmTotals]) -> str:
    """Return how each arm did: every attempt in one state, and what an attempt cost on average."""
    others = [state for state in STATES if state != "right"]
    head = ("ARM", "RIGHT", "95 % INTERVAL", *map(str.upper, others))
    states = [
        (each.arm, _right(each), _interval(each), *(count(each.states[state]) for state in others))
        for each in arms
    ]
    costs = [
        (
            each.arm,
            duration(each.latency_s),
            *(
                _each(total, each)
                for total in (each.prefilled_tokens, each.reused_tokens, each.output_tokens)
            ),
        )
        for each in arms
    ]
    cost_head = ("ARM", "TIME", "PREFILLED", "REUSED", "OUTPUT TOKENS")
    tables = _table(head, states), _table(cost_head, costs)
    return "\n\n".join([tables[0], f"Mean of an attempt:\n{tables[1]}"])


def paper_text(arms: Sequence[ArmTotals]) -> str:
    """Return the table of arXiv 2604.19299 (its Table 2) as it is made there, and what it leaves out."""
    head = ("ARM", "COMPLETION", "ENERGY/TOKEN", "LATENCY", "TOKENS/S", "TOKENS/SAMPLE")
    rows = [
        (
            each.arm,
            _percent(each.completion),
            _millijoules(each),
            duration(each.latency_s),
            rate(each.tokens_per_second),
            significant_count(each.tokens_per_sample),
        )
        for each in arms
    ]
    texts = [f"As arXiv 2604.19299 has it:\n{_table(head, rows)}", _per_right(arms), _beside(arms)]
    return "\n\n".join([*texts, *map(wrapped, PAPER_NOTES)])


def _per_right(arms: Iterable[ArmTotals]) -> str:
    head = ("ARM", "RIGHT", "95 % INTERVAL", "TIME", "OUTPUT TOKENS", "ENERGY")
    rows = [
        (
            each.arm,
            _right(each),
            _interval(each),
            duration(each.per_right(each.wall_s)),
            significant_count(each.per_right(each.output_tokens)),
            energy(each.per_right(each.joules), each.energy_source) if each.right else NONE,
        )
        for each in arms
    ]
    return f"For a right answer, all attempts counted:\n{_table(head, rows)}"


def _beside(arms: Iterable[ArmTotals]) -> str:
    head = ("ARM", "PREFILLED", "REUSED", "P50", "P95", "P99")
    rows = [
        (
            each.arm,
            *(_each(total, each) for total in (each.prefilled_tokens, each.reused_tokens)),
            *(duration(each.percentile_s(part)) for part in (0.5, 0.95, 0.99)),
        )
        for each in arms
    ]
    return f"Prompt tokens of a sample, and its latency:\n{_table(head, rows)}"


PAPER_NOTES = (
    "Completion says that an answer is whole (or right, though it was cut) and no refusal, not that it is"
    " right. Tokens are those written; prompt tokens stand apart.",
    "Tokens/s is tokens per sample ÷ latency by construction, and energy per token falls when an arm writes"
    " more: neither says that an arm is better. Energy marked ~ is modelled from time and watts.",
)


def as_objects(arms: Iterable[ArmTotals]) -> list[dict[str, Any]]:
    """Return the arms as the objects that `--json` prints."""
    return [
        {
            "arm": each.arm,
            "attempts": each.attempts,
            "states": each.states,
            "right_interval": each.interval,
            "completion": each.completion,
            "latency_s": each.latency_s,
            "output_tokens": each.output_tokens,
            "prefilled_tokens": each.prefilled_tokens,
            "reused_tokens": each.reused_tokens,
            "wall_s": each.wall_s,
            "joules": each.joules,
            "energy_source": each.energy_source,
            "joules_per_token": each.joules_per_token,
        }
        for each in arms
    ]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return table(head, rows, right=range(1, len(head)))


def _right(arm: ArmTotals) -> str:
    return f"{count(arm.right)}/{count(arm.attempts)}"


def _interval(arm: ArmTotals) -> str:
    """Return an arm's share of right answers with its interval: 75 % (30 to 95)."""
    if arm.interval is None:
        return NONE
    low, high = arm.interval
    return f"{arm.right / arm.attempts * 100:.0f} % ({low * 100:.0f} to {high * 100:.0f})"


def _percent(part: float | None) -> str:
    return NONE if part is None else f"{part * 100:.2f} %"


def _each(total: int, arm: ArmTotals) -> str:
    return significant_count(total / arm.attempts if arm.attempts else None)


def _millijoules(arm: ArmTotals) -> str:
    """Return millijoules a token, marked where a model and not a meter gave them."""
    joules = arm.joules_per_token
    if joules is None:
        return energy(None, arm.energy_source)
    return f"{'~' if arm.energy_source == 'modelled' else ''}{significant(joules * 1000)} mJ"
