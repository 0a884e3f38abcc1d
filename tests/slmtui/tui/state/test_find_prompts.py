from slmtui.tui.state.find_prompts import found

PROMPTS = ["What is 17 % of 1 240?", "Translate it into French", "and into German"]


def test_every_word_has_to_be_there_in_any_order() -> None:
    assert found(PROMPTS, "french INTO") == ["Translate it into French"]
    assert found(PROMPTS, "into") == PROMPTS[1:]
    assert found(PROMPTS, "") == PROMPTS


def test_letters_in_order_are_enough_where_no_word_fits() -> None:
    assert found(PROMPTS, "trfr") == ["Translate it into French"]
    assert found(PROMPTS, "zzz") == []
