from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import events as ev
from agents.message import Sampling
from sessions.tally import records_of
from slmtui.backend import TurnRequest
from slmtui.tui.state.live_turn import finished_turn
from slmtui.tui.state.player import Player
from tests.slmtui.tui.scripted import turn_events


class Stored:
    """Three turns, as a store would give them."""

    def __init__(self, *paradigms: str) -> None:
        self._turns: dict[str, list[ev.Event]] = {}
        for number, paradigm in enumerate(paradigms):
            request = TurnRequest("s", paradigm, f"prompt {number}", (), Sampling())
            self._turns[f"t{number}"] = turn_events(request, f"t{number}")
        self.records = [records_of(events).turn for events in self._turns.values()]

    def events(self, turn: str) -> list[ev.Event]:
        return self._turns[turn]

    def cut(self, turn: str, length: int) -> None:
        self._turns[turn] = self._turns[turn][:length]


@pytest.fixture
def player() -> Player:
    stored = Stored("base", "single", "multi")
    return Player(stored, stored.records)


def state(player: Player) -> tuple[int, str, int, str]:
    return player.index, player.turn.view.prompt, player.turn.events, player.turn.view.answer


def test_it_begins_paused_at_the_prompt_of_the_first_turn(player: Player) -> None:
    assert state(player) == (0, "prompt 0", 1, "")
    assert not player.playing


def test_playing_feeds_what_falls_due_and_stops_at_the_end(player: Player) -> None:
    first = player.turn
    player.toggle()
    player.advance(0.3)
    assert player.turn is first
    assert 1 < player.turn.events < player.events
    player.advance(1000.0)
    assert player.index == 2
    assert not player.turn.running
    assert not player.playing


def test_playing_on_from_the_end_begins_anew(player: Player) -> None:
    player.finish()
    player.toggle()
    assert player.playing
    assert state(player) == (0, "prompt 0", 1, "")


def test_a_step_back_over_the_border_of_a_turn_shows_the_end_of_the_one_before(player: Player) -> None:
    player.go_to(1)
    player.step(-1)
    assert player.index == 0
    assert not player.turn.running
    player.step(1)
    assert state(player)[:3] == (1, "prompt 1", 1)


def test_back_from_within_a_turn_goes_to_its_own_start_first(player: Player) -> None:
    player.go_to(1)
    player.step(1)
    player.go_by(-1)
    assert player.index == 1
    player.go_by(-1)
    assert player.index == 0


def test_going_past_the_ends_stays_there(player: Player) -> None:
    player.go_by(-1)
    player.step(-1)
    assert state(player)[:3] == (0, "prompt 0", 1)
    player.go_to(99)
    player.step(1)
    assert player.index == 2
    assert not player.turn.running


def test_a_turn_that_was_cut_short_ends_as_interrupted() -> None:
    stored = Stored("base", "base")
    stored.cut("t0", 8)
    player = Player(stored, stored.records)
    player.go_to(1)
    player.step(-1)
    assert player.turn.view.status == "interrupted"
    assert player.turn.view.answer.strip() == "A **small** model has few"


def test_speeds_are_told_in_words(player: Player) -> None:
    player.change_speed(1)
    assert player.speed_word == "×2"
    for _ in range(9):
        player.change_speed(1)
    assert player.speed_word == "max speed"


MOVES: tuple[Callable[[Player], None], ...] = (
    lambda p: p.step(1), lambda p: p.step(-1), lambda p: p.go_by(1), lambda p: p.go_by(-1),
    lambda p: p.advance(0.31), lambda p: p.toggle(), lambda p: p.finish(), lambda p: p.change_speed(1),
)  # fmt: skip


@given(st.lists(st.sampled_from(MOVES), max_size=30))
def test_however_it_moves_the_turn_is_what_its_events_make_it(moves: list[Callable[[Player], None]]) -> None:
    stored = Stored("base", "single", "multi")
    player = Player(stored, stored.records)
    for move in moves:
        move(player)
        events = stored.events(f"t{player.index}")[: player.turn.events]
        fresh = finished_turn(events)
        assert player.turn.view.prompt == f"prompt {player.index}"
        assert 1 <= player.turn.events <= player.events
        assert player.turn.view.output_tokens == fresh.view.output_tokens
        assert 0 <= player.timeline.position <= player.timeline.duration
