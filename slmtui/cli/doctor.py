"""`slmtui doctor`: what is there, what is missing, and what to do."""

import shutil
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import asdict

import typer

from slmtui.cli.check import Check
from slmtui.cli.checks import all_checks
from slmtui.cli.exits import Exit
from slmtui.cli.options import Db, Json, Model, Notes, overrides
from slmtui.cli.output import emit, emit_json
from slmtui.cli.printed import one_line

MARKS = {"ok": "ok", "note": "note", "problem": "PROBLEM"}
NARROWEST = 40
"""A narrower terminal gets long lines, which it folds itself."""


def doctor(model: Model = None, db: Db = None, notes: Notes = None, as_json: Json = False) -> None:
    """Look at the machine, the engine, the model, the store and the meters, and say what to do."""
    checks = all_checks(overrides(model=model, db=db, notes=notes))
    healthy = all(check.state != "problem" for check in checks)
    if as_json:
        emit_json({"healthy": healthy, "checks": [asdict(check) for check in checks]})
    else:
        emit(report(checks, shutil.get_terminal_size().columns if sys.stdout.isatty() else None))
    if not healthy:
        raise typer.Exit(Exit.FAILED)


def report(checks: list[Check], width: int | None) -> str:
    """Return the checks in columns, folded at `width` cells between words; not folded at None."""
    marks = max(len(MARKS[check.state]) for check in checks)
    names = max(len(check.name) for check in checks)
    lines: list[str] = []
    for check in checks:
        head = f"{MARKS[check.state]:<{marks}}  {check.name:<{names}}  "
        lines += _folded(head, check.value, width)
        below = " " * len(head)
        lines += [f"{below}{line}" for line in check.details]
        if check.advice:
            lines += _folded(f"{below}→ ", check.advice, width)
    return "\n".join(lines)


def _folded(head: str, text: str, width: int | None) -> Iterator[str]:
    """Yield a text after its head, the lines that follow under its beginning."""
    line = one_line(text)
    if width is None or width < len(head) + NARROWEST:
        yield f"{head}{line}".rstrip()
        return
    parts = textwrap.wrap(line, width - len(head), break_long_words=False, break_on_hyphens=False)
    yield f"{head}{parts[0] if parts else ''}".rstrip()
    yield from (f"{'':{len(head)}}{part}" for part in parts[1:])
