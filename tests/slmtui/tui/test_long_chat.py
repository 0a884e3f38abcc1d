"""A long session: the part of it that is drawn, and what runs below it."""

from textual.pilot import Pilot

from sessions.store import Store
from tests.slmtui.tui.driving import NARROW, app_of, ask, drawn, keep_turns, make_app, ready, send, until
from tests.slmtui.tui.on_turns import marked_prompt, prompts
from tests.slmtui.tui.scripted import ScriptedBackend


def long_session(store: Store, turns: int) -> str:
    session = store.create_session()
    for number in range(turns):
        keep_turns(store, "single", prompt=f"question {number}", session=session)
    return session


async def go_far_above(pilot: Pilot[int]) -> None:
    """Send a prompt, and while it is answered go to the first turn."""
    app = app_of(pilot)
    await ready(pilot)
    await send(pilot, "go")
    await until(pilot, lambda: "A small model" in drawn(app.screen))
    await pilot.press("alt+up", "home")
    await until(pilot, lambda: marked_prompt(app) == "question 0")


async def test_at_most_sixty_turns_are_drawn_wherever_the_reader_goes(store: Store) -> None:
    app = make_app(store, session=long_session(store, 95))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        transcript = app.chat.pane.transcript
        for first in (55, 35, 15, 0):
            transcript.scroll_home(animate=False)
            await pilot.pause()
            transcript.page(-1)
            await until(pilot, lambda: prompts(app)[0] == f"question {first}")  # noqa: B023
            assert len(prompts(app)) <= 60
            await pilot.pause()
        assert transcript.turns.below.display
        await ask(pilot, "new")
        assert prompts(app)[-1] == "new"
        assert len(prompts(app)) <= 60
        assert not transcript.turns.below.display
        await pilot.press("alt+up", "home")
        await until(pilot, lambda: marked_prompt(app) == "question 0")
        assert "later turns" not in drawn(app.screen)
        await pilot.press("end")
        await until(pilot, lambda: marked_prompt(app) == "new")


async def test_what_is_in_view_stays_there_when_more_turns_are_drawn(store: Store) -> None:
    app = make_app(store, session=long_session(store, 50))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        transcript = app.chat.pane.transcript
        transcript.scroll_to(y=0, animate=False)
        await pilot.pause()
        block = transcript.turns.block_of(app.chat.chat.path.window[0].turn)
        assert block is not None
        seen_at = transcript.seen_at(block)
        transcript.page(-1)
        await until(pilot, lambda: len(prompts(app)) == 40)
        await until(pilot, lambda: transcript.scroll_offset.y > 0)
        assert transcript.seen_at(block) == seen_at
        await pilot.press("alt+up", "alt+up")
        await pilot.press("end")
        assert transcript.at_end


async def test_a_running_turn_goes_on_while_the_reader_is_far_above(store: Store) -> None:
    backend = ScriptedBackend(hold=8)
    app = make_app(store, backend, session=long_session(store, 95))
    async with app.run_test(size=NARROW) as pilot:
        await go_far_above(pilot)
        assert "go" not in prompts(app)
        backend.go.set()
        await until(pilot, lambda: not app.chat.busy)
        assert "go" not in prompts(app)
        await pilot.press("end")
        await until(pilot, lambda: marked_prompt(app) == "go")
        await until(pilot, lambda: "Try 347 * 29" in drawn(app.screen))


async def test_a_running_turn_is_drawn_on_when_the_reader_comes_back_to_it(store: Store) -> None:
    backend = ScriptedBackend(hold=8)
    app = make_app(store, backend, session=long_session(store, 95))
    async with app.run_test(size=NARROW) as pilot:
        await go_far_above(pilot)
        await pilot.press("end")
        await until(pilot, lambda: marked_prompt(app) == "go")
        backend.go.set()
        await until(pilot, lambda: not app.chat.busy)
        await until(pilot, lambda: "Try 347 * 29" in drawn(app.screen))
        assert prompts(app).count("go") == 1
