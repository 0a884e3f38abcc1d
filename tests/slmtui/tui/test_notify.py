from slmtui.tui.notify import LONG_S, QUIET_S, Notifier
from tests.slmtui.tui.driving import Clock


def made() -> tuple[Notifier, list[str], Clock]:
    written: list[str] = []
    clock = Clock()
    return Notifier(written.append, clock), written, clock


def test_a_long_turn_that_ends_unseen_rings_and_says_so_in_the_title() -> None:
    notifier, written, _ = made()
    assert notifier.turn_ended(42.4, "answered", focused=False)
    assert written == ["\x1b[22;2t\x1b]2;slmtui: answered after 42 s\x1b\\", "\a"]
    notifier.seen()
    assert written[-1] == "\x1b]2;slmtui\x1b\\\x1b[23;2t"
    notifier.seen()
    assert len(written) == 3


def test_nothing_rings_for_a_short_turn_for_one_that_was_seen_or_when_it_is_off() -> None:
    notifier, written, _ = made()
    assert not notifier.turn_ended(LONG_S, "answered", focused=False)
    assert not notifier.turn_ended(42, "answered", focused=True)
    notifier.enabled = False
    assert not notifier.turn_ended(42, "answered", focused=False)
    assert not notifier.asked(focused=False)
    assert written == []


def test_there_is_one_bell_in_a_while_though_the_title_follows() -> None:
    notifier, written, clock = made()
    notifier.asked(focused=False)
    clock.now += 1
    notifier.turn_ended(60, "failed", focused=False)
    assert written.count("\a") == 1
    assert written[-1] == "\x1b]2;slmtui: failed after 60 s\x1b\\"
    clock.now += QUIET_S
    notifier.asked(focused=False)
    assert written.count("\a") == 2
