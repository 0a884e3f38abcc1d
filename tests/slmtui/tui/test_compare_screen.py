"""The compare screen as it is used: asking, marking, stopping, models of their own, files."""

import csv
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from agents import events as ev
from sessions.run_records import BY_HAND
from sessions.store import Store
from slmtui.backend import Backend, TurnRequest
from slmtui.models.fit import Fit
from slmtui.tui.app import SlmApp
from slmtui.tui.screens.arm_picker import ArmPicker
from slmtui.tui.screens.ask_text import AskText
from slmtui.tui.screens.compare.running import ArmTold, Compared, RoundEnded
from slmtui.tui.screens.compare.screen import CompareScreen
from slmtui.tui.state.compare_marks import SIGNS
from slmtui.tui.widgets.compare_column import CompareColumn
from slmtui.tui.widgets.compare_marks import MarksLine
from tests.slmtui.tui.comparing import PROMPT, answered, asked, attempts, compared, failing, opened
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, make_app, ready, send, until
from tests.slmtui.tui.scripted import CHOICES, FACTS, Script, ScriptedBackend

HOSTILE = "\x1b[31mred\x1b[0m [bold]not markup[/bold] \u202eevil\u202c ]] [/] 漢字漢字 " + "x" * 3000


async def test_one_prompt_goes_to_every_arm_and_is_kept_as_a_run(store: Store) -> None:
    app = make_app(store)
    told: list[str] = []
    async with app.run_test(size=WIDE, message_hook=lambda m: told.append(type(m).__name__)) as pilot:
        screen = await asked(pilot, app)
        text = drawn(screen)
        assert "1 base · baseline" in text
        assert "347 × 29 is 10063." in text
        assert "▸ supervisor → math" in text
        assert "one answer of every arm" in text
        assert "No verdict: one answer each." in text
    order = [name for name in told if name in {ArmTold.__name__, RoundEnded.__name__, Compared.__name__}]
    assert order[0] == "ArmTold"
    assert order[-2:] == ["RoundEnded", "Compared"]
    (run,) = store.suites.runs()
    assert run.plan["kind"] == BY_HAND
    assert set(attempts(store, screen)) == {("base", 1), ("single", 1), ("multi", 1)}


async def test_the_prompt_is_what_is_typed_or_else_what_was_sent_last(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "What was sent?")
        screen = await opened(pilot, app, "")
        assert screen.prompt.text == "What was sent?"
        await pilot.press("escape")
        await send(pilot, "/compare Something else?")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.is_mounted)
        assert isinstance(app.screen, CompareScreen)
        assert app.screen.prompt.text == "Something else?"


async def test_marks_with_one_hand_are_stored_and_drawn_with_words(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        screen = await asked(pilot, app)
        await pilot.press("2", "right", "a", "right", "s")
        await compared(pilot, screen)
        assert attempts(store, screen) == {
            ("base", 1): (None, False), ("single", 1): (True, True), ("multi", 1): (False, False)
        }  # fmt: skip
        assert "[★ better][✓ right] ✗ wrong" in drawn(screen)
        await pilot.press("d")
        assert attempts(store, screen)["multi", 1] == (None, False)
        await pilot.press("0")
        assert {preferred for _, preferred in attempts(store, screen).values()} == {False}
        await pilot.press("9")
        assert "There are 3 columns." in drawn(screen)


async def test_marks_with_the_mouse_and_a_second_click_takes_them_back(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        screen = await asked(pilot, app)
        line = list(screen.query(MarksLine))[1]
        for mark, stored in (("better", (None, True)), ("wrong", (False, True)), ("wrong", (None, True))):
            text = line.render().plain  # type: ignore[union-attr]
            await pilot.click(line, offset=(text.index(SIGNS[mark]) + 2, 0))  # type: ignore[index]
            await until(pilot, lambda: attempts(store, screen)["single", 1] == stored)  # noqa: B023
        await pilot.click(list(screen.query(CompareColumn))[2], offset=(3, 3))
        await until(pilot, lambda: screen.state.place == 2)


async def test_repeats_and_prompts_join_one_run_until_a_condition_changes(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        screen = await asked(pilot, app)
        await pilot.press("r")
        await answered(pilot, screen, 2)
        await pilot.press("p", *"More?", "enter")
        await answered(pilot, screen, 3)
        assert "3 of 3 · More?" in drawn(screen)
        assert "single / base over 3 rounds" in drawn(screen)
        assert len(store.suites.runs()) == 1
        await pilot.press("left_square_bracket")
        assert "2 of 3 · repeat 2" in drawn(screen)
        await pilot.press("o")
        assert "The next prompt, or r, begins another comparison" in drawn(screen)
        await pilot.press("r")
        await answered(pilot, screen)
        assert "1 of 1 · What is 347 * 29?" in drawn(screen)
        assert [run.plan["at_once"] for run in store.suites.runs()] == [1, 3]
        assert "~0.77 s" not in drawn(screen)
        assert "0.77 s" in drawn(screen)


async def test_history_is_put_before_only_when_it_is_asked_for(store: Store) -> None:
    app = make_app(store, backend := ScriptedBackend())
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "Hello")
        screen = await asked(pilot, app)
        assert all(not request.history for request in backend.requests[1:])
        await pilot.press("h", "p", *"Now?", "enter")
        await answered(pilot, screen)
        assert all(request.history[0].content == "Hello" for request in backend.requests[4:])
        assert store.suites.run("last").plan["history_of"] == app.chat.chat.session


async def test_escape_stops_then_leaves_and_what_was_written_is_kept(store: Store) -> None:
    app = make_app(store, ScriptedBackend(hold=8))
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: "small" in drawn(screen))
        await pilot.press("r")
        assert "esc stops it first" in drawn(screen)
        await pilot.press("escape")
        await until(pilot, lambda: not screen.state.running)
        assert "cancelled" in drawn(screen)
        assert store.turns(screen.by_hand.arms[0].session)[0].status == "cancelled"
        await pilot.press("a")
        assert "no whole answer" in drawn(screen)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)


async def test_a_failed_arm_says_so_and_the_others_have_figures(store: Store) -> None:
    app = make_app(store, ScriptedBackend(failing("single")))
    async with app.run_test(size=WIDE) as pilot:
        screen = await asked(pilot, app)
        assert "✗ failed · the engine stopped" in drawn(screen)
        assert "1 470 ×12.2" in drawn(screen)
        await pilot.press("right", "s")
        assert attempts(store, screen)["single", 1] == (False, None)


async def test_blind_hides_whose_it_is_until_the_mark_is_made(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, app)
        screen.columns.focus()
        await pilot.press("b", "p", "enter")
        await answered(pilot, screen)
        text = drawn(screen)
        assert "1 ?" in text
        assert not any(word in text for word in ("single", "multi", "baseline", "calculator", "call ·"))
        chosen = screen.state.order[0].arm
        await pilot.press("1")
        assert attempts(store, screen)[chosen, 1] == (None, True)
        assert f"1 {chosen}" in drawn(screen)
        assert "baseline" in drawn(screen)


async def test_another_model_runs_beside_the_loaded_one_and_goes_with_the_screen(
    store: Store,
) -> None:
    others: dict[str, ScriptedBackend] = {}

    def make(model: str) -> Backend:
        others[model] = ScriptedBackend(problem="" if model == "/models/qwen3.gguf" else "no")
        return others[model]

    app = make_app(store, models=lambda: CHOICES, backend_for=make)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, app)
        await picked(pilot, app, screen, "model:/models/qwen3.gguf", "paradigm:multi", "paradigm:single")
        assert [arm.arm for arm in screen.state.arms] == [f"base @{FACTS.model}", "base @qwen3"]
        await pilot.press("p", "enter")
        await answered(pilot, screen)
        assert set(others) == {"/models/qwen3.gguf"}
        await pilot.press("escape")
        await until(pilot, lambda: others["/models/qwen3.gguf"].closed)


async def picked(pilot: Pilot[int], app: SlmApp, screen: CompareScreen, *idents: str) -> None:
    """Take things in, or leave them out, and compare these."""
    screen.columns.focus()
    await pilot.press("m")
    await until(pilot, lambda: isinstance(app.screen, ArmPicker) and "qwen3" in drawn(app.screen))
    listed = app.screen.query_one(OptionList)
    for ident in idents:
        listed.highlighted = listed.get_option_index(ident)
        await pilot.press("space")
    await pilot.press("c")
    await until(pilot, lambda: app.screen is screen)


async def test_a_model_that_will_not_fit_is_refused_once(store: Store) -> None:
    small = Fit(2048, 5_000_000_000, 0, 0, 1_000_000_000)
    app = make_app(store, models=lambda: CHOICES, fit_of=lambda _path: small)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, app)
        screen.columns.focus()
        await pilot.press("m")
        await until(pilot, lambda: "✗ not likely to fit" in drawn(app.screen))
        listed = app.screen.query_one(OptionList)
        assert not any(str(option.id).endswith("broken.gguf") for option in listed.options)
        listed.highlighted = listed.get_option_index("model:/models/qwen3.gguf")
        await pilot.press("space")
        assert "Choose it once more" in drawn(app.screen)
        await pilot.press("space")
        await pilot.press("escape")
        assert app.screen is screen
        assert len(screen.state.arms) == 3


async def test_files_are_written_and_overwritten_only_when_asked(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        screen = await asked(pilot, app)

        async def export(keys: list[str]) -> None:
            await pilot.press("e")
            await until(pilot, lambda: isinstance(app.screen, AskText))
            await pilot.press(*keys)

        await export([*"mine", "enter"])
        await until(pilot, lambda: "Wrote mine.csv and mine.html." in drawn(screen))
        rows = list(csv.DictReader((tmp_path / "mine.csv").read_text(encoding="utf-8").splitlines()))
        assert {row["arm"] for row in rows} == {"base", "single", "multi"}
        assert PROMPT in (tmp_path / "mine.html").read_text(encoding="utf-8")
        (tmp_path / "mine.csv").write_text("old", encoding="utf-8")
        await export([*"mine.html", "enter"])
        await until(pilot, lambda: "is there: enter overwrites it" in drawn(app.screen))
        await pilot.press("escape")
        assert (tmp_path / "mine.csv").read_text(encoding="utf-8") == "old"
        await export([*"mine", "enter"])
        await until(pilot, lambda: "is there: enter overwrites it" in drawn(app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: (tmp_path / "mine.csv").read_text(encoding="utf-8") != "old")
        await export([*"nowhere/mine", "enter"])
        await until(pilot, lambda: "cannot be written: No such file or directory" in drawn(screen))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("~nobody-of-here/mine", "in no home folder"),
        ("字" * 90, "cannot be written: File name too long"),
        ("/", "does not say what to write"),
        ("there", "is a folder"),
    ],
)
async def test_a_name_that_no_file_can_have_is_refused_in_words(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.csv").mkdir()
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        screen = await asked(pilot, app)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        app.screen.query_one(Input).value = name
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        await until(pilot, lambda: said in " ".join(drawn(screen).split()))


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_text_that_is_not_ours_is_drawn_as_it_is(store: Store, size: tuple[int, int]) -> None:
    def hostile(request: TurnRequest, turn: str) -> list[ev.Event]:
        return Script(request, turn).call("base", [("answer", HOSTILE)]).end("failed", HOSTILE)

    app = make_app(store, ScriptedBackend(hostile))
    async with app.run_test(size=size) as pilot:
        screen = await opened(pilot, app, HOSTILE)
        await pilot.press("enter")
        await answered(pilot, screen)
        end = drawn(screen)
        assert "x" * 20 in end  # the column follows what is written
        screen.query(CompareColumn).first().body.scroll_home(animate=False)
        await until(pilot, lambda: "[bold]not" in drawn(screen))
        beginning = drawn(screen)
        assert "markup[/bold]" in beginning
        assert not any(sign in end + beginning for sign in ("\x1b", "\u202e", "\u202c"))


async def test_narrow_columns_scroll_with_the_marked_one(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        screen = await asked(pilot, app)
        assert "1 base" in drawn(screen)
        await pilot.press("right", "right")
        await until(pilot, lambda: "3 multi" in drawn(screen))
        await pilot.press("t")
        assert "1 base" not in drawn(screen)
        assert "calls" in drawn(screen)
        await pilot.press("t")
        assert "tokens in" not in drawn(screen)
        await pilot.press("t", "left", "left")
        await until(pilot, lambda: "1 base" in drawn(screen))


async def test_resizing_while_it_streams_keeps_every_column(store: Store) -> None:
    app = make_app(store, ScriptedBackend(pace=0.005))
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, app)
        await pilot.press("enter")
        for size in (NARROW, WIDE, (40, 12), (200, 50)):
            await pilot.resize_terminal(*size)
        await answered(pilot, screen)
        assert all(title in drawn(screen) for title in ("1 base", "2 single", "3 multi"))


async def test_nothing_is_compared_while_the_chat_is_busy_or_without_a_prompt(store: Store) -> None:
    app = make_app(store, ScriptedBackend(hold=5))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "Hello")
        await until(pilot, lambda: app.chat.busy)
        await pilot.press("f4")
        assert app.screen is app.chat
        await pilot.press("escape")
        await until(pilot, lambda: not app.chat.busy)
        screen = await opened(pilot, app, "")
        screen.prompt.put("")
        await pilot.press("enter")
        await pilot.press("escape")
        assert app.screen is app.chat
        assert store.suites.runs() == []


async def test_the_marked_answer_is_copied_and_a_round_that_never_was_is_not_repeated(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, app)
        screen.columns.focus()
        await pilot.press("r")
        assert "no prompt to repeat" in drawn(screen)
        await pilot.press("y", "enter")
        await pilot.press("p", "enter")
        await answered(pilot, screen)
        screen.columns.focus()
        await pilot.press("right", "y")
        assert app.clipboard == "347 × 29 is **10063**."


async def test_leaving_while_it_runs_ends_the_turns(store: Store) -> None:
    app = make_app(store, ScriptedBackend(hold=6))
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: all(a.live.events for a in screen.state.answers.values()))
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not app.is_running)
    statuses = {turn.status for arm in screen.by_hand.arms for turn in store.turns(arm.session)}
    assert statuses <= {"cancelled", "interrupted"}
