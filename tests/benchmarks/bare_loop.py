"""The yardstick: llama.cpp's own speed, sampling and decoding in a loop without anything else.

`python -m tests.benchmarks.bare_loop MODEL --prompt-tokens N --tokens N --threads T` prints one JSON
line. With `--rounds` it reads lines `go` instead, and answers each with a round of its own, so that
two sides can take turns without loading again. The speed of a prefill is over its tokens; that of
decoding is over the tokens behind the first, as in 1 / TPOT.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.message import Sampling
from slmtui.engine.link import environment
from tests.benchmarks.lines import private_stdout

if TYPE_CHECKING:
    from tests.bare_llama import BareLlama

CONTEXT = 8192


def prompt_of(tokens: int, vocabulary: int) -> list[int]:
    """Return a prompt of so many random tokens, the same each time."""
    return [int(token) for token in np.random.default_rng(0).integers(0, vocabulary, tokens)]


def run_round(llama: "BareLlama", prompt: Sequence[int], tokens: int, sampling: Sampling) -> dict[str, Any]:
    """Prefill a prompt, then decode so many tokens, ends of turn included; return the speeds of both."""
    import llama_cpp as lc

    from slmtui.engine.native import Vocab
    from slmtui.engine.sampling import chain as chain_of

    chain = chain_of(sampling, Vocab(llama.vocab))
    started = time.monotonic()
    llama.prefill(prompt)
    prefilled = time.monotonic()
    token = lc.llama_sampler_sample(chain, llama.context, -1)
    first = time.monotonic()
    for _ in range(tokens - 1):
        llama.step(token)
        token = lc.llama_sampler_sample(chain, llama.context, -1)
    last = time.monotonic()
    lc.llama_sampler_free(chain)
    return {
        "prompt_tokens": len(prompt),
        "tokens": tokens,
        "prefill_tok_s": len(prompt) / (prefilled - started),
        "decode_tok_s": (tokens - 1) / (last - first) if tokens > 1 else None,
        "ttft_s": first - started,
        "wall_s": last - started,
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--prompt-tokens", type=int, required=True)
    parser.add_argument("--tokens", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--context", type=int, default=CONTEXT)
    parser.add_argument("--temperature", type=float, default=0.0)
    parser.add_argument("--rounds", action="store_true")
    return parser.parse_args()


def main() -> None:
    """Run one round, or one for each line `go`."""
    options = _options()
    answers = private_stdout()
    os.environ.update(environment())  # before llama.cpp's library loads, which reads it once

    from tests.bare_llama import BareLlama

    llama = BareLlama(options.model, context=options.context, threads=options.threads, batch=options.batch)
    prompt = prompt_of(options.prompt_tokens, llama.tokens)
    sampling = Sampling(temperature=options.temperature)
    for line in sys.stdin if options.rounds else ["go"]:
        if line.strip() == "go":
            answers.write(json.dumps(run_round(llama, prompt, options.tokens, sampling)) + "\n")


if __name__ == "__main__":
    main()
