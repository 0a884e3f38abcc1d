import subprocess
import sys

import pytest
import typer.main

from slmtui import cli


def options_of_the_app() -> dict[bool, set[str]]:
    """The options of `slmtui` itself: those that take a value, and those that do not."""
    bare = typer.Typer(add_completion=False, context_settings={"help_option_names": ["-h", "--help"]})
    bare.callback(invoke_without_command=True)(cli.start)
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for each in typer.main.get_command(bare).params:
        found[not getattr(each, "is_flag", False)] |= set(each.opts)
    return found


def test_the_options_of_the_app_are_those_that_open_it() -> None:
    options = options_of_the_app()
    assert options[True] == cli.WITH_VALUE
    assert options[False] == cli.ALONE | {"--version"}


@pytest.mark.parametrize(
    "line", ["", "-c", "--continue", "-m ask", "--model=ask", "--resume last -p base", "--db=x.db -c"]
)
def test_a_line_without_a_command_opens_the_app(line: str) -> None:
    assert cli._opens_app(line.split())


@pytest.mark.parametrize("line", ["ask", "-c ask", "-m x ask", "--help", "-h", "nonsense", "--model", "-mx"])
def test_any_other_line_needs_the_commands(line: str) -> None:
    assert not cli._opens_app(line.split())


def test_the_app_does_not_wait_for_the_commands() -> None:
    code = (
        "import sys; sys.argv = ['slmtui', '-c']\n"
        "from slmtui import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print('slmtui.cli.chat' in sys.modules, 'slmtui.cli.commands' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["True", "False"], done.stderr
