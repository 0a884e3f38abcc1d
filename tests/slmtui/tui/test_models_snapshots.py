"""What the model picker looks like at three sizes: its list, two roles, an offer, a pull, and nothing."""

from textual.pilot import Pilot

from sessions.store import Store
from slmtui.tui.screens.models import ModelsScreen
from tests.slmtui.tui.driving import app_of, drawn, make_app, until
from tests.slmtui.tui.scripted import ScriptedBackend
from tests.slmtui.tui.scripted_models import ENTRIES, QWEN, SMOL, ScriptedDesk
from tests.slmtui.tui.snapshots import (
    SIZES,
    Compare,
    Steps,
    fixed_surroundings,
    pressed,
    seen,
    steps,
    stop_blinking,
)

__all__ = ["fixed_surroundings"]


def backend_with(**roles: str) -> ScriptedBackend:
    backend = ScriptedBackend()
    backend._model = SMOL.path
    backend.roles = dict(roles)  # type: ignore[arg-type]
    return backend


async def quiet(pilot: Pilot[int]) -> None:
    """Let the picker stand still: nothing blinks, and it no longer looks whether something changed."""
    screen = app_of(pilot).screen
    assert isinstance(screen, ModelsScreen)
    await until(pilot, lambda: "looking" not in drawn(screen))
    stop_blinking(pilot)
    screen.status.forget()


def said(words: str) -> Steps:
    """Wait for words that may be on two lines."""

    async def wait(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: words in " ".join(drawn(pilot.app.screen).split()))

    return wait


@SIZES
def test_the_list(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, backend_with(), model_desk=ScriptedDesk())
    assert snap_compare(app, terminal_size=size, run_before=steps(pressed("f3"), seen("4 here"), quiet))


@SIZES
def test_two_models_for_two_roles(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, backend_with(supervisor=QWEN.path), model_desk=ScriptedDesk())
    before = steps(pressed("f3"), seen("4 here"), pressed("j"), seen("not measured"), quiet)
    assert snap_compare(app, terminal_size=size, run_before=before)


@SIZES
def test_an_offer(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, backend_with(), model_desk=ScriptedDesk())
    before = steps(pressed("f3"), seen("4 here"), pressed("end", "p"), said("Enter pulls it"), quiet)
    assert snap_compare(app, terminal_size=size, run_before=before)


@SIZES
def test_a_pull(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    desk = ScriptedDesk()
    desk.go.release()
    app = make_app(store, backend_with(), model_desk=desk)
    first = steps(pressed("f3"), seen("4 here"), pressed("end", "p"), said("Enter pulls it"))
    before = steps(first, pressed("p"), seen("50%"), quiet)
    assert snap_compare(app, terminal_size=size, run_before=before)


@SIZES
def test_no_model_at_all(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, backend_with(), model_desk=ScriptedDesk(()))
    assert snap_compare(app, terminal_size=size, run_before=steps(pressed("f3"), seen("0 here"), quiet))


@SIZES
def test_a_repository_that_is_typed(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, backend_with(), model_desk=ScriptedDesk(ENTRIES))
    before = steps(pressed("f3"), seen("4 here"), pressed("slash", *"owner/name"), seen("enter asks"), quiet)
    assert snap_compare(app, terminal_size=size, run_before=before)
