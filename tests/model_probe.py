"""What llama.cpp makes of a model file: `python -m tests.model_probe MODEL PROMPT... [--lora FILE SCALE]`.

Prints one JSON line: the kind of memory, and for each prompt the tokens that greedy decoding writes
and the logits behind the prompt. `probe` runs it in a child process, for tests.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TOKENS = 12


@dataclass(frozen=True)
class Probed:
    """A model as llama.cpp sees it; `written` and `logits` have one entry a prompt."""

    recurrent: bool
    hybrid: bool
    finite: bool
    written: list[list[int]]
    logits: list[list[float]]


class RefusedError(Exception):
    """llama.cpp does not take the file; the text is what it printed."""


def probe(model: Path, *prompts: str, lora: tuple[Path, float] | None = None) -> Probed:
    """Load a model in a child process and decode after each prompt. Raises `RefusedError`."""
    command = [sys.executable, "-m", "tests.model_probe", str(model), *prompts]
    if lora is not None:
        command += ["--lora", str(lora[0]), str(lora[1])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RefusedError(done.stderr)
    return Probed(*json.loads(done.stdout))


def main() -> None:
    """Probe a model in this process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("prompts", nargs="+")
    parser.add_argument("--lora", nargs=2)
    options = parser.parse_args()

    import llama_cpp as lc
    import numpy as np

    from tests.bare_llama import BareLlama

    llama = BareLlama(options.model, context=256, threads=1, batch=32)
    if options.lora:
        llama.adapt(Path(options.lora[0]), float(options.lora[1]))
    written, first, finite = [], [], True
    for prompt in options.prompts:
        llama.prefill(llama.tokenize(prompt))
        first.append(llama.logits().tolist())
        tokens: list[int] = []
        for _ in range(TOKENS):
            logits = llama.logits()
            finite = finite and bool(np.isfinite(logits).all())
            tokens.append(int(logits.argmax()))
            llama.step(tokens[-1])
        written.append(tokens)
    kind = bool(lc.llama_model_is_recurrent(llama.model)), bool(lc.llama_model_is_hybrid(llama.model))
    sys.stdout.write(json.dumps([*kind, finite, written, first]) + "\n")


if __name__ == "__main__":
    main()
