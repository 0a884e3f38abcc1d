from slmtui.tui.state.player import Player
from slmtui.tui.state.programme import KeptEvents, Programme, read_events
from slmtui.tui.state.transport import TURN_DONE, TURN_LEFT, transport_lines
from tests.slmtui.tui.state.test_player import Stored


def three() -> Player:
    stored = Stored("base", "single", "multi")
    return Player(stored, stored.records)


def test_turns_are_marked_on_the_bar_before_and_behind_the_playhead() -> None:
    player = three()
    lines = transport_lines(player, 76)
    assert lines.bar.count(TURN_LEFT) == 2
    assert len(lines.begin) + len(lines.bar) + len(lines.end) + 2 == 76
    player.seek(0.5)
    assert transport_lines(player, 76).bar.count(TURN_DONE) == 1
    player.finish()
    assert transport_lines(player, 76).bar.count(TURN_DONE) == 2


def test_where_turns_have_no_room_they_are_not_marked() -> None:
    stored = Stored(*["base"] * 30)
    bar = transport_lines(Player(stored, stored.records), 76).bar
    assert not set(bar) & {TURN_DONE, TURN_LEFT}


def test_a_cell_of_the_bar_is_a_share_of_the_whole() -> None:
    lines = transport_lines(three(), 76)
    start = len(lines.begin) + 1
    assert lines.share(start) == 0.0
    assert lines.share(start + len(lines.bar) - 1) == 1.0
    assert lines.share(start - 1) is lines.share(start + len(lines.bar)) is None


def test_seeking_shows_the_turn_that_ran_at_that_moment_and_plays_on() -> None:
    player = three()
    player.toggle()
    player.seek((player.starts[1] + 0.5) / player.timeline.duration)
    assert (player.index, player.playing) == (1, True)
    assert abs(player.t - 0.5) < 1e-6
    assert 1 < player.turn.events < player.events
    player.seek(7.0)
    assert (player.index, player.turn.running) == (2, False)
    player.seek(-1.0)
    assert (player.index, player.turn.events) == (0, 1)


def test_what_is_told_of_a_turn_stands_among_the_facts() -> None:
    assert "turn 1 of 3 · base ✗ wrong · event 1 of" in transport_lines(three(), 76, "base ✗ wrong").facts


async def test_the_events_are_read_in_slices_between_which_others_may_draw() -> None:
    stored = Stored("base", "single", "multi")
    programme = Programme("s", stored.records, stored)
    kept, now = KeptEvents(), iter(range(100))
    read = [number async for number in read_events(programme, kept, lambda: float(next(now)), 1.0)]
    assert read == [1, 2, 3]
    assert [kept.events(record.turn) for record in stored.records] == [
        stored.events(record.turn) for record in stored.records
    ]
    quick = [number async for number in read_events(programme, KeptEvents(), lambda: 0.0, 1.0)]
    assert quick == []
