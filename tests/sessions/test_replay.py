import math

from hypothesis import given
from hypothesis import strategies as st

from agents.events import Event, TextDelta
from sessions.replay import SPEEDS, TICK_S, Timeline, replay
from sessions.store import Store
from tests.sessions.scripted import turn_id, whole_turn
from tests.strategies import turns

SESSION = [whole_turn(turn_id(number), "S", answer=("a", "b")) for number in range(3)]  # a second each


class FakeTime:
    """A clock that only sleeping moves, always a little more than asked for."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds + 1e-6


async def played(timeline: Timeline, time: FakeTime | None = None) -> list[Event]:
    time = time or FakeTime()
    return [event async for event in replay(timeline, sleep=time.sleep, clock=time)]


async def test_a_stored_session_replays_event_for_event(store: Store) -> None:
    session = store.create_session()
    for number, events in enumerate(SESSION):
        store.append(session, turn_id(number), events)
    stored = [store.events(turn.turn) for turn in store.turns(session)]
    assert await played(Timeline(stored)) == [event for events in SESSION for event in events]


@given(sessions=st.lists(turns(), max_size=3), speed=st.sampled_from(SPEEDS))
async def test_every_turn_replays_whole_at_every_speed(sessions: list[list[Event]], speed: float) -> None:
    timeline = Timeline(sessions)
    timeline.speed = speed
    assert await played(timeline) == [event for events in sessions for event in events]
    assert timeline.position == timeline.duration == sum(events[-1].t for events in sessions)


async def test_events_come_at_their_moments() -> None:
    time, timeline = FakeTime(), Timeline(SESSION)
    timeline.speed = 2.0
    async for event in replay(timeline, sleep=time.sleep, clock=time):
        elapsed = 2.0 * (time.now - 100.0)
        at = timeline.position
        assert at <= elapsed + 1e-9
        assert elapsed - at < 0.01
        assert at >= event.t
    assert max(time.slept) <= TICK_S


async def test_at_most_speed_nothing_is_waited_for_and_the_loop_gets_its_turn() -> None:
    time, timeline = FakeTime(), Timeline(SESSION)
    timeline.speed = math.inf
    events = await played(timeline, time)
    assert time.slept == [0.0] * len(events)


async def test_pausing_seeking_and_speeding_up_while_it_plays() -> None:
    time, timeline = FakeTime(), Timeline(SESSION)
    seen: list[Event] = []
    async for event in replay(timeline, sleep=time.sleep, clock=time):
        seen.append(event)
        if len(seen) == 2:
            timeline.paused = True
            assert timeline.due() is None
            timeline.seek_turn(2)
            timeline.paused = False
        if len(seen) == 3:
            timeline.speed = math.inf
    assert seen == [*SESSION[0][:2], *SESSION[2]]


async def test_a_paused_replay_stands_still() -> None:
    time, timeline = FakeTime(), Timeline(SESSION)
    timeline.paused = True
    naps = 0

    async def sleep(seconds: float) -> None:
        nonlocal naps
        naps += 1
        await time.sleep(seconds)
        if naps <= 5:
            assert timeline.position == 0.0
            timeline.paused = naps < 5

    first = await anext(replay(timeline, sleep=sleep, clock=time))
    assert first == SESSION[0][0]
    assert timeline.position == 0.0
    assert naps == 5


def test_an_empty_timeline_is_over() -> None:
    for timeline in (Timeline([]), Timeline([[]])):
        assert timeline.at_end
        assert (timeline.duration, timeline.turn, timeline.shown, timeline.wait_s) == (0.0, 0, [], 0.0)
        assert timeline.next_event() is None
        assert timeline.previous_event() is None
        timeline.next_turn()
        timeline.previous_turn()
        timeline.seek_turn(3)
        timeline.seek_time(3)
        assert timeline.advance(1.0) == []


def test_seeking_by_time_puts_the_past_behind() -> None:
    timeline = Timeline(SESSION)
    assert timeline.duration == 3.0
    timeline.seek_time(1.3)
    assert timeline.turn == 1
    assert timeline.shown[0] == SESSION[0]
    assert all(event.t < 0.3 for event in timeline.shown[1])
    timeline.seek_time(-5)
    assert (timeline.position, timeline.shown) == (0.0, [])
    timeline.seek_time(99)
    assert timeline.at_end
    assert timeline.shown == SESSION


def test_seeking_by_turn() -> None:
    timeline = Timeline(SESSION)
    timeline.seek_turn(1)
    assert (timeline.turn, timeline.position, timeline.shown) == (1, 1.0, SESSION[:1])
    timeline.next_turn()
    assert timeline.turn == 2
    timeline.next_event()
    timeline.previous_turn()
    assert (timeline.turn, timeline.shown) == (2, SESSION[:2])  # back to the beginning of this one first
    timeline.previous_turn()
    assert timeline.turn == 1
    timeline.next_turn()
    timeline.next_turn()
    assert timeline.at_end
    assert timeline.turn == 2


@given(data=st.data())
def test_stepping_back_undoes_stepping_on(data: st.DataObject) -> None:
    timeline = Timeline(SESSION)
    timeline.seek_time(data.draw(st.floats(0, 4)))
    steps = data.draw(st.integers(1, 40))
    before = timeline.index
    forth = [event for _ in range(steps) if (event := timeline.next_event()) is not None]
    back = [timeline.previous_event() for _ in forth]
    assert back == forth[::-1]
    assert timeline.index == before
    assert 0 <= timeline.position <= timeline.duration


@given(data=st.lists(st.floats(0, 2), max_size=20))
def test_advancing_by_any_steps_hands_out_each_event_once(data: list[float]) -> None:
    timeline = Timeline(SESSION)
    events = [event for seconds in data for event in timeline.advance(seconds)]
    flat = [event for turn in SESSION for event in turn]
    assert events == flat[: len(events)]
    assert timeline.shown == [
        turn[: len(shown)] for turn, shown in zip(SESSION, timeline.shown, strict=False)
    ]
    assert timeline.at_end or timeline.wait_s > 0 or not data


def test_advancing_at_most_speed_ends_with_the_turn() -> None:
    timeline = Timeline(SESSION)
    timeline.speed = math.inf
    assert [timeline.advance(0.0) for _ in range(4)] == [*SESSION, []]


def test_an_event_out_of_order_comes_with_the_one_before_it() -> None:
    late = TextDelta(0.1, "c1", "assistant", "answer", "late", (0.1,))
    timeline = Timeline([[*SESSION[0][:3], late, *SESSION[0][3:]]])
    assert late in timeline.advance(0.25)
    assert timeline.duration == 1.0


def test_speeds_go_up_and_down_and_stop_at_the_ends() -> None:
    timeline = Timeline(SESSION)
    timeline.slower()
    assert timeline.speed == 1.0
    seen = []
    for _ in range(6):
        timeline.faster()
        seen.append(timeline.speed)
    assert seen == [2.0, 4.0, 16.0, math.inf, math.inf, math.inf]
    timeline.slower()
    assert timeline.speed == 16.0
