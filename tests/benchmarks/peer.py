"""An opponent: llama-server, inside xllamacpp. Any Python that has xllamacpp runs this file by its path.

`python tests/benchmarks/peer.py MODEL --context N --threads T` reads requests as JSON lines, {"messages":
[{"role", "content"}], "max_tokens", "grammar": text or null, "temperature"}, and answers each with a
line of counts and times, and llama-server's own `timings`. Seconds; `ttft_s` is null when no text came.
The end of a turn counts as an output token, as in the engine.
Caches are as llama-server sets them. xllamacpp's wheel for Linux is built for any x86-64 with AVX2, not
for this machine: compare its counts first, and its speeds with that in mind.
"""

import argparse
import json
import os
import sys
import time
from typing import Any

import xllamacpp


def serve(options: argparse.Namespace) -> xllamacpp.Server:
    """Load the model into a server with several slots on one unified KV cache."""
    params = xllamacpp.CommonParams()
    params.model.path = options.model
    params.n_ctx = options.context
    params.n_parallel = options.slots
    params.kv_unified = True
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = options.threads
    params.verbosity = 0
    return xllamacpp.Server(params)


def complete(server: xllamacpp.Server, request: dict[str, Any]) -> dict[str, Any]:
    """Run one request and return its counts and times, or its error."""
    body = {
        "messages": request["messages"],
        "max_tokens": request["max_tokens"],
        "temperature": request.get("temperature", 0.0),
        "stream": True,
        "seed": 1,
    }
    if request.get("grammar"):
        body["grammar"] = request["grammar"]
    started = time.monotonic()
    chunks: list[tuple[float, dict[str, Any]]] = []
    server.handle_chat_completions(body, lambda chunk: chunks.append((time.monotonic() - started, chunk)))
    wall = time.monotonic() - started
    for _, chunk in chunks:
        if "error" in chunk:
            return {"error": chunk["error"]["message"]}
    pieces = [(at, piece) for at, chunk in chunks if (piece := _text(chunk))]
    timings = chunks[-1][1]["timings"]
    return {
        "prompt_tokens": timings["cache_n"] + timings["prompt_n"],
        "prefilled_tokens": timings["prompt_n"],
        "output_tokens": timings["predicted_n"],
        "text": "".join(piece for _, piece in pieces),
        "wall_s": wall,
        "ttft_s": pieces[0][0] if pieces else None,
        "timings": timings,
    }


def _text(chunk: dict[str, Any]) -> str:
    """Return what a chunk adds to the answer, reasoning included."""
    delta = chunk["choices"][0]["delta"]
    return (delta.get("reasoning_content") or "") + (delta.get("content") or "")


def main() -> None:
    """Answer requests until standard input ends; standard output carries the answers alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--context", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--slots", type=int, default=4)
    options = parser.parse_args()
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    server = serve(options)
    for line in sys.stdin:
        answers.write(json.dumps(complete(server, json.loads(line))) + "\n")
    answers.flush()
    os._exit(0)  # the server's threads are of no more use


if __name__ == "__main__":
    main()
