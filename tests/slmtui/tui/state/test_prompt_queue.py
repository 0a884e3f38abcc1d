from slmtui.tui.state.composing import Composed
from slmtui.tui.state.prompt_queue import PromptQueue


def prompt(text: str) -> Composed:
    return Composed(text, text)


def test_prompts_go_in_order_and_come_back_from_the_end() -> None:
    queue = PromptQueue()
    for text in ("one", "two", "three"):
        queue.add(prompt(text))
    assert queue.take() == prompt("three")
    assert queue.next() == prompt("one")
    queue.put_first(prompt("zero"))
    assert queue.take(5) is None
    assert [each.text for each in queue.waiting] == ["zero", "two"]


def test_a_paused_queue_gives_nothing_until_it_goes_on() -> None:
    queue = PromptQueue([prompt("one")])
    queue.pause("the turn failed")
    assert (queue.next(), queue.paused) == (None, "the turn failed")
    queue.go_on()
    assert queue.next() == prompt("one")


def test_nothing_is_paused_where_nothing_waits() -> None:
    queue = PromptQueue()
    queue.pause("the turn failed")
    assert queue.paused == ""
    assert queue.next() is None
