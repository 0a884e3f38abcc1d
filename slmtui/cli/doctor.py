"""`slmtui doctor`: what is there, what is missing, and what to do."""

from dataclasses import asdict

import typer

from slmtui.cli.checks import Check, all_checks
from slmtui.cli.exits import Exit
from slmtui.cli.options import Db, Json, Model, Notes, overrides
from slmtui.cli.output import emit, emit_json, table

MARKS = {"ok": "ok", "note": "note", "problem": "PROBLEM"}


def doctor(model: Model = None, db: Db = None, notes: Notes = None, as_json: Json = False) -> None:
    """Look at the machine, the engine, the model, the store and the meters, and say what to do."""
    checks = all_checks(overrides(model=model, db=db, notes=notes))
    healthy = all(check.state != "problem" for check in checks)
    if as_json:
        emit_json({"healthy": healthy, "checks": [asdict(check) for check in checks]})
    else:
        emit(_report(checks))
    if not healthy:
        raise typer.Exit(Exit.FAILED)


def _report(checks: list[Check]) -> str:
    lines = table(("", "", ""), [(MARKS[c.state], c.name, c.value) for c in checks]).split("\n")[1:]
    shown: list[str] = []
    for line, check in zip(lines, checks, strict=True):
        shown.append(line)
        if check.advice:
            shown.append(f"{'':9}→ {check.advice}")
    return "\n".join(shown)
