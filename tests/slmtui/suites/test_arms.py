from typing import Any

import pytest

from agents.paradigms import PARADIGMS
from slmtui.suites.arms import arms_of, helps_of, model_names
from slmtui.suites.plan import Plan


def arms(**fields: Any) -> list[tuple[str, str, str, dict[str, Any]]]:
    plan = Plan(**{"suites": ("svamp",), "paradigms": ("base", "single"), **fields})
    return [(arm.arm, arm.paradigm, arm.model, arm.switches) for arm in arms_of(plan)]


def test_an_arm_is_a_paradigm_where_nothing_else_differs() -> None:
    assert arms(switches={"think": True}) == [
        ("base", "base", "", {"think": True}),
        ("single", "single", "", {"think": True}),
    ]


def test_models_come_one_after_another_and_are_told_apart_by_a_short_name() -> None:
    assert [name for name, *_ in arms(models=("/m/small.gguf", "qwen3:0.6b"))] == [
        "base @small", "single @small", "base @qwen3:0.6b", "single @qwen3:0.6b",
    ]  # fmt: skip


def test_two_files_of_one_name_keep_their_folders() -> None:
    names = model_names(("/a/m.gguf", "/b/m.gguf", ""))
    assert names == {"/a/m.gguf": "/a/m.gguf", "/b/m.gguf": "/b/m.gguf", "": "default"}


def test_a_switch_that_varies_makes_arms_only_where_it_does_something() -> None:
    found = arms(vary={"examples": (0, 4), "think": (False, True)})
    assert [name for name, *_ in found] == [
        "base think=off", "base think=on",
        "single examples=0 think=off", "single examples=0 think=on",
        "single examples=4 think=off", "single examples=4 think=on",
    ]  # fmt: skip
    assert found[0][3] == {"think": False}


@pytest.mark.parametrize("paradigm", PARADIGMS)
def test_the_switches_of_an_arm_are_those_of_the_plan_changed_by_its_own(paradigm: str) -> None:
    plan = Plan(("svamp",), (paradigm,), switches={"examples": 1}, vary={"votes": (3, 9)})
    for arm in arms_of(plan):
        assert helps_of(plan, arm.switches).examples == 1
    assert len(arms_of(plan)) == (2 if paradigm == "vote" else 1)
