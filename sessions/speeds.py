"""How fast each model has decoded on a machine, of the turns that are stored."""

import sqlite3
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import NamedTuple

LATEST = 20
"""Turns of a model that count: what was measured long ago, with other threads, says little of now."""
LEAST_TOKENS = 8
"""A shorter answer measures the clock more than the model."""

SPEEDS = """
SELECT model, quantisation, decode_tok_s FROM (
  SELECT model, quantisation, decode_tok_s,
    row_number() OVER (PARTITION BY model, quantisation ORDER BY started_at DESC) AS place
  FROM turns
  WHERE machine = ? AND decode_tok_s > 0 AND output_tokens >= ? AND model <> ''
    AND NOT EXISTS (SELECT 1 FROM calls WHERE calls.turn = turns.turn AND calls.agent_model <> '')
) WHERE place <= ? ORDER BY model, quantisation, place
"""


class ModelName(NamedTuple):
    """What a turn calls its model: the name and the quantisation."""

    model: str
    quantisation: str


class Speed(NamedTuple):
    """Decoded tokens per second: of the latest turn, and the median of the latest `turns`."""

    last: float
    median: float
    turns: int


def model_speeds(path: Path, machine: str) -> dict[ModelName, Speed]:
    """Return the speeds on `machine` of the store in a file; nothing where it cannot be read.

    It opens the file itself, for reading only, so any thread may call it. Turns in which other models
    answered too are left out.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            rows = db.execute(SPEEDS, (machine, LEAST_TOKENS, LATEST)).fetchall()
    except sqlite3.Error:
        return {}
    rates: dict[ModelName, list[float]] = {}
    for model, quantisation, rate in rows:
        rates.setdefault(ModelName(model, quantisation), []).append(rate)
    return {name: Speed(each[0], median(each), len(each)) for name, each in rates.items()}
