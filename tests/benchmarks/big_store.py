"""A store of a million turns, made by copying one turn: every row is whole, with words of its own."""

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agents.events import TurnFinished
from sessions.store import Store
from tests.sessions.scripted import call_finished, started, words

TURNS_A_SESSION = 10
BIG_SESSION = "big-export"
RUN = "run-10000"
RARE = "quetzalcoatlus"
"""A word that stands in one turn of ten thousand."""

_TEMPLATE = "template"
_START = datetime(2026, 1, 1, tzinfo=UTC)
_OWN = ("turn", "session", "position", "paradigm", "prompt", "answer", "started_at", "wall_s")


def open_store(path: Path) -> Store:
    """Open a store for an owner that is alive."""
    return Store.open(path, owner="bench", alive=lambda _owner: True, now=lambda: datetime.now(UTC))


def build(path: Path, turns: int, exported: int, items: int) -> None:
    """Make the store: sessions of ten turns, one of `exported` turns, and a run of two arms on `items`."""
    with open_store(path) as store:
        session = store.create_session(_TEMPLATE)
        text = " ".join(f"word{n}" for n in range(40))
        begun, *deltas = words([f"{word} " for word in text.split()])
        end = [call_finished(len(deltas)), TurnFinished(11.0, "ok", text)]
        store.append(session, _TEMPLATE, [started(_TEMPLATE, session), begun, *deltas, *end])
    db = sqlite3.connect(path)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -1000000")
    copies = list(_copies(turns - exported - 2 * items, exported, items))
    _sessions(db, dict.fromkeys(copy[1] for copy in copies))
    _copy_turns(db, copies)
    _run(db, items)
    db.execute("DELETE FROM sessions WHERE title = ?", (_TEMPLATE,))
    db.commit()
    db.execute("ANALYZE")
    db.close()


def _copies(chats: int, exported: int, items: int) -> Iterator[tuple[object, ...]]:
    """Yield for every turn what is its own, in the order of `_OWN`."""
    rng = random.Random(1)
    vocabulary = [
        f"{a}{b}{c}" for a in "bdfgklmnprstv" for b in "aeiou" for c in ("lo", "ra", "ni", "ke", "st")
    ]
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    many = rng.choices(vocabulary, weights, k=200_000)
    places = [
        *((BIG_SESSION, n + 1, "base") for n in range(exported)),
        *((f"arm-{arm}", n + 1, arm) for arm in ("base", "single") for n in range(items)),
        *(
            (f"s{n // TURNS_A_SESSION:07}", n % TURNS_A_SESSION + 1, ("base", "single", "multi")[n % 3])
            for n in range(chats)
        ),
    ]
    for n, (session, position, paradigm) in enumerate(places):
        at = rng.randrange(len(many) - 60)
        prompt = " ".join(many[at : at + 12]) + (f" {RARE}" if n % 10_000 == 77 else "")
        answer = " ".join(many[at + 12 : at + 52])
        moment = (_START + timedelta(seconds=n)).isoformat(timespec="milliseconds")
        yield f"t{n:09}", session, position, paradigm, prompt, answer, moment, rng.uniform(1, 20)


def _sessions(db: sqlite3.Connection, names: dict[object, None]) -> None:
    moments = (
        (_START + timedelta(seconds=10 * n)).isoformat(timespec="milliseconds") for n in range(len(names))
    )
    rows = (
        (name, f"Session {name}", at, at, "chat" if str(name).startswith("s") else "bench")
        for name, at in zip(names, moments, strict=True)
    )
    sql = "INSERT INTO sessions (id, title, renamed, created_at, updated_at, kind) VALUES (?, ?, 0, ?, ?, ?)"
    db.executemany(sql, rows)


def _copy_turns(db: sqlite3.Connection, copies: list[tuple[object, ...]]) -> None:
    rest = [name for _, name, *_ in db.execute("PRAGMA table_info(turns)") if name not in (*_OWN, "id")]
    columns = ", ".join((*_OWN, *rest))
    own = ", ".join("?" * len(_OWN))
    row = db.execute(f"SELECT {', '.join(rest)} FROM turns WHERE turn = ?", (_TEMPLATE,)).fetchone()
    marks = ", ".join("?" * len(rest))
    db.executemany(
        f"INSERT INTO turns ({columns}) VALUES ({own}, {marks})", ((*copy, *row) for copy in copies)
    )
    calls = [name for _, name, *_ in db.execute("PRAGMA table_info(calls)") if name != "turn"]
    call = db.execute(f"SELECT {', '.join(calls)} FROM calls WHERE turn = ?", (_TEMPLATE,)).fetchone()
    marks = ", ".join("?" * len(calls))
    sql = f"INSERT INTO calls (turn, {', '.join(calls)}) VALUES (?, {marks})"
    db.executemany(sql, ((copy[0], *call) for copy in copies))
    events = db.execute(
        "SELECT seq, t, type, data, written_at FROM events WHERE turn = ? AND seq IN (1, 2, 3, 42, 43, 44)",
        (_TEMPLATE,),
    ).fetchall()
    sql = "INSERT INTO events (session, turn, seq, t, type, data, written_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
    db.executemany(sql, ((copy[1], copy[0], *event) for copy in copies for event in events))


def _run(db: sqlite3.Connection, items: int) -> None:
    rng = random.Random(2)
    db.execute(
        "INSERT INTO runs (id, title, started_at, ended_at, stopped, plan, command)"
        " VALUES (?, ?, ?, ?, '', ?, '')",
        (RUN, "ten thousand items", "2026-02-01", "2026-02-02", '{"repeats": 1}'),
    )
    for n, arm in enumerate(("base", "single"), 1):
        db.execute("INSERT INTO arms VALUES (?, ?, ?, ?, '', '{}', ?)", (RUN, arm, n, arm, f"arm-{arm}"))
    sets = [f"set{n}" for n in range(4)]
    db.executemany(
        "INSERT INTO data_sets VALUES (?, ?, ?, ?, '', '', '', ?)",
        [(RUN, each, n, each, items) for n, each in enumerate(sets)],
    )
    db.executemany(
        "INSERT INTO items VALUES (?, ?, ?, ?, '', '', ?, '{}', '')",
        ((RUN, f"i{n:05}", n, sets[n % 4], f"prompt {n}") for n in range(items)),
    )
    for arm, chance in (("base", 0.3), ("single", 0.5)):
        turns = db.execute(
            "SELECT turn FROM turns WHERE session = ? ORDER BY position", (f"arm-{arm}",)
        ).fetchall()
        rows = []
        for n, (turn,) in enumerate(turns):
            right = rng.random() < chance
            rows.append(
                (
                    RUN,
                    arm,
                    f"i{n:05}",
                    1,
                    f"arm-{arm}",
                    turn,
                    "right" if right else "wrong",
                    right,
                    right,
                    None,
                    "",
                    "",
                )
            )
        db.executemany(f"INSERT INTO attempts VALUES ({', '.join('?' * 12)})", rows)
