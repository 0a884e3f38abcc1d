from agents.message import Sampling
from sessions.run_records import BY_HAND
from slmtui.comparing.conditions import Conditions
from slmtui.suites.plan import plan_of


def test_arms_are_every_paradigm_with_every_model_and_base_comes_first() -> None:
    arms = Conditions(("single", "base"), ("tiny", "/models/other.gguf"), loaded="tiny").arms
    assert [arm.arm for arm in arms] == ["base @tiny", "base @other", "single @tiny", "single @other"]
    assert [arm.model for arm in arms] == ["tiny", "/models/other.gguf"] * 2


def test_one_model_needs_no_name() -> None:
    assert [arm.arm for arm in Conditions(models=("tiny",), loaded="tiny").arms] == [
        "base",
        "single",
        "multi",
    ]


def test_the_plan_tells_every_condition_and_reads_like_that_of_a_suite() -> None:
    conditions = Conditions(
        models=("tiny",), loaded="tiny", history_of="01ABC", system="Be brief.", sampling=Sampling(seed=7)
    )
    plan = conditions.plan
    assert (plan["kind"], plan["history_of"], plan["system"]) == (BY_HAND, "01ABC", "Be brief.")
    read = plan_of(plan)
    assert (read.at_once, read.seed, read.model, read.paradigms) == (
        3,
        7,
        "tiny",
        ("base", "single", "multi"),
    )
    assert plan_of(Conditions(models=("tiny",), at_once=False).plan).at_once == 1


def test_an_arm_alone_shares_the_machine_with_nobody() -> None:
    assert Conditions().shared
    assert not Conditions(at_once=False).shared
    assert not Conditions(paradigms=("base",)).shared
