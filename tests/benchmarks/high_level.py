"""An opponent: llama-cpp-python's own class `Llama`, as a program would use it that keeps one at hand.

`python -m tests.benchmarks.high_level MODEL --context N --threads T` reads requests as JSON lines,
{"messages": [{"role", "content"}], "max_tokens", "grammar": text or null, "temperature"}, and answers
each with a line of counts and times. It reuses the prefix that it shares with its last call, which
is what `Llama` does by itself. Seconds; `ttft_s` is null when no text came. The end of a turn counts as
an output token, as in the engine.
"""

import argparse
import json
import sys
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

from llama_cpp import Llama, LlamaGrammar

from tests.benchmarks.lines import private_stdout


class CountingLlama(Llama):  # type: ignore[misc]
    """A `Llama` that counts the tokens of its last call.

    `prefilled` of the `prompt` tokens were really evaluated; the end of a turn is among the `written`.
    """

    prompt = prefilled = written = 0
    _starting = False

    def generate(self, tokens: Sequence[int], **options: Any) -> Generator[int, None, None]:
        """Generate as `Llama` does."""
        self.prompt, self.prefilled, self.written = len(tokens), 0, 0
        self._starting = True
        for token in super().generate(tokens, **options):
            self.written += 1
            yield token

    def eval(self, tokens: Sequence[int]) -> None:
        """Evaluate as `Llama` does: first what the prompt still lacks, then each token written."""
        if self._starting:
            self.prefilled = len(tokens)
            self._starting = False
        super().eval(tokens)


def complete(llama: CountingLlama, request: dict[str, Any]) -> dict[str, Any]:
    """Run one request and return its counts and times."""
    started = time.monotonic()
    grammar = request.get("grammar")
    chunks = llama.create_chat_completion(
        request["messages"],
        max_tokens=request["max_tokens"],
        temperature=request.get("temperature", 0.0),
        grammar=LlamaGrammar.from_string(grammar, verbose=False) if grammar else None,
        seed=1,
        stream=True,
    )
    first: float | None = None
    text = ""
    for chunk in chunks:
        piece = chunk["choices"][0]["delta"].get("content") or ""
        if piece and first is None:
            first = time.monotonic() - started
        text += piece
    return {
        "prompt_tokens": llama.prompt,
        "prefilled_tokens": llama.prefilled,
        "output_tokens": llama.written,
        "text": text,
        "wall_s": time.monotonic() - started,
        "ttft_s": first,
    }


def main() -> None:
    """Answer requests until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--context", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--batch", type=int, default=512)
    options = parser.parse_args()
    answers = private_stdout()
    llama = CountingLlama(
        str(options.model),
        n_ctx=options.context,
        n_batch=options.batch,
        n_threads=options.threads,
        n_threads_batch=options.threads,
        n_gpu_layers=-1,
        use_mmap=True,
        verbose=False,
    )
    for line in sys.stdin:
        try:
            answer = complete(llama, json.loads(line))
        except ValueError as error:  # such as a prompt larger than the context
            answer = {"error": str(error)}
        answers.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
