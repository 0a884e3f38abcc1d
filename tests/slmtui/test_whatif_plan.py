import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.factors import NOT_USED
from agents.helps import Helps
from agents.message import Sampling
from agents.paradigms import PARADIGMS
from sessions.records import TurnRecord
from slmtui.agents_table import HelpsTable
from slmtui.settings import Settings, SettingsError, load_settings
from slmtui.whatif_changes import changed_words, changes_between, title_of_changes
from slmtui.whatif_plan import Asked, Plan, merged, plan_of, switches_of

NOTHING, PLAIN = Asked(), Helps()


def load(given: Mapping[str, Any]) -> Settings:
    return load_settings(environ={}, config_dir=Path("nowhere"), overrides=given)


def stored(paradigm: str = "multi", helps: Helps = PLAIN, **other: Any) -> TurnRecord:
    factors = json.dumps(PARADIGMS[paradigm].factors_with(helps) | {"format": "generic"})
    told: dict[str, Any] = {
        "model": "tiny",
        "n_ctx": 512,
        "seed": 7,
        "top_p": 0.5,
        "repeat_penalty": 1.0,
        "factors": factors,
    }
    return TurnRecord("T", "S", paradigm, "hello", "2026-01-02T03:04:05+00:00", **told | other)


def planned(turn: TurnRecord, asked: Asked = NOTHING) -> Plan:
    return plan_of(turn, asked, load, lambda _turn: "/models/tiny.gguf")


def test_nothing_asked_for_is_the_turn_as_it_was() -> None:
    turn = stored(
        temperature=0.0, min_p=0.1, top_k=3, repeat_penalty=1.1, kv_type="q8_0", flash_attention=True
    )
    plan = planned(turn)
    assert plan.changes == {}
    assert plan.sampling == Sampling(0.0, 3, 0.5, 0.1, 1.1, 7)
    assert (plan.prompt, plan.cold, plan.settings.paradigm) == ("hello", False, "multi")
    engine = plan.settings.engine
    assert (engine.context, engine.kv_cache, engine.flash_attention) == (512, "q8_0", True)
    assert plan.settings.model == "/models/tiny.gguf"


@pytest.mark.parametrize(("write", "read", "threads"), [(2, 2, 2), (1, 2, 0), (4, 0, 0), (0, 0, 0)])
def test_a_turn_has_the_threads_that_it_had_where_a_setting_can_say_so(
    write: int, read: int, threads: int
) -> None:
    assert planned(stored(n_threads=write, n_threads_batch=read)).settings.engine.threads == threads


def helps() -> st.SearchStrategy[Helps]:
    """Switches as the settings may have them."""
    return st.builds(
        Helps,
        examples=st.integers(0, 32),
        tool_list=st.sampled_from(["auto", "on", "off"]),
        shortlist=st.integers(0, 64),
        sure=st.sampled_from([0.0, 0.5, 0.95]),
        votes=st.integers(1, 64),
        unsure=st.sampled_from([-2.0, -0.25]),
        **{field.name: st.booleans() for field in fields(Helps) if isinstance(field.default, bool)},
    )


@given(st.sampled_from(list(PARADIGMS)), helps())
def test_the_switches_that_a_turn_used_are_found_again(paradigm: str, switches: Helps) -> None:
    info = PARADIGMS[paradigm]
    turn = stored(paradigm, switches)
    again = planned(turn).helps
    assert info.factors_with(again) == info.factors_with(switches)
    known = switches_of(turn)
    assert all(known[name] == getattr(switches, name) for name in known)
    assert set(info.fixed).isdisjoint(known)
    HelpsTable(**known)


def test_a_switch_that_a_turn_did_not_use_is_as_the_settings_have_it() -> None:
    assert switches_of(stored("base")) == {"structured": False, "format_hint": False, "think": False}
    assert switches_of(stored("vote", Helps(votes=9)))["votes"] == 9
    assert switches_of(stored("cascade", Helps(unsure=-0.25)))["unsure"] == -0.25
    assert switches_of(stored(factors="{}")) == {}
    assert switches_of(stored(factors='{"examples": "a lot", "sure": "2"}')) == {}  # of another version
    assert switches_of(stored("multi") if "gone" in PARADIGMS else TurnRecord("T", "S", "gone", "", "")) == {}


def test_what_is_asked_for_is_changed_and_told() -> None:
    asked = Asked(
        {
            "paradigm": "single",
            "sampling": {"seed": 8},
            "limits": {"max_tokens": 9},
            "agents": {"help": {"examples": 0}},
        },
        prompt="another",
        cold=True,
    )
    plan = planned(stored(), asked)
    assert plan.changes == {
        "paradigm": ("multi", "single"),
        "sampling.seed": (7, 8),
        "limits.max_tokens": (1024, 9),
        "agents.help.examples": (4, 0),
        "prompt": ("hello", "another"),
        "cold": (False, True),
    }
    assert plan.untold == {"limits.max_tokens": (1024, 9)}
    assert (plan.helps.examples, plan.sampling.seed, plan.sampling.top_p) == (0, 8, 0.5)
    assert (plan.prompt, plan.cold) == ("another", True)


def test_what_is_asked_for_and_so_already_is_no_change() -> None:
    asked = Asked({"paradigm": "multi", "sampling": {"seed": 7, "top_k": None}}, prompt="hello", cold=True)
    assert planned(stored(cold=True), asked).changes == {}


def test_another_model_chooses_its_own_context_and_is_told_by_its_name() -> None:
    plan = planned(stored(), Asked(model="/models/other.gguf"))
    assert (plan.settings.model, plan.settings.engine.context) == ("/models/other.gguf", 0)
    assert plan.changes == {"model": ("tiny", "/models/other.gguf")}
    assert title_of_changes([plan.changes]) == "what if: model tiny → other.gguf"


def test_wrong_settings_are_the_users_to_mend() -> None:
    for wrong in ({"engine": {"kv_cach": 1}}, {"sampling": {"top_p": 2}}, {"paradigm": "triple"}):
        with pytest.raises(SettingsError):
            planned(stored(), Asked(wrong))


def test_tables_are_merged_and_none_is_nothing() -> None:
    high = {"a": {"c": 4, "b": None}, "d": None, "e": {"f": None}}
    assert merged({"a": {"b": 1, "c": 2}, "d": 3}, high) == {"a": {"b": 1, "c": 4}, "d": 3, "e": {}}


def test_changes_are_those_that_the_two_turns_recorded() -> None:
    was, now = stored("multi"), stored("single", seed=8, kv_type="q8_0")
    found = changes_between(was, now)
    assert found["paradigm"] == ("multi", "single")
    assert found["seed"] == (7, 8)
    assert found["kv_type"] == ("f16", "q8_0")
    assert found["sure"] == ("0.9", NOT_USED)
    assert "examples" not in found
    assert next(iter(found)) == "paradigm"
    assert changes_between(now, was) == {name: pair[::-1] for name, pair in found.items()}
    assert changes_between(was, was) == {}


def test_another_file_of_the_same_name_is_told_by_its_hash() -> None:
    one, other = stored(model_hash="a"), stored(model_hash="b")
    assert changes_between(one, other) == {"model_hash": ("a", "b")}
    assert "model_hash" not in changes_between(one, stored(model_hash="b", model="big"))


def test_a_turn_without_factors_is_told_by_its_columns_alone() -> None:
    assert changes_between(stored(factors="{}"), stored(seed=8)) == {"seed": (7, 8)}


def test_titles_name_each_change_once() -> None:
    changes = [{"paradigm": ("base", "multi"), "cold": (False, True)}, {"paradigm": ("base", "multi")}]
    assert title_of_changes(changes) == "what if: paradigm base → multi, cold no → yes"
    assert title_of_changes([{}, {}]) == "what if: nothing changed"
    assert changed_words({"prompt": ("a", "b"), "engine.lora": (None, "x" * 99)}) == (
        f"another prompt, lora none → {'x' * 40}…"
    )
