import pytest
from hypothesis import given

from agents.events import (
    AnswerChosen,
    ApprovalAsked,
    ApprovalGiven,
    CallSkipped,
    ContextTrimmed,
    Event,
    LimitReached,
    RungTaken,
    TextDelta,
    ToolFinished,
    TurnFinished,
)
from agents.message import Purpose
from slmtui.cli.event_notes import note
from slmtui.cli.transcript import NOT_USED, NOTE_WIDTH, Transcript
from tests.sessions.ladder_turns import ladder_turns
from tests.sessions.scripted import started
from tests.strategies import HOSTILE_TEXTS

WHO = ("k", "agent", "notes")
NOTES: list[tuple[Event, str]] = [
    (RungTaken(1.0, "agent", "c", "repair", "a → b"), "agent: call mended: a → b"),
    (RungTaken(1.0, "agent", "c", "reask", "no such tool"), "agent: asked once more: no such tool"),
    (RungTaken(1.0, "agent", "c", "no_tools", "twice"), "agent: goes on without tools: twice"),
    (RungTaken(1.0, "agent", "c", "fallback", "empty"), "agent: leaves the answer to the base model: empty"),
    (ApprovalAsked(1.0, *WHO, {"text": "a"}), "agent asks whether it may call notes(text='a')"),
    (ApprovalGiven(1.0, *WHO, "once"), "notes was allowed once"),
    (ApprovalGiven(1.0, *WHO, "session"), "notes was allowed for this session"),
    (ApprovalGiven(1.0, *WHO, "no"), "notes was refused"),
    (LimitReached(1.0, "agent", "joules", "9 J"), "agent ended by its limit on joules: 9 J"),
    (ToolFinished(1.0, *WHO, "long", "ok", 0.1, 12), "notes answers (~12 tokens cut): long"),
    (
        CallSkipped(1.0, "judge", "answer", "sure", 120, 40),
        "judge: no call to answer was needed (sure): ~120 prompt tokens saved, ~40 of them new",
    ),
    (
        AnswerChosen(1.0, "vote", "c", "majority", 3, 5),
        "vote takes the answer of a call (majority, 3 of 5 votes)",
    ),
    (AnswerChosen(1.0, "judge", "c", "sure"), "judge takes the answer of a call (sure)"),
    (
        ContextTrimmed(1.0, "c", 0, 9, 5, 6, "oldest", 2),
        "context full: 2 results of tools shortened (oldest)",
    ),
    (
        ContextTrimmed(1.0, "c", 3, 9, 5, 6, "oldest", 2),
        "context full: 2 results of tools shortened, 3 messages left out (oldest)",
    ),
    (ContextTrimmed(1.0, "c", 3, 9, 5, 6, "oldest"), "context full: 3 messages left out (oldest)"),
]


@pytest.mark.parametrize(("event", "text"), NOTES)
def test_a_line_for_each(event: Event, text: str) -> None:
    assert note(event) == text


def shown(*events: Event) -> list[str]:
    """Return the lines of a turn after its prompt and before its cost."""
    written: list[str] = []
    transcript = Transcript(written.append)
    for event in (started("T", "S"), *events):
        transcript.show(event)
    lines = "".join(written).splitlines()
    assert lines[:2] == ["> hello", ""]
    return [line for line in lines[2:] if line and "1 call" not in line and " calls · " not in line]


def wrote(call: str, text: str, purpose: Purpose = "answer", t: float = 1.0) -> TextDelta:
    return TextDelta(t, call, "agent", purpose, text, (t,))


def test_a_report_is_shown_when_it_is_chosen_and_once() -> None:
    chosen = AnswerChosen(2.0, "judge", "a", "sure")
    lines = shown(wrote("a", "It is 4.", "handoff"), chosen, TurnFinished(3.0, "ok", "It is 4."))
    assert lines == ["  judge takes the answer of a call (sure)", "It is 4."]


def test_a_draft_that_is_given_up_is_told_apart() -> None:
    lines = shown(
        wrote("a", "draft"),
        RungTaken(2.0, "agent", "b", "fallback", "no call"),
        wrote("b", "fin"),
        wrote("b", "al"),
        TurnFinished(3.0, "ok", "final"),
    )
    assert lines == [
        "draft",
        "  agent: leaves the answer to the base model: no call",
        f"  {NOT_USED}",
        "final",
    ]


def test_of_answers_written_at_once_the_chosen_one_stands_whole() -> None:
    mixed = [wrote("a", "on"), wrote("b", "tw"), wrote("a", "e"), wrote("b", "o")]
    lines = shown(*mixed, AnswerChosen(2.0, "vote", "a", "majority", 2, 3), TurnFinished(3.0, "ok", "one"))
    assert lines == [
        "on",
        f"  {NOT_USED}",
        "two",
        "  vote takes the answer of a call (majority, 2 of 3 votes)",
        f"  {NOT_USED}",
        "one",
    ]


def test_an_answer_that_no_delta_told_of_is_shown_at_the_end() -> None:
    assert shown(TurnFinished(3.0, "ok", "4")) == ["4"]


@given(ladder_turns(texts=HOSTILE_TEXTS))
def test_no_event_writes_what_a_terminal_obeys(events: list[Event]) -> None:
    written: list[str] = []
    transcript = Transcript(written.append)
    for event in events:
        before = len(written)
        transcript.show(event)
        if note(event):
            assert len(written[before]) <= NOTE_WIDTH + len("\n  \n")
    text = "".join(written)
    assert not set(text) & set(map(chr, [*range(9), *range(11, 32), *range(0x7F, 0xA0), 0x202E]))
