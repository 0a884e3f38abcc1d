"""What a session has of its own: the user's system prompt, and how tokens are drawn."""

import sqlite3

import msgspec

from agents.message import Sampling
from sessions.text import storable


def write_chat_settings(
    db: sqlite3.Connection, session: str, system: str | None, sampling: Sampling | None
) -> None:
    """Keep them for the session with that id; None is what the settings say."""
    values = (
        None if system is None else storable(system),
        None if sampling is None else msgspec.json.encode(sampling).decode(),
        session,
    )
    db.execute("UPDATE sessions SET system = ?, sampling = ? WHERE id = ?", values)


def read_system(db: sqlite3.Connection, session: str) -> str:
    """Return the system prompt of the session with that id; empty for none."""
    row = db.execute("SELECT system FROM sessions WHERE id = ?", (session,)).fetchone()
    return (row[0] if row else None) or ""


def as_sampling(data: str | None) -> Sampling | None:
    """Return stored sampling; None where there is none, or none that this version can read."""
    try:
        return None if data is None else msgspec.json.decode(data, type=Sampling)
    except msgspec.MsgspecError:
        return None
