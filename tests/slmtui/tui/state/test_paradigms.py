from agents.paradigms import PARADIGMS
from slmtui.tui.state.paradigms import after, choices, controls, mains, on_switch, title_of
from slmtui.tui.widgets.prompt_box import paradigm_at, switcher


def test_the_three_paradigms_are_the_main_ones_and_controls_are_those_that_a_chat_can_have() -> None:
    assert [choice.name for choice in mains()] == ["base", "single", "multi"]
    chat = {name for name, info in PARADIGMS.items() if info.chat}
    assert {choice.name for choice in choices()} == chat
    assert "oracle" not in chat
    assert {choice.name for choice in controls()} == chat - {"base", "single", "multi"}


def test_the_way_round_leaves_out_the_controls_and_leads_from_them_to_base() -> None:
    assert [after(name) for name in ("base", "single", "multi")] == ["single", "multi", "base"]
    assert [after(choice.name) for choice in controls()] == ["base"] * len(controls())


def test_a_turn_of_a_suite_keeps_its_word_and_an_unknown_one_its_name() -> None:
    assert title_of("oracle") == PARADIGMS["oracle"].title
    assert title_of("swarm") == "swarm"


def test_the_switch_holds_the_main_ones_and_a_control_only_while_it_is_chosen() -> None:
    assert [choice.name for choice in on_switch("single")] == ["base", "single", "multi"]
    for control in controls():
        words = switcher(control.name).plain
        assert f"[{control.title}]" in words
        assert len(words) <= 80 - 6
        assert paradigm_at(words.index(control.title), control.name) == control.name
        assert control.title not in switcher("base").plain
    assert paradigm_at(70, "base") is None
