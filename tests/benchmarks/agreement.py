"""Correctness beside speed: the same tokens read alone, behind a reused prefix, and in company.

`python -m tests.benchmarks.agreement MODEL --threads T` prints one JSON line: for readings behind a
reused prefix, batched with others, and at once (in full batches, with neither), each against a lone
reading a token at a time, the share of positions whose likeliest token is the same, and the largest
difference of any logit. The last one is what the shape of a batch alone makes of it.
"""

import argparse
import json
from pathlib import Path

import llama_cpp as lc
import numpy as np
import numpy.typing as npt

from slmtui.engine.native import ContextOptions, NativeContext, NativeModel, Row
from slmtui.engine.native_log import NativeLog
from tests.benchmarks.bare_loop import prompt_of
from tests.benchmarks.lines import private_stdout

TOKENS = 256
PREFIX = 160
COMPANY = 7
STEP = 16

Logits = npt.NDArray[np.float32]


class Reader:
    """Reads token sequences on one context, and keeps the logits of every position behind the prefix."""

    def __init__(self, model: Path, threads: int) -> None:
        lc.llama_backend_init()
        self._model = NativeModel(model, 0, lambda _fraction: None)
        self.vocabulary = self._model.vocab.size
        options = ContextOptions(8192, 128, COMPANY + 2, threads, threads)
        self._context = NativeContext(self._model, options)

    def at_once(self, tokens: list[int]) -> Logits:
        """Read everything in one sequence, in full batches."""
        self._context.clear()
        return self._read({0: tokens}, 0, 128)

    def alone(self, tokens: list[int]) -> Logits:
        """Read the prefix, and go on in the same sequence a token at a time."""
        self._context.clear()
        self._read({0: tokens[:PREFIX]}, 0, 128)
        return self._read({0: tokens}, PREFIX, 1)

    def reused(self, tokens: list[int]) -> Logits:
        """Read the prefix, share it with another sequence, and go on there a token at a time."""
        self._context.clear()
        self._read({0: tokens[:PREFIX]}, 0, 128)
        self._context.copy(0, 1, PREFIX)
        return self._read({1: tokens}, PREFIX, 1)

    def batched(self, tokens: list[int]) -> Logits:
        """Read in small parts, then a token at a time, each in a batch with those of other sequences."""
        self._context.clear()
        others = {n: tokens[n:] + tokens[:n] for n in range(1, COMPANY + 1)}
        sequences = {0: tokens, **others}
        self._read({n: all_[:PREFIX] for n, all_ in sequences.items()}, 0, STEP)
        return self._read(sequences, PREFIX, 1)

    def _read(self, sequences: dict[int, list[int]], start: int, step: int) -> Logits:
        """Decode in parts of `step` tokens a sequence; return the logits of the first sequence."""
        first = next(iter(sequences))
        logits: list[Logits] = []
        length = len(sequences[first])
        for at in range(start, length, step):
            rows = [
                Row(tokens[i], i, sequence, logits=sequence == first and i >= PREFIX)
                for sequence, tokens in sequences.items()
                for i in range(at, min(at + step, length))
            ]
            for part in range(0, len(rows), 128):
                chunk = rows[part : part + 128]
                if self._context.decode(chunk):
                    raise RuntimeError("llama.cpp could not decode")
                logits += [self._context.logits(n).copy() for n, row in enumerate(chunk) if row.logits]
        return np.array(logits)


def compared(one: Logits, other: Logits) -> dict[str, float]:
    """Return how far two readings of the same positions agree."""
    same = one.argmax(axis=1) == other.argmax(axis=1)
    return {"top_1": float(same.mean()), "max_difference": float(np.abs(one - other).max())}


def main() -> None:
    """Print the agreement of a model's readings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    answers = private_stdout()
    _log = NativeLog()
    reader = Reader(options.model, options.threads)
    tokens = prompt_of(TOKENS, reader.vocabulary)
    alone = reader.alone(tokens)
    again = {
        "reused": reader.reused(tokens),
        "batched": reader.batched(tokens),
        "at once": reader.at_once(tokens),
    }
    answers.write(json.dumps({name: compared(alone, logits) for name, logits in again.items()}) + "\n")


if __name__ == "__main__":
    main()
