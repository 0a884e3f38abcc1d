from slmtui.tui.state.prompt_history import PromptHistory


def test_a_walk_up_and_back_gives_the_draft_back() -> None:
    history = PromptHistory(["one", "two"])
    assert history.older("draft") == "two"
    assert history.older("two") == "one"
    assert history.older("one") is None
    assert history.newer() == "two"
    assert history.newer() == "draft"
    assert history.newer() is None


def test_a_prompt_sent_twice_is_remembered_once() -> None:
    history = PromptHistory()
    history.add("same")
    history.add("same")
    assert history.older("") == "same"
    assert history.older("same") is None


def test_an_edit_ends_the_walk() -> None:
    history = PromptHistory(["one", "two"])
    history.older("")
    history.leave()
    assert history.newer() is None
    assert history.older("edited") == "two"


def test_nothing_was_sent_yet() -> None:
    assert PromptHistory().older("draft") is None
