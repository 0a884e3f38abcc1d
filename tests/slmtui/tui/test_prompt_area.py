"""The prompt under the hands of its user: pastes, completions, files, the history."""

from pathlib import Path

from textual import events
from textual.pilot import Pilot
from textual.widgets.text_area import Selection

from sessions.store import Store
from slmtui.tui.app import SlmApp
from slmtui.tui.options import ModelChoice
from slmtui.tui.widgets.attachment_line import AttachmentLine
from slmtui.tui.widgets.completion_list import CompletionList
from slmtui.tui.widgets.prompt_area import PromptArea
from slmtui.tui.widgets.status_line import StatusLine
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, keep_turns, make_app, ready, send, until
from tests.slmtui.tui.scripted import CHOICES, ScriptedBackend

LINES = "\n".join(f"line {number}" for number in range(1000))
LABEL = "[paste 1: 1 000 lines, ~2 000 tokens]"


def note(app: SlmApp) -> str:
    return str(app.screen.query_one(StatusLine).content)


async def paste(pilot: Pilot[int], prompt: PromptArea, text: str) -> None:
    before = prompt.text
    prompt.post_message(events.Paste(text))
    await until(pilot, lambda: prompt.text != before)


# Pastes


async def test_a_long_paste_is_folded_and_sent_in_full(store: Store) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press(*"sum ")
        await paste(pilot, app.chat.prompt, f"{LINES}\x1b[31m")
        await pilot.press(*" up")
        assert app.chat.prompt.text == f"sum {LABEL} up"
        assert LABEL in drawn(app.screen)
        await pilot.press("enter")
        await until(pilot, lambda: bool(app.chat.chat.records) and not app.chat.busy)
        assert backend.requests[0].prompt == f"sum {LINES}[31m up"
        await pilot.press("up")
        assert app.chat.prompt.text == f"sum {LABEL} up"
        await pilot.press("enter")
        await until(pilot, lambda: len(backend.requests) == 2)
        assert backend.requests[1].prompt == backend.requests[0].prompt


async def test_a_label_is_one_piece_for_the_cursor_and_for_deleting(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        prompt = app.chat.prompt
        await pilot.press("a")
        await paste(pilot, prompt, LINES)
        await pilot.press("b")
        end = 1 + len(LABEL)
        await pilot.press("left", "left")
        assert prompt.cursor_location == (0, 1)
        await pilot.press("right")
        assert prompt.cursor_location == (0, end)
        await pilot.press("ctrl+left")
        assert prompt.cursor_location == (0, 1)
        prompt.selection = Selection.cursor((0, 5))
        assert prompt.cursor_location in {(0, 1), (0, end)}
        prompt.move_cursor((0, end))
        await pilot.press("backspace")
        assert prompt.text == "ab"
        await pilot.press("ctrl+z")
        assert prompt.text == f"a{LABEL}b"
        prompt.move_cursor((0, 1))
        await pilot.press("delete")
        assert prompt.text == "ab"
        await pilot.press("ctrl+z", "end", "left", "ctrl+w")
        assert prompt.text == "ab"


async def test_a_folded_paste_is_opened_by_a_key_or_a_click(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        prompt = app.chat.prompt
        await paste(pilot, prompt, LINES)
        await pilot.press("ctrl+e")
        assert prompt.text == LINES
        assert prompt.size.height == 10
        await pilot.press("ctrl+z")
        assert prompt.text == LABEL
        await pilot.click(PromptArea, offset=(8, 0))
        assert prompt.text == LINES


async def test_a_label_typed_by_hand_stands_for_nothing(store: Store) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, LABEL)
        assert backend.requests[0].prompt == LABEL


async def test_a_very_long_prompt_comes_back_folded(store: Store) -> None:
    session = keep_turns(store, "base", prompt=LINES)
    app = make_app(store, session=session)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("up")
        assert app.chat.prompt.text == LABEL


# Completions


async def test_a_command_is_completed_and_then_its_argument(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press(*"/para")
        assert "/paradigm NAME" in drawn(app.screen)
        assert "Choose the paradigm" in drawn(app.screen)
        await pilot.press("enter")
        assert app.chat.prompt.text == "/paradigm "
        await pilot.press("down", "down", "enter")
        assert app.chat.prompt.text == "/paradigm single"
        assert not app.screen.query_one(CompletionList).display
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.chat.paradigm == "single")


async def test_a_command_typed_in_full_runs_with_one_enter(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press(*"/help", "enter")
        await until(pilot, lambda: app.screen is not app.chat)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)
        await pilot.press(*"/paradigm", "enter")
        await until(pilot, lambda: app.screen is not app.chat)


async def test_esc_closes_the_list_and_then_means_what_it_meant(store: Store) -> None:
    app = make_app(store, ScriptedBackend(hold=10))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "go")
        await until(pilot, lambda: app.chat.busy)
        await pilot.press("/")
        assert app.screen.query_one(CompletionList).display
        await pilot.press("escape")
        assert not app.screen.query_one(CompletionList).display
        assert not app.chat.chat.stopping
        await pilot.press("tab")
        assert app.screen.query_one(CompletionList).display
        await pilot.press("escape", "escape")
        await until(pilot, lambda: not app.chat.busy)
        assert app.chat.prompt.text == "/"


async def test_the_list_goes_when_the_cursor_leaves_and_a_click_takes(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press(*"/parad", "left")
        shown = app.screen.query_one(CompletionList)
        assert not shown.display
        await pilot.press("end", "i")
        await pilot.pause()
        assert shown.display
        await pilot.click(CompletionList, offset=(4, 1))
        assert app.chat.prompt.text == "/paradigm "
        assert app.focused is app.chat.prompt


async def test_models_and_sessions_are_known_by_name(store: Store) -> None:
    session = keep_turns(store, "base", prompt="What is a lark?")
    app = make_app(store, models=lambda: CHOICES)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press(*"/model ")
        await until(pilot, lambda: "qwen3-0.6b" in drawn(app.screen))
        assert "ends in the middle" in drawn(app.screen)
        await pilot.press("escape", "ctrl+u", *"/resume lark", "tab")
        assert app.chat.prompt.text == f"/resume {session}"
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.chat.session == session)


async def test_a_model_whose_name_cannot_be_typed_is_not_offered(store: Store) -> None:
    hostile = ModelChoice("qwen\x1b[2J", "", "/models/hostile.gguf")
    app = make_app(store, models=lambda: (hostile, *CHOICES))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press(*"/model qwen")
        await until(pilot, lambda: "qwen3-0.6b" in drawn(app.screen))
        await pilot.press("tab")
        assert app.chat.prompt.text == "/model qwen3-0.6b"


# Files


async def test_a_file_typed_in_full_goes_with_one_enter_and_only_by_its_own_name(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "README.md").write_text("milk", encoding="utf-8")
    backend = ScriptedBackend()
    app = make_app(store, backend, folder=tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press(*"@readme.md")
        await until(pilot, lambda: app.screen.query_one(CompletionList).display)
        await pilot.press("enter")
        assert (app.chat.prompt.text, app.chat.busy) == ("@README.md ", False)
        await pilot.press("backspace")
        assert app.screen.query_one(CompletionList).display
        await pilot.press("enter")
        await until(pilot, lambda: bool(app.chat.chat.records) and not app.chat.busy)
    assert backend.requests[0].prompt == "@README.md\n\n@README.md\n```\nmilk\n```"


async def test_a_file_is_completed_shown_with_its_tokens_and_sent(store: Store, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "shopping.txt").write_text("milk and ```bread```", encoding="utf-8")
    backend = ScriptedBackend()
    app = make_app(store, backend, folder=tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press(*"Read @shop")
        await until(pilot, lambda: "docs/shopping.txt" in drawn(app.screen))
        await pilot.press("tab")
        assert app.chat.prompt.text == "Read @docs/shopping.txt "
        await until(pilot, lambda: "+ docs/shopping.txt ~3 tokens" in drawn(app.screen))
        assert "~8 tokens of ~1 531 left" in drawn(app.screen)
        await pilot.press("enter")
        await until(pilot, lambda: bool(app.chat.chat.records) and not app.chat.busy)
        sent = "Read @docs/shopping.txt\n\n@docs/shopping.txt\n````\nmilk and ```bread```\n````"
        assert backend.requests[0].prompt == sent
        assert not app.screen.query_one(AttachmentLine).display
        await pilot.press("up")
        assert app.chat.prompt.text == "Read @docs/shopping.txt "
    assert store.turns(store.sessions()[0].id)[0].prompt == sent


async def test_a_file_that_cannot_go_keeps_the_prompt_and_says_why(store: Store, tmp_path: Path) -> None:
    (tmp_path / "[b]blob").write_bytes(b"\0\1")
    backend = ScriptedBackend()
    app = make_app(store, backend, folder=tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        app.chat.prompt.put("Read @[b]blob")
        await until(pilot, lambda: "✗ @[b]blob is not attached" in drawn(app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: "it is not a text file. Your prompt is kept." in note(app))
        assert app.chat.prompt.text == "Read @[b]blob"
        assert backend.requests == []


async def test_hidden_files_are_not_offered(store: Store, tmp_path: Path) -> None:
    (tmp_path / ".secret").write_text("x", encoding="utf-8")
    (tmp_path / "seen").write_text("x", encoding="utf-8")
    app = make_app(store, folder=tmp_path)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("@")
        await until(pilot, lambda: app.screen.query_one(CompletionList).display)
        assert "seen" in drawn(app.screen)
        assert "secret" not in drawn(app.screen)


# The history


async def test_the_history_goes_on_into_other_sessions_and_can_be_searched(store: Store) -> None:
    keep_turns(store, "base", prompt="Tell me of [b]larks[/b]")
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await ask(pilot, "What is small?")
        await pilot.press("up", "up")
        assert app.chat.prompt.text == "Tell me of [b]larks[/b]"
        await pilot.press("ctrl+u", "ctrl+f")
        await until(pilot, lambda: "Prompts sent before" in drawn(app.screen))
        assert "Tell me of [b]larks[/b]" in drawn(app.screen)
        await pilot.press(*"small")
        assert "larks" not in drawn(app.screen)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.chat.prompt.text == "What is small?"


async def test_a_search_that_finds_nothing_says_so_and_esc_leaves_the_prompt(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press(*"draft", "ctrl+f")
        await until(pilot, lambda: "no prompt has that" in drawn(app.screen))
        await pilot.press("enter", "escape")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.chat.prompt.text == "draft"
