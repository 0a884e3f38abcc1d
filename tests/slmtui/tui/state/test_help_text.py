from slmtui.tui.commands import COMMANDS
from slmtui.tui.keymap import Keymap
from slmtui.tui.state.help_text import Focus, Section, as_content, matching, sections


def titles(found: list[Section]) -> list[str]:
    return [section.title for section in found]


def test_what_has_the_focus_is_first_then_the_screen_then_everywhere() -> None:
    focus = Focus(("PromptArea", "TextArea"), [("enter", "chat.send", "x"), ("ctrl+j", "chat.newline", "x")])
    found = sections("chat", focus)
    assert titles(found)[:4] == [
        "Where you are",
        "Chat",
        "Everywhere",
        "Slash words, typed in the chat's prompt",
    ]
    assert found[0].about.startswith("The prompt.")
    assert found[0].rows[0] == (
        "enter",
        "Send the prompt, or run the slash command; while a turn runs, let it wait.",
    )
    assert titles(sections("replay"))[:2] == ["Replay", "Everywhere"]
    assert titles(sections("app"))[0] == "Everywhere"


def test_every_command_every_slash_word_and_every_paradigm_is_told() -> None:
    text = as_content(sections("chat"), "0.1.0", 200).plain
    assert all(command.description in text for command in COMMANDS)
    assert all(f"\n/{command.slash}" in text for command in COMMANDS if command.slash)
    assert "A supervisor picks one specialist" in text
    assert "TTFT" in text


def test_the_keys_of_the_user_are_told() -> None:
    keymap = Keymap({"chat.panel": "f12", "chat.log": ""})
    text = as_content(sections("chat", keys_of=keymap.keys_of), "", 200).plain
    assert "\nf12 /panel " in text
    assert "\n/log " in text
    assert "ctrl+l" not in text


def test_keys_of_one_command_stand_together_and_what_is_unknown_says_what_it_does() -> None:
    focus = Focus(
        ("Button",),
        [("enter", "chat.send", ""), ("x", "chat.send", ""), ("y", None, "does it"), ("z", None, "")],
    )
    section = focus.section()
    assert section is not None
    assert [keys for keys, _ in section.rows] == ["enter, x", "y"]
    assert section.rows[1] == ("y", "does it")
    assert Focus(("Nothing",)).section() is None


def test_the_search_keeps_the_lines_that_hold_every_word() -> None:
    found = matching(sections("chat"), "cost PANEL hide")
    assert {"chat.panel", "chat.panel_focus"} <= {
        command.id for command in COMMANDS for section in found for row in section.rows
        if row[1] == command.description
    }  # fmt: skip
    assert all("panel" in f"{row[0]} {row[1]}".lower() for section in found for row in section.rows)
    assert matching(sections("chat"), "  ") == sections("chat")
    assert (
        "Nothing in the help holds these words."
        in as_content(matching(sections("chat"), "zeppelin"), "", 80).plain
    )


def test_what_a_key_does_stays_in_its_column() -> None:
    lines = as_content(
        [Section("T", (("f1", "many words " * 9), ("a very long row of keys", "one")))], "", 60
    ).plain.splitlines()
    assert all(len(line) <= 60 for line in lines)
    assert lines[4].startswith(" " * 22 + "many") or lines[4].startswith(" " * 22 + "words")
    assert lines[-1] == " " * 22 + "one"
