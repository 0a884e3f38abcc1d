from slmtui.tui.state.chat_state import ChatState


def test_a_prompt_is_clean_before_its_turn_begins() -> None:
    turn = ChatState(lambda: 0.0).begin("one\x1b[2J\u202e\ttwo")
    assert turn.view.prompt == "one[2J    two"
