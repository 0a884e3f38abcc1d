from collections.abc import Callable

from agents.events import CallFinished, CallStarted, Event, OriginTokens, TextDelta
from agents.message import Message, Origin, ToolCall
from sessions.hosted_tokens import HostedTally, hosted_tokens
from sessions.money import TokenCounts

WORDS: dict[str, Callable[[str], int]] = {"words": lambda text: len(text.split()), "letters": len}


def started(call: str, *texts: str, tools: tuple[str, ...] = (), origin: Origin = "user") -> CallStarted:
    messages = tuple(Message("user", text, origin) for text in texts)
    return CallStarted(0, call, "a", "answer", messages, False, 9, tools=tools)


def wrote(call: str, *texts: str) -> list[Event]:
    return [TextDelta(0, call, "a", "answer", text, (0.0,)) for text in texts]


def finished(call: str, *origins: OriginTokens) -> CallFinished:
    return CallFinished(
        0, call, "a", "answer", "stop", 0, 0, 0, 0, 0, origins, 0, 0, 0, None, 0, 0, 0, 0, 0, 0,
    )  # fmt: skip


def test_every_text_that_was_read_or_written_counts_in_every_encoding() -> None:
    events = [
        started("1", "one two", "three"),
        started("2", "one two", "three", "four"),
        *wrote("1", "fi", "ve"),
        *wrote("2", " six", " seven"),
        finished("1", OriginTokens("template", 5, 5)),
    ]
    assert hosted_tokens(events, WORDS) == {
        "words": TokenCounts(7, 3, "words"),
        "letters": TokenCounts(12 + 16, 4 + 10, "letters"),
    }


def test_tools_that_the_template_spells_count_as_the_model_counts_them() -> None:
    spelled = [started("1", "one", tools=("clock",)), finished("1", OriginTokens("tools", 30, 12))]
    assert hosted_tokens(spelled, WORDS)["words"] == TokenCounts(43, 0, "words")
    told = started("1", "clock: tells the time", tools=("clock",), origin="tools")
    both = [told, finished("1", OriginTokens("tools", 30, 12))]
    assert hosted_tokens(both, WORDS)["words"] == TokenCounts(4, 0, "words")


def test_calls_of_tools_in_the_conversation_are_texts_too() -> None:
    message = Message("assistant", "", "history", calls=(ToolCall("clock", {"zone": "CET"}),))
    event = CallStarted(0, "1", "a", "answer", (message,), False, 9)
    assert hosted_tokens([event], WORDS)["words"] == TokenCounts(3, 0, "words")


def test_without_an_encoding_nothing_is_kept() -> None:
    tally = HostedTally({})
    tally.add(started("1", "one"))
    assert tally.counts() == {}
