"""Telling an engine that hangs from one that works: it must answer pings, and get on while it is busy."""

from dataclasses import dataclass

from slmtui.engine.protocol import Pong


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When an engine counts as hung, in seconds.

    It is pinged every `interval_s`. It hangs after `silence_s` without an answer, or when it is busy
    for `stall_s` without finishing one batch; the prefill of one is long on a slow machine.
    """

    interval_s: float = 1.0
    silence_s: float = 20.0
    stall_s: float = 120.0


HEARTBEAT = Heartbeat()
"""What an app uses."""


class Watch:
    """Judges one engine by its answers and by the time that passes between them."""

    def __init__(self, heartbeat: Heartbeat) -> None:
        self._heartbeat = heartbeat
        self._silent = 0.0
        self._stalled = 0.0
        self._busy = False
        self._steps = 0

    def hear(self, pong: Pong) -> None:
        """Take an answer."""
        self._silent = 0.0
        if not pong.busy or pong.steps != self._steps:
            self._stalled = 0.0
        self._busy, self._steps = pong.busy, pong.steps

    def pass_time(self, seconds: float) -> str:
        """Let time pass since the last call; return why the engine hangs, or nothing.

        Never more than two intervals count: where more passed, it was this app that stood still.
        """
        passed = min(seconds, 2 * self._heartbeat.interval_s)
        self._silent += passed
        if self._busy:
            self._stalled += passed
        if self._silent >= self._heartbeat.silence_s:
            return f"no sign of life for {self._heartbeat.silence_s:g} s"
        if self._stalled >= self._heartbeat.stall_s:
            return f"it was busy for {self._heartbeat.stall_s:g} s and finished nothing"
        return ""
