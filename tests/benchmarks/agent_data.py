"""Word problems of SVAMP and GSM8K, from files that lie beside the repository or where an option says."""

import json
import random
from pathlib import Path
from typing import Any

from tests.benchmarks.agent_items import Item, number

SEED = 7
COUNTS = {"svamp": 200, "gsm8k": 100}


class DataMissingError(Exception):
    """A data set is not where it was looked for; the text says where to get it."""


def svamp(folder: Path, split: str) -> list[Item]:
    """Return 200 problems of SVAMP, drawn by `SEED`; `dev` are 200 others. Raises `DataMissingError`."""
    rows: list[dict[str, Any]] = json.loads(_read(folder / "svamp" / "SVAMP.json"))
    random.Random(SEED).shuffle(rows)
    count = COUNTS["svamp"]
    return [_svamp_item(row) for row in (rows[:count] if split == "test" else rows[count : 2 * count])]


def gsm8k(folder: Path, split: str) -> list[Item]:
    """Return 100 problems of GSM8K's test set; `dev` are of its training set. Raises `DataMissingError`."""
    name = "test" if split == "test" else "train"
    rows = [json.loads(line) for line in _read(folder / "gsm8k" / f"{name}.jsonl").splitlines()]
    numbered = [(i, row) for i, row in enumerate(rows, 1)]
    random.Random(SEED).shuffle(numbered)
    return [_gsm8k_item(f"{name}-{i}", row) for i, row in numbered[: COUNTS["gsm8k"]]]


def _svamp_item(row: dict[str, Any]) -> Item:
    body = row["Body"].strip()
    request = f"{body}{'' if body.endswith(('.', '?', ',')) else '.'} {row['Question'].strip()}"
    return Item(row["ID"], "svamp", row["Type"], request, "calculator", number(float(row["Answer"]), 1e-3))


def _gsm8k_item(name: str, row: dict[str, Any]) -> Item:
    answer = float(row["answer"].rpartition("####")[2].strip().replace(",", ""))
    return Item(name, "gsm8k", "gsm8k", row["question"].strip(), "calculator", number(answer))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        why = f"there is no {path} ({error.strerror}); --data names the folder of the data sets"
        raise DataMissingError(why) from error
