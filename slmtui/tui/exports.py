"""Writes what a user wants to take along into a file that the user names. It blocks, and draws nothing."""

import json
import os
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from sessions.export import to_csv, to_json
from sessions.store import Store
from slmtui.tui import format as numbers
from slmtui.tui.plain import plain_line
from slmtui.tui.report_reading import Findings, Subject
from slmtui.tui.state.session_markdown import session_markdown

SESSION_ENDINGS = (".md", ".json", ".csv")
RUN_ENDINGS = (".html", ".md", ".json", ".csv")
TURNS_ENDINGS = (".csv", ".json")
REPLACE = "!"
LONGEST_BESIDE = 40
"""Characters of a file's name that the name of its half-written copy has too."""


class ExportError(Exception):
    """A file that cannot be written; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """A file to be written; its ending, in small letters, says as what."""

    path: Path

    @property
    def ending(self) -> str:
        """The ending of the file, with its dot."""
        return self.path.suffix.lower()

    def write(self, text: str) -> str:
        """Write all of the text or nothing, and return what to say of it. Raises `ExportError`."""
        beside = self.path.with_name(f".{self.path.name[:LONGEST_BESIDE]}.{os.getpid()}")
        try:
            beside.write_text(text, encoding="utf-8", newline="")
            beside.replace(self.path)
        except (OSError, ValueError) as error:
            with suppress(OSError, ValueError):
                beside.unlink()
            raise _unwritable(self.path, error) from error
        return f"Wrote {_named(self.path)}."


def target(line: str, endings: Sequence[str]) -> Target:
    """Return the file that a user named; `!` behind the name replaces one that is there.

    Raises `ExportError` for an ending that says nothing, for a folder, and for a file that is there.
    """
    name = line.strip()
    replace = name.endswith(REPLACE)
    path = _expanded(Path(name.removesuffix(REPLACE).rstrip()))
    shown = _named(path)
    if path.suffix.lower() not in endings:
        raise ExportError(f"{shown} does not say what to write: end it with {' or '.join(endings)}.")
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        raise _unwritable(path, error) from error
    if is_folder:
        raise ExportError(f"{shown} is a folder: name a file in it.")
    if is_there and not replace:
        raise ExportError(f"{shown} is there already: name another file, or {shown}{REPLACE} to replace it.")
    return Target(path)


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:  # ~NAME of nobody
        raise ExportError(f"{_named(path)} is in no home folder here: name another file.") from error


def _named(path: Path) -> str:
    return plain_line(str(path), 120)


def _unwritable(path: Path, error: OSError | ValueError) -> ExportError:
    reason = getattr(error, "strerror", None) or str(error)
    return ExportError(f"{_named(path)} cannot be written: {reason}. Name another file.")


def session_text(store: Store, session: str, ending: str) -> str:
    """Return a session as Markdown, or its turns as JSON or CSV. Raises a `SessionsError`."""
    if ending == ".md":
        return session_markdown(store.session(session), store.turns(session))
    with closing(store.export_rows([session], "turn")) as rows:
        return (to_json if ending == ".json" else to_csv)(rows, "turn")


def report_text(subject: Subject, findings: Findings, ending: str) -> str:
    """Return the report of a run, or the figures of a comparison of turns. It reads a run as a whole."""
    return _run_text(subject, ending) if subject.is_run else _turns_text(findings, ending)


def _run_text(subject: Subject, ending: str) -> str:
    from sessions.item_rows import item_names, item_rows  # noqa: PLC0415 - they load what only exports need
    from sessions.report.as_json import to_json as report_json  # noqa: PLC0415
    from sessions.report.figures import Figures  # noqa: PLC0415
    from sessions.report.html import to_html  # noqa: PLC0415
    from sessions.report.markdown import to_markdown  # noqa: PLC0415

    found = subject.report()
    if ending == ".html":
        return to_html(found, Figures(numbers))
    if ending == ".md":
        return to_markdown(found, Figures(numbers))
    if ending == ".json":
        return report_json(found)
    rows = item_rows(found.run.id, found.run.repeats, found.items, found.attempts, found.turns)
    return to_csv(rows, "item", item_names(found.arms))


def _turns_text(findings: Findings, ending: str) -> str:
    from sessions.comparison_rows import comparison_rows  # noqa: PLC0415 - it loads NumPy

    if ending == ".csv":
        return to_csv(comparison_rows(findings.comparison), "comparison")
    told = asdict(findings.comparison) | {"money": asdict(findings.money)}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
