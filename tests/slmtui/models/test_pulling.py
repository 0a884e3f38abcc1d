"""A pull that goes on in a thread: its states, from the first question to its end."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from slmtui.models.download import PullProgress
from slmtui.models.errors import PullError, PullStoppedError
from slmtui.models.pulling import Pulling, PullState

WAIT_S = 20.0


class Puller:
    """Offers a file of 100 bytes, and pulls 60 of them before `go` is set."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer, self.go = threading.Event(), threading.Event()
        self.answer.set()
        self.error: Exception | None = None

    def offer(self, name: str) -> Any:
        self.asked.append(name)
        assert self.answer.wait(WAIT_S)
        if self.error is not None:
            raise self.error
        return SimpleNamespace(
            repository=SimpleNamespace(name="o/r", licence="mit", gated=True),
            file=SimpleNamespace(name="r.gguf", size=100),
            landing=SimpleNamespace(path=Path("/hub/r.gguf"), folder=Path("/hub")),
            free=10**9, there=20, here=False,
        )  # fmt: skip

    def pull(
        self, offer: Any, progress: Callable[[PullProgress], None], is_stopped: Callable[[], bool]
    ) -> Path:
        for done in (20, 60):
            progress(PullProgress("pulling", done, 100))
        while not self.go.wait(0.005):
            if is_stopped():
                raise PullStoppedError("stopped; it is kept")
        if self.error is not None:
            raise self.error
        progress(PullProgress("pulling", 100, 100))
        return Path(offer.landing.path)


@pytest.fixture
def puller() -> Puller:
    return Puller()


@pytest.fixture
def pulling(puller: Puller) -> Pulling:
    clock = iter(range(1000))
    return Pulling(lambda: puller, lambda: next(clock))  # type: ignore[arg-type,return-value]


def reached(pulling: Pulling, so: Callable[[PullState], bool]) -> PullState:
    """Wait until the state is so."""
    until = time.monotonic() + WAIT_S
    while not so(pulling.state):
        assert time.monotonic() < until, pulling.state
        time.sleep(0.002)
    return pulling.state


def offered(pulling: Pulling) -> PullState:
    pulling.ask("tiny")
    return reached(pulling, lambda state: state.phase == "offered")


def test_a_pull_from_the_question_to_the_file(pulling: Pulling, puller: Puller) -> None:
    ended: list[PullState] = []
    pulling.ended = ended.append
    state = offered(pulling)
    assert state.offered is not None
    assert (state.offered.licence, state.offered.gated, state.offered.there) == ("mit", True, 20)
    assert not state.busy
    pulling.begin()
    state = reached(pulling, lambda state: state.done == 60)
    assert (state.phase, state.total, state.rate, state.busy) == ("pulling", 100, 40.0, True)
    puller.go.set()
    state = reached(pulling, lambda state: state.phase == "done")
    assert (state.path, state.done) == ("/hub/r.gguf", 100)
    pulling.wait(WAIT_S)
    assert ended == [state]


def test_one_thing_at_a_time(pulling: Pulling, puller: Puller) -> None:
    pulling.begin()
    assert pulling.state.phase == "idle"
    offered(pulling)
    pulling.begin()
    pulling.ask("another")
    pulling.stop()
    pulling.wait(WAIT_S)
    assert puller.asked == ["tiny"]


def test_stopping_keeps_what_came_and_says_so(pulling: Pulling) -> None:
    offered(pulling)
    pulling.begin()
    reached(pulling, lambda state: state.done == 60)
    pulling.stop()
    assert pulling.state.phase in {"stopping", "stopped"}
    state = reached(pulling, lambda state: state.phase == "stopped")
    assert (state.problem, state.done) == ("stopped; it is kept", 60)


def test_a_stop_that_meets_the_end_does_not_undo_it(
    pulling: Pulling, puller: Puller, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered(pulling)
    pulling.begin()
    reached(pulling, lambda state: state.done == 60)

    def ends_just_now(state: PullState) -> bool:
        if threading.current_thread() is threading.main_thread():
            puller.go.set()
            pulling.wait(WAIT_S)
        return state.phase != "done"

    with monkeypatch.context() as patched:
        patched.setattr(PullState, "busy", property(ends_just_now))
        pulling.stop()
    assert pulling.state.phase == "done"


def test_an_offer_can_be_turned_down_and_a_question_taken_back(pulling: Pulling, puller: Puller) -> None:
    offered(pulling)
    pulling.stop()
    assert pulling.state == PullState()
    puller.answer.clear()
    pulling.ask("tiny")
    pulling.stop()
    assert pulling.state.phase == "stopping"
    puller.answer.set()
    assert "before anything" in reached(pulling, lambda state: state.phase == "stopped").problem


def test_what_has_ended_can_be_forgotten(pulling: Pulling, puller: Puller) -> None:
    offered(pulling)
    pulling.begin()
    pulling.forget()
    assert pulling.state.busy
    puller.go.set()
    reached(pulling, lambda state: state.phase == "done")
    pulling.forget()
    assert pulling.state == PullState()


def test_what_goes_wrong_is_told(pulling: Pulling, puller: Puller) -> None:
    puller.error = PullError("no such thing")
    pulling.ask("tiny")
    assert reached(pulling, lambda state: state.phase == "failed").problem == "no such thing"
    puller.error = None
    offered(pulling)
    puller.error = RuntimeError("a bug")
    puller.go.set()
    pulling.begin()
    assert "a bug" in reached(pulling, lambda state: state.phase == "failed").problem
