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


def test_beyond_the_oldest_come_the_prompts_of_other_sessions() -> None:
    asked: list[int] = []

    def elsewhere() -> list[str]:
        asked.append(1)
        return ["other 1", "other 2"]

    history = PromptHistory(["mine"], elsewhere)
    assert history.older("draft") == "mine"
    assert asked == []
    assert [history.older(""), history.older(""), history.older("")] == ["other 2", "other 1", None]
    assert [history.newer(), history.newer(), history.newer()] == ["other 2", "mine", "draft"]
    assert asked == [1]


def test_without_prompts_of_its_own_a_session_begins_with_those_of_others() -> None:
    history = PromptHistory([], lambda: ["other"])
    assert history.older("draft") == "other"
    assert history.newer() == "draft"


def test_everything_is_listed_once_the_last_first() -> None:
    history = PromptHistory(["b", "a", "b"], lambda: ["a", "z"])
    assert history.everything() == ["b", "a", "z"]
    history.add("c")
    assert history.everything() == ["c", "b", "a", "z"]
