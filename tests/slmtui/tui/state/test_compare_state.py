from agents import events as ev
from agents.message import Sampling
from sessions.run_records import ArmRecord
from slmtui.backend import TurnRequest
from slmtui.comparing.by_hand import Round
from slmtui.comparing.rounds import NOT_BEGUN, Loading, Over, Said
from slmtui.tui.state.compare_column import READY, WRITING, columns
from slmtui.tui.state.compare_marks import Marks, mark_at, marks_line
from slmtui.tui.state.compare_state import CompareState
from tests.slmtui.tui.driving import Clock
from tests.slmtui.tui.scripted import turn_events

ARMS = tuple(ArmRecord(name, name, session=f"s-{name}") for name in ("base", "single", "multi"))
FIRST, AGAIN = Round("by hand/1", "What?"), Round("by hand/1", "What?", 2)


def new() -> CompareState:
    return CompareState(Clock(), ARMS, seed=3)


def answer(state: CompareState, of: Round, *arms: str) -> None:
    """Let arms answer a round as usual, and end it when all have."""
    for name in arms:
        request = TurnRequest(f"s-{name}", name, of.prompt, (), Sampling())
        for event in turn_events(request, f"{name}-{of.repeat}"):
            state.take(Said(name, event))
        state.take(Over(name))


def answered(*rounds: Round) -> CompareState:
    state = new()
    for of in rounds or (FIRST,):
        state.begin(of, ARMS)
        answer(state, of, "base", "single", "multi")
        state.running = False
    return state


def test_columns_wait_load_write_and_end() -> None:
    state = new()
    assert [column.note for column in columns(state)] == [READY] * 3
    state.begin(FIRST, ARMS)
    state.take(Loading("single", 0.25))
    base, single, _ = columns(state)
    assert base.note == "○ waits for its turn"
    assert single.note.startswith("◌ loading the model 25%")
    answer(state, FIRST, "base")
    base = columns(state)[0]
    assert base.title == "1 base · baseline"
    assert base.marked
    assert base.foot.startswith("1 call · ↑120")
    assert base.marks == Marks()


def test_what_did_not_begin_says_why_and_what_broke_off_is_a_failure() -> None:
    state = new()
    state.begin(FIRST, ARMS)
    state.take(Over("base", "no \x1b[31mmemory"))
    start = turn_events(TurnRequest("s", "single", "What?", (), Sampling()), "t")[:4]
    for event in start:
        state.take(Said("single", event))
    state.take(Over("single"))
    state.take(Over("multi"))
    base, single, multi = columns(state)
    assert base.note == "✗ no [31mmemory"
    assert single.turn is not None
    assert single.turn.view.status == "failed"
    assert multi.note == f"✗ {NOT_BEGUN}"
    assert state.say_better(0) == {}
    assert state.say_right(2, True) == state.take_back(2) == {}


def test_what_comes_after_the_end_changes_nothing() -> None:
    state = answered()
    before = columns(state)[0]
    state.take(Over("base", "late"))
    state.take(Loading("base", 0.5))
    state.take(Said("nobody", ev.LimitReached(0.0, "a", "tokens", "b")))
    assert columns(state)[0] == before


def test_better_is_one_of_all_said_once_more_it_is_taken_back() -> None:
    state = answered()
    assert state.say_better(1) == {
        "base": Marks(preferred=False), "single": Marks(preferred=True), "multi": Marks(preferred=False)
    }  # fmt: skip
    assert state.say_better(2)["single"] == Marks(preferred=False)
    assert set(state.say_better(2).values()) == {Marks()}
    assert set(state.say_better(None).values()) == {Marks(preferred=False)}


def test_right_and_better_are_said_apart() -> None:
    state = answered()
    state.say_better(0)
    assert state.say_right(0, False) == {"base": Marks(right=False, preferred=True)}
    assert state.say_right(1, True) == {"single": Marks(right=True, preferred=False)}
    assert state.say_right(1, True) == {"single": Marks(preferred=False)}
    assert state.take_back(1) == {"single": Marks(preferred=False)}


def test_taking_back_the_better_one_leaves_none_worse() -> None:
    state = answered()
    state.say_right(1, True)
    state.say_better(0)
    assert state.take_back(0) == {"base": Marks(), "single": Marks(right=True), "multi": Marks()}


def test_blind_columns_are_shuffled_the_same_way_and_named_when_the_mark_is_made() -> None:
    state = answered(FIRST, AGAIN)
    state.blind = True
    orders = set()
    for number in range(30):
        state.rounds[-1] = of = Round("by hand/1", "What?", number)
        state.answers |= {(of, arm.arm): state.answers[AGAIN, arm.arm] for arm in ARMS}
        orders.add(tuple(arm.arm for arm in state.order))
        assert state.order == state.order
    assert len(orders) == 6
    assert [column.title for column in columns(state)] == ["1 ?", "2 ?", "3 ?"]
    assert all(column.bare and not column.foot for column in columns(state))
    chosen = state.order[2].arm
    said = state.say_better(2)
    assert said[chosen].preferred is True
    assert f"3 {chosen}" in columns(state)[2].title


def test_blind_names_come_when_every_answer_is_right_or_wrong() -> None:
    state = answered()
    state.blind = True
    for place in range(3):
        assert state.hidden
        state.say_right(place, place == 0)
    assert not state.hidden


def test_blind_answers_are_not_seen_before_all_are_there() -> None:
    state = new()
    state.blind = True
    state.begin(FIRST, ARMS)
    answer(state, FIRST, "base", "single")
    assert [column.note for column in columns(state)] == [WRITING] * 3


def test_looking_back_shows_the_answers_and_marks_of_then() -> None:
    state = answered(FIRST, AGAIN)
    state.say_right(0, True)
    assert state.look(-1)
    assert columns(state)[0].marks == Marks()
    assert not state.look(-1)
    assert state.look(1)
    assert columns(state)[0].marks == Marks(right=True)
    assert not state.look(1)


def test_the_marked_column_stays_among_the_columns() -> None:
    state = new()
    state.move(-1)
    assert state.place == 0
    state.move(7)
    assert state.place == 2
    state.forget(ARMS[:1])
    assert state.place == 0


def test_marks_are_words_in_brackets_and_are_found_where_they_stand() -> None:
    marks = Marks(right=False, preferred=True)
    line = marks_line(marks).plain
    assert line == "[★ better] ✓ right [✗ wrong]"
    assert [mark_at(line.index(word), marks) for word in ("better", "right", "wrong")] == [
        "better", "right", "wrong"
    ]  # fmt: skip
    assert mark_at(len(line), marks) is None
    assert marks.words == "★ better · ✗ wrong"
