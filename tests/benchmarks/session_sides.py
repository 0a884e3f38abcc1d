"""What a store does, each as ours and as plain sqlite3 would do it: the same rows read and written."""

import csv
import itertools
import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agents.events import Event, TurnFinished, to_json
from sessions.columns import COLUMNS
from sessions.compare import compare
from sessions.differences import Arm
from sessions.export import FORMULA, write_csv
from sessions.observation import RESOURCES, Observation
from sessions.projections import FIELDS
from sessions.records import CallRecord, TurnRecord
from sessions.store import Store
from sessions.tally import records_of
from sessions.text import plain
from tests.benchmarks.big_store import BIG_SESSION, RUN
from tests.sessions.scripted import call_finished, started, words

LISTED = 50
WORDS = [f"word{n} " for n in range(120)]
_numbers = itertools.count(time.time_ns())


@dataclass(frozen=True)
class Sides:
    """One thing done by both sides; `scan` reads the whole table for it, where that can be done at all."""

    name: str
    ours: Callable[[], object]
    plain: Callable[[], object]
    scan: Callable[[], object] | None = None


def sides(store: Store, path: Path, out: Path) -> list[Sides]:
    """Return everything that is compared. Files go into the folder `out`."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA foreign_keys = ON")
    return [
        Sides(
            f"list the latest {LISTED} sessions",
            lambda: store.sessions(LISTED),
            lambda: _list(db),
            lambda: _scan_list(db),
        ),
        *(_searching(store, db, text) for text in ("quetzalcoatlus", "quetz", "balo", "bara gora")),
        Sides(
            "compare 10,000 paired items",
            lambda: compare(store.suites.observations(RUN), store.suites.arms(RUN)),
            lambda: _compare(db),
        ),
        Sides("export the long session", lambda: _export(store, out), lambda: _plain_export(db, out)),
        Sides("write a turn of 120 tokens", lambda: _write(store), lambda: _plain_write(db)),
    ]


def _searching(store: Store, db: sqlite3.Connection, text: str) -> Sides:
    return Sides(
        f"search: {text}", lambda: store.search(text), lambda: _search(db, text), lambda: _scan(db, text)
    )


LIST = """
SELECT s.id, s.title, s.created_at, s.updated_at, s.kind, count(t.id), group_concat(DISTINCT t.paradigm),
  group_concat(DISTINCT t.model), sum(t.output_tokens), sum(t.joules), group_concat(DISTINCT t.energy_source),
  (SELECT prompt FROM turns WHERE session = s.id ORDER BY position DESC LIMIT 1)
FROM (SELECT * FROM sessions WHERE deleted_at IS NULL AND kind = 'chat'
      AND EXISTS (SELECT 1 FROM turns WHERE session = sessions.id)
      ORDER BY updated_at DESC, id DESC LIMIT 50) AS s
JOIN turns AS t ON t.session = s.id GROUP BY s.id ORDER BY s.updated_at DESC, s.id DESC
"""
SCAN_LIST = """
SELECT session, count(*), max(started_at), sum(output_tokens) FROM turns NOT INDEXED
GROUP BY session ORDER BY max(started_at) DESC LIMIT 50
"""
SEARCH = """
SELECT t.session, t.turn, s.title, t.paradigm, t.started_at, t.status,
  snippet(turns_text, -1, '[', ']', '…', 24)
FROM turns_text JOIN turns AS t ON t.id = turns_text.rowid JOIN sessions AS s ON s.id = t.session
WHERE turns_text MATCH ? AND s.deleted_at IS NULL AND s.kind = 'chat' ORDER BY turns_text.rowid DESC LIMIT 50
"""


def _list(db: sqlite3.Connection) -> object:
    return db.execute(LIST).fetchall()


def _scan_list(db: sqlite3.Connection) -> object:
    return db.execute(SCAN_LIST).fetchall()


def _search(db: sqlite3.Connection, text: str) -> object:
    return db.execute(SEARCH, (f"{text} *",)).fetchall()


def _scan(db: sqlite3.Connection, text: str) -> object:
    """Look at every turn for every word, and sort what is found."""
    held = " AND ".join("(prompt LIKE ? OR answer LIKE ?)" for _ in text.split())
    likes = [f"%{word}%" for word in text.split() for _ in range(2)]
    sql = f"SELECT turn, prompt FROM turns NOT INDEXED WHERE {held} ORDER BY started_at DESC LIMIT 50"
    return db.execute(sql, likes).fetchall()


def _compare(db: sqlite3.Connection) -> object:
    """Read the attempts as rows, and compute the same figures of them."""
    sql = f"""
    SELECT a.arm, a.item, i.data_set, a.repeat, a.turn, a.state, a.strict, a.flexible, a.tool_right,
      t.energy_source, {", ".join(f"t.{name}" for name in RESOURCES)}
    FROM attempts AS a JOIN items AS i ON i.run = a.run AND i.item = a.item JOIN turns AS t ON t.turn = a.turn
    WHERE a.run = ?
    """
    rows = db.execute(sql, (RUN,)).fetchall()
    told = [Observation(*row[:10], dict(zip(RESOURCES, row[10:], strict=True))) for row in rows]
    return compare(told, [Arm("base"), Arm("single")])


def _export(store: Store, out: Path) -> object:
    with (out / "ours.csv").open("w", encoding="utf-8", newline="") as file:
        write_csv(file, store.export_rows([BIG_SESSION], "turn"), "turn")
    return None


def _plain_export(db: sqlite3.Connection, out: Path) -> object:
    """Write the same file: what a spreadsheet would run is made harmless here too."""
    names = [column.name for column in COLUMNS["turn"]]
    truths = [names.index(name) for name in ("warm", "cold", "flash_attention")]
    with (out / "plain.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        sql = f"SELECT {', '.join(names)} FROM turns WHERE session = ? ORDER BY position"
        for row in db.execute(sql, (BIG_SESSION,)):
            cells = [_harmless(cell) if isinstance(cell, str) else cell for cell in row]
            for place in truths:
                cells[place] = "true" if cells[place] else "false"
            writer.writerow(cells)
    return None


def _harmless(text: str) -> str:
    text = plain(text)
    return f"'{text}" if FORMULA.match(text) else text


def _batches(turn: str, session: str) -> list[list[Event]]:
    """Return a turn of 120 tokens in the batches in which a live session appends it."""
    begun, *deltas = words(WORDS)
    pieces = [deltas[at : at + 12] for at in range(0, len(deltas), 12)]
    end: list[Event] = [call_finished(len(WORDS)), TurnFinished(31.0, "ok", "".join(WORDS))]
    return [[started(turn, session, "a prompt"), begun], *pieces, end]


def _write(store: Store) -> object:
    turn = f"ours{next(_numbers)}"
    for batch in _batches(turn, BIG_SESSION):
        store.append(BIG_SESSION, turn, batch)
    return None


def _plain_write(db: sqlite3.Connection) -> object:
    """Write the same rows in as many transactions; the figures of the turn are added up as ours are."""
    turn = f"plain{next(_numbers)}"
    batches = _batches(turn, BIG_SESSION)
    seen: list[Event] = []
    for batch in batches:
        db.execute("BEGIN IMMEDIATE")
        rows = [
            (
                BIG_SESSION,
                turn,
                seq,
                event.t,
                type(event).__name__,
                to_json(event),
                "2026-02-03T04:05:06.789+00:00",
            )
            for seq, event in enumerate(batch, len(seen) + 1)
        ]
        db.executemany(
            "INSERT INTO events (session, turn, seq, t, type, data, written_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        seen += batch
        if batch is batches[0]:
            db.execute("INSERT INTO running VALUES (?, ?, 'plain')", (turn, BIG_SESSION))
            _plain_rows(db, seen)
        if batch is batches[-1]:
            db.execute("DELETE FROM running WHERE turn = ?", (turn,))
            _plain_rows(db, seen)
        db.execute("COMMIT")
    return None


def _plain_rows(db: sqlite3.Connection, events: list[Event]) -> None:
    records = records_of(events)
    turn = records.turn
    sql = "SELECT coalesce(max(position), 0) + 1 FROM turns WHERE session = ? AND turn <> ?"
    turn.position = db.execute(sql, (turn.session, turn.turn)).fetchone()[0]
    names = FIELDS[TurnRecord]
    sets = ", ".join(f"{name} = excluded.{name}" for name in names if name != "turn")
    marks = ", ".join("?" * len(names))
    db.execute(
        f"INSERT INTO turns ({', '.join(names)}) VALUES ({marks}) ON CONFLICT (turn) DO UPDATE SET {sets}",
        [getattr(turn, name) for name in names],
    )
    db.execute("DELETE FROM calls WHERE turn = ?", (turn.turn,))
    names = FIELDS[CallRecord]
    for call in records.calls:
        sql = f"INSERT INTO calls ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        db.execute(sql, [getattr(call, name) for name in names])
    db.execute("UPDATE sessions SET updated_at = ? WHERE id = ?", (json.dumps("now"), turn.session))
