from typing import Any

import pytest

from agents.budget import Limits
from slmtui.agents_table import AgentsTable, LimitsTable
from slmtui.settings import SamplingTable, Settings
from slmtui.suites.asked import Asked, check_same, make_plan
from slmtui.suites.budget import settings_for
from slmtui.suites.plan import AT_ONCE, Plan, as_json, plan_of
from slmtui.suites.suite import SuiteError


def plan(settings: Settings | None = None, **flags: Any) -> Plan:
    return make_plan(Asked(**{"suites": ("svamp",), **flags}), settings or Settings())


def test_without_flags_a_run_is_greedy_and_of_the_three_paradigms() -> None:
    made = plan(Settings(sampling=SamplingTable(temperature=0.9, top_k=7)))
    assert made.paradigms == ("base", "single", "multi")
    assert (made.sampling.temperature, made.sampling.top_k) == (0.0, 7)
    assert (made.repeats, made.seed, made.at_once, made.limit, made.rule) == (1, 1, AT_ONCE, 0, "")


def test_a_plan_goes_through_the_store_without_loss() -> None:
    made = plan(
        switch={"think": True}, vary={"examples": (0, 4)}, map={"prompt": "question"}, limit=3, cold=True,
        stop_early=True, allow=("run_python",), budget_tokens=99,
    )  # fmt: skip
    assert plan_of(as_json(made)) == made


def test_a_plan_of_another_version_is_refused_in_a_line() -> None:
    with pytest.raises(SuiteError, match="Begin a new run"):
        plan_of({"suites": 3})


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"suites": ()}, "Name a suite"),
        ({"paradigm": ("base", "debate")}, "no paradigm named 'debate'"),
        ({"cold": True, "at_once": 2}, "leave out --at-once"),
        ({"max_tokens": 9, "budget_tokens": 9}, "leave out --max-tokens"),
        ({"stop_early": True, "repeats": 2}, "--stop-early"),
        ({"stop_early": True, "paradigm": ("base",)}, "compares arms, and there is one alone"),
        # The switch does nothing in base: it makes no second arm.
        ({"stop_early": True, "paradigm": ("base",), "vary": {"examples": (0, 4)}}, "there is one alone"),
        ({"preset": "paper", "temperature": 0.7}, "--preset paper has 0.0 for --temperature, not 0.7"),
        ({"preset": "paper", "paradigm": ("base",)}, "--preset paper has base, single, multi for --paradigm"),
    ],
)
def test_flags_that_contradict_each_other_are_told_in_a_sentence(flags: dict[str, Any], words: str) -> None:
    with pytest.raises(SuiteError, match=words):
        plan(**flags)


def test_models_and_switches_make_arms_to_stop_early_between() -> None:
    assert plan(stop_early=True, paradigm=("base",), model=("a", "b")).rule
    assert plan(stop_early=True, paradigm=("single",), vary={"examples": (0, 4)}).rule


def test_a_cold_run_makes_one_attempt_at_a_time() -> None:
    assert plan(cold=True).at_once == 1
    assert plan(at_once=2).at_once == 2


def test_the_papers_preset_is_its_protocol_and_takes_further_arms() -> None:
    made = plan(preset="paper", paradigm=("base", "single", "multi", "vote"))
    assert (made.sampling.temperature, made.sampling.top_p, made.agent_limits.max_steps) == (0.0, 0.9, 5)
    assert (made.at_once, made.paradigms) == (1, ("base", "single", "multi", "vote"))


def test_a_budget_is_the_limit_of_the_turn_and_of_every_agent() -> None:
    own = Settings(agents=AgentsTable(limits=LimitsTable(max_tokens=64, max_steps=3)))
    made = plan(own, budget_tokens=300)
    assert (made.limits.max_tokens, made.agent_limits.max_tokens, made.agent_limits.max_steps) == (
        300,
        300,
        3,
    )
    kept = plan(own, max_tokens=300)
    assert (kept.limits.max_tokens, kept.agent_limits.max_tokens) == (300, 64)
    assert plan(max_tokens=300).agent_limits.max_tokens == 300


def test_the_engine_of_a_plan_has_its_model_and_limits_and_no_tools() -> None:
    made = plan(Settings(model="tiny.gguf"), budget_tokens=300)
    for model, wanted in (("", "tiny.gguf"), ("other.gguf", "other.gguf")):
        settings = settings_for(made, model, Settings(model="changed.gguf", notes="notes"))
        assert (settings.model, settings.notes) == (wanted, None)
        assert settings.limits_of_turn() == Limits(max_tokens=300)
    assert settings_for(plan(), "", Settings(model="changed.gguf")).model is None


def test_what_agrees_with_the_plan_may_be_said_again() -> None:
    made = plan(limit=4, temperature=0.0, seed=0)
    check_same(Asked(), made)
    check_same(Asked(suites=("svamp",), limit=4, temperature=0.0, seed=0, repeats=1), made)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"limit": 5}, "has 4 for --limit, not 5"),
        ({"temperature": 0.5}, "has 0.0 for --temperature, not 0.5"),
        ({"seed": 0}, "has 1 for --seed, not 0"),
        ({"suites": ("gsm8k",)}, "has svamp for the suite, not gsm8k"),
        ({"cold": True}, "has off for --cold, not on"),
        ({"switch": {"think": True}}, "has nothing for --switch, not think=on"),
    ],
)
def test_flags_that_contradict_the_plan_of_a_run_are_told(flags: dict[str, Any], words: str) -> None:
    with pytest.raises(SuiteError, match=words):
        check_same(Asked(**flags), plan(limit=4))
