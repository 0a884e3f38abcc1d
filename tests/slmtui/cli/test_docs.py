from pathlib import Path

from slmtui.cli.docs import cli_markdown, write

DOCS = Path(__file__).parents[3] / "docs"


def test_the_document_is_in_step_with_the_commands(tmp_path: Path) -> None:
    write(tmp_path)
    kept = (DOCS / "cli.md").read_text(encoding="utf-8")
    made = (tmp_path / "cli.md").read_text(encoding="utf-8")
    assert kept == made, "docs/cli.md is out of step: run `python -m slmtui.cli.docs docs`"


def test_the_document_has_every_command_with_a_help_for_each_option() -> None:
    text = cli_markdown()
    for command in ("ask PROMPT", "models list", "sessions export SESSION…", "replay SESSION", "doctor"):
        assert f"## `slmtui {command}`\n" in text
    for line in text.split("## Settings")[0].splitlines():
        if line.startswith("| `"):
            assert line.rstrip(" |").endswith((".", "`")), line
