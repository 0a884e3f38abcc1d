"""`slmtui sessions`: what is kept, and what to do with it."""

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from sessions.export import write_csv, write_json
from sessions.export_rows import RowsBy
from sessions.listing import SessionSummary
from sessions.money import Cost
from sessions.records import TurnRecord
from sessions.search import SearchHit
from slmtui.cli.exits import Exit, fail, say
from slmtui.cli.money import cost_details, energy_text, money_objects, packed, pricing_set
from slmtui.cli.opened import stored_sessions
from slmtui.cli.options import Db, Json
from slmtui.cli.output import emit, emit_json, fields, short, table
from slmtui.cli.written import file_to_write
from slmtui.tui.format import count, duration, rate
from slmtui.tui.state.cost_line import SEPARATOR

sessions = typer.Typer(help="The sessions that are kept.")

Session = Annotated[
    str, typer.Argument(help="A session: its id, the beginning or the end of it, or last.", metavar="SESSION")
]
Sessions = Annotated[
    list[str], typer.Argument(help="Sessions: ids, parts of ids, or last.", metavar="SESSION…")
]
All = Annotated[bool, typer.Option("--all", help="Those of runs and what-ifs too, not the chats alone.")]
TITLE_WIDTH = 48
STDOUT = Path("-")


@sessions.command("list")
def list_sessions(
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, help="So many at most.")] = None,
    every: All = False,
    tag: Annotated[
        list[str] | None, typer.Option(help="Those with this tag alone; repeat it for several.")
    ] = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """List the sessions, the latest first."""
    with stored_sessions(db) as store:
        found = store.sessions(limit, every_kind=every, tags=tag or ())
    if as_json:
        emit_json([_as_object(session) for session in found])
    elif found:
        head = ("SESSION", "UPDATED", "TURNS", "PARADIGMS", "TITLE")
        emit(table(head, map(_listed_row, found), right=(2,)))
    elif tag:
        say("No session has all of these tags. `slmtui sessions tag SESSION TAG` puts one on.")
    else:
        say("There is no session yet. Start one with `slmtui`.")


@sessions.command("show")
def show_session(session: Session, db: Db = None, as_json: Json = False) -> None:
    """Show a session: every prompt with its answer, those made again too, and what each turn cost."""
    with stored_sessions(db) as store:
        summary = store.session(session)
        turns, pricing = store.turns(summary.id), pricing_set()
        siblings = store.siblings(summary.id)
        paid = [(turn, pricing.costs(turn, store.events)) for turn in turns]
    currency = pricing.prices.currency
    if as_json:
        shown = [
            asdict(turn) | {"costs": money_objects(costs, currency), "siblings": siblings.get(turn.turn, ())}
            for turn, costs in paid
        ]
        emit_json(_as_object(summary) | {"turns": shown})
    else:
        texts = (
            _turn_text(turn, costs, currency, _place_among(turn, siblings.get(turn.turn, ())))
            for turn, costs in paid
        )
        emit("\n\n".join([fields(_head(summary)), *texts]))


@sessions.command("search")
def search_sessions(
    words: Annotated[list[str], typer.Argument(help="Words that the turn must hold.", metavar="WORD…")],
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="So many turns at most.")] = 50,
    every: All = False,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Find the turns whose prompt or answer holds every word, the latest first; tag:WORD finds a tag."""
    with stored_sessions(db) as store:
        hits = store.search(" ".join(words), limit, every_kind=every)
    if as_json:
        emit_json([hit._asdict() for hit in hits])
    elif hits:
        emit(table(("SESSION", "STARTED", "PARADIGM", "FOUND"), map(_hit_row, hits)))
    if not hits:
        fail(Exit.FAILED, "no turn holds all of these words")


@sessions.command("rename")
def rename_session(
    session: Session,
    title: Annotated[str, typer.Argument(help="The title; an empty one gives back the first prompt's.")],
    db: Db = None,
) -> None:
    """Give a session a title."""
    with stored_sessions(db) as store:
        store.rename(session, title)
        say(f"Renamed to {short(store.session(session).title, TITLE_WIDTH)!r}.")


@sessions.command("tag")
def tag_session(
    session: Session,
    tag: Annotated[list[str], typer.Argument(help="Tags: words of your own.", metavar="TAG…")],
    db: Db = None,
) -> None:
    """Put tags on a session, by which it is listed and found."""
    with stored_sessions(db) as store:
        kept = [store.tag(session, each) for each in tag]
        say(f"Tagged {', '.join(kept)}.")


@sessions.command("untag")
def untag_session(
    session: Session,
    tag: Annotated[list[str], typer.Argument(help="The tags to take off.", metavar="TAG…")],
    db: Db = None,
) -> None:
    """Take tags off a session."""
    with stored_sessions(db) as store:
        missing = [each for each in tag if not store.untag(session, each)]
        if missing:
            fail(Exit.FAILED, f"the session has no tag {', '.join(missing)}")
        say("Untagged.")


@sessions.command("delete")
def delete_session(
    session: Session,
    forever: Annotated[bool, typer.Option("--forever", help="Remove it from the file for good.")] = False,
    db: Db = None,
) -> None:
    """Delete a session. Until it is deleted with --forever, `slmtui sessions restore` brings it back."""
    with stored_sessions(db) as store:
        if forever:
            say(f"Removed {store.purge(session)} for good.")
        else:
            ident = store.delete(session)
            say(f"Deleted {ident}. `slmtui sessions restore {ident}` brings it back.")


@sessions.command("restore")
def restore_session(session: Session, db: Db = None) -> None:
    """Bring a deleted session back."""
    with stored_sessions(db) as store:
        say(f"Restored {store.undelete(session)}.")


@sessions.command("export")
def export_sessions(
    session: Sessions,
    by: Annotated[RowsBy, typer.Option(help="What a row is: turn, call or tool_call.")] = "turn",
    columns: Annotated[
        str | None, typer.Option(help="Columns of docs/columns.md, in order, with commas between.")
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write; - is standard output.")
    ] = STDOUT,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Export sessions as CSV, or as JSON: a row for each turn, each call of the model or of a tool."""
    names = [name.strip() for name in columns.split(",")] if columns is not None else None
    # The rows are read within a transaction, which ends even when nobody wants the rest of them.
    with (
        stored_sessions(db) as store,
        file_to_write(output) as out,
        closing(store.export_rows(session, by)) as rows,
    ):
        (write_json if as_json else write_csv)(out, rows, by, names)


def _as_object(session: SessionSummary) -> dict[str, Any]:
    sampling = asdict(session.sampling) if session.sampling else None
    return session._asdict() | {"sampling": sampling}


def _listed_row(session: SessionSummary) -> tuple[str, ...]:
    title = short(session.title, TITLE_WIDTH)
    return session.id, _moment(session.updated_at), count(session.turns), ", ".join(session.paradigms), title


def _hit_row(hit: SearchHit) -> tuple[str, ...]:
    return hit.session, _moment(hit.started_at), hit.paradigm, hit.snippet


def _head(summary: SessionSummary) -> list[tuple[str, str]]:
    return [
        ("session", summary.id),
        ("title", summary.title),
        ("created", _moment(summary.created_at)),
        ("models", ", ".join(summary.models)),
        ("turns", count(summary.turns)),
        ("output", f"{count(summary.output_tokens)} tokens"),
        *([("tags", ", ".join(summary.tags))] if summary.tags else []),
        *([("system", short(summary.system, 200))] if summary.system else []),
    ]


def _place_among(turn: TurnRecord, siblings: Sequence[str]) -> str:
    """Return which of those that follow the same turn it is, and whether it went on: `turn 3, 2 of 3`."""
    place = f", {siblings.index(turn.turn) + 1} of {len(siblings)}" if siblings else ""
    return f"turn {turn.position}{place}{', went on' if turn.beginning else ''}"


def _turn_text(turn: TurnRecord, costs: Sequence[Cost], currency: str, place: str) -> str:
    """Return a turn as it reads: the prompt, the answer, and lines of what it cost."""
    ended = turn.status or "running"
    reason = f" ({short(turn.reason, 200)})" if turn.reason else ""
    tokens = f"{count(turn.prompt_tokens)} tokens in ({count(turn.reused_tokens)} reused)"
    parts = [place, f"{turn.paradigm} {ended}{reason}", duration(turn.wall_s), tokens]
    parts += [f"{count(turn.output_tokens)} out", rate(turn.decode_tok_s), energy_text(turn), turn.turn]
    lines = [SEPARATOR.join(filter(None, parts)), *cost_details(turn, costs, currency)]
    return f"> {turn.prompt.strip()}\n\n{turn.answer.strip()}\n\n{packed(lines, sys.stdout, '  ')}"


def _moment(stamp: str) -> str:
    """Return a stored moment to the minute, in UTC as it is kept."""
    return stamp[:16].replace("T", " ")
