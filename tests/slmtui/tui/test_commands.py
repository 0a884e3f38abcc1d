import re
from collections import Counter
from pathlib import Path

import pytest

from slmtui.tui.app import SlmApp
from slmtui.tui.command import SCOPE_TITLES, Command
from slmtui.tui.commands import (
    COMMANDS,
    find_slash,
    in_scope,
    keymap_markdown,
    slash_words,
)
from slmtui.tui.screens.chat.screen import ChatScreen
from slmtui.tui.screens.compare.screen import CompareScreen
from slmtui.tui.screens.details import DetailsScreen
from slmtui.tui.screens.help import HelpScreen
from slmtui.tui.screens.log import LogScreen
from slmtui.tui.screens.models import ModelsScreen
from slmtui.tui.screens.replay import ReplayScreen
from slmtui.tui.screens.run_item import RunItemScreen
from slmtui.tui.screens.run_report import ReportScreen
from slmtui.tui.screens.runs import RunList, RunsScreen
from slmtui.tui.screens.sessions import SessionList, SessionsScreen
from slmtui.tui.screens.settings.screen import SettingsScreen
from slmtui.tui.widgets.compare_prompt import ComparePrompt
from slmtui.tui.widgets.cost_panel import CostPanel
from slmtui.tui.widgets.entry_list import EntryList
from slmtui.tui.widgets.item_picker import ItemList
from slmtui.tui.widgets.model_list import ModelList
from slmtui.tui.widgets.prompt_area import PromptArea
from slmtui.tui.widgets.setting_list import SettingList

KEYMAP = Path(__file__).parents[3] / "docs" / "keymap.md"
OWNERS = {
    "app": (SlmApp,),
    "chat": (ChatScreen, PromptArea),
    "compare": (CompareScreen, ComparePrompt),
    "sessions": (SessionsScreen, SessionList),
    "replay": (ReplayScreen,),
    "turn": (ChatScreen,),
    "runs": (RunsScreen, RunList),
    "report": (ReportScreen, ItemList),
    "item": (RunItemScreen,),
    "details": (DetailsScreen, EntryList),
    "panel": (CostPanel,),
    "log": (LogScreen,),
    "models": (ModelsScreen, ModelList),
    "settings": (SettingsScreen, SettingList),
    "manual": (HelpScreen,),
}


def test_the_keymap_is_the_registry() -> None:
    made = "python -m slmtui.tui.commands > docs/keymap.md"
    assert KEYMAP.read_text(encoding="utf-8") == keymap_markdown(), f"run: {made}"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_has_its_action_and_reads_like_the_others(command: Command) -> None:
    name = "action_" + command.action.partition("(")[0]
    assert any(hasattr(owner, name) for owner in OWNERS[command.scope])
    assert re.fullmatch(r"[a-z]+: [a-z ]+", command.title)
    assert command.description.endswith(".")


def test_ids_and_slash_words_are_given_once() -> None:
    ids = Counter(command.id for command in COMMANDS)
    words = Counter(command.slash for command in COMMANDS if command.slash)
    assert ids.most_common(1)[0][1] == words.most_common(1)[0][1] == 1


def test_a_key_means_one_thing_on_a_screen() -> None:
    shared = {"escape"}  # in the chat it stops what runs, or else goes back to the prompt
    for scope in SCOPE_TITLES:
        commands = in_scope(scope) + (in_scope("app") if scope != "app" else ())
        keys = Counter(key for command in commands for key in command.keys)
        assert {key for key, times in keys.items() if times > 1} <= shared


def test_slash_commands_are_found_with_their_argument() -> None:
    found = find_slash("/paradigm  single ")
    assert found is not None
    assert (found[0].id, found[1]) == ("chat.paradigm_menu", "single")
    assert find_slash("/nothing") is None
    assert find_slash("/") is None
    assert {"/new", "/resume", "/replay", "/paradigm", "/help", "/quit"} <= set(slash_words())
