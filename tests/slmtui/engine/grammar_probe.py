"""Compiles grammars with llama.cpp in a child process and writes random texts under them.

The child reads a grammar as a line of JSON and answers a line of JSON: whether it compiled.
"""

import ctypes
import faulthandler
import json
import math
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

TOKENS = 12


class Probe:
    """The child. A grammar that ends it, or on which it hangs, is an assertion that quotes the grammar."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self._child: subprocess.Popen[str] | None = None

    def compiles(self, grammar: str) -> bool:
        child = self._child = self._child or self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(grammar) + "\n")
        child.stdin.flush()
        answer = child.stdout.readline()
        if not answer:
            status = child.wait()
            self.close()
            raise AssertionError(f"llama.cpp ended with status {status} at the grammar {grammar!r}")
        return bool(json.loads(answer))

    def close(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def _start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, __file__, str(self._model)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"GGML_NO_BACKTRACE": "1"},  # which would be printed on stdout
        )


def serve(model: str) -> None:
    import llama_cpp as lc

    params = lc.llama_model_default_params()
    params.vocab_only = True
    loaded = lc.llama_model_load_from_file(model.encode(), params)
    vocab = lc.llama_model_get_vocab(loaded)
    for line in sys.stdin:
        faulthandler.dump_traceback_later(60, exit=True)  # llama.cpp hangs
        compiled = lc.llama_sampler_init_grammar(vocab, json.loads(line).encode(), b"root")
        if compiled:
            write_text(lc, vocab, compiled)
            lc.llama_sampler_free(compiled)
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps(bool(compiled)), flush=True)


def write_text(lc: Any, vocab: Any, compiled: Any) -> None:
    """Accept random tokens out of those that the grammar allows, as the engine does."""
    draw = random.Random(0)
    size = lc.llama_vocab_n_tokens(vocab)
    for _ in range(TOKENS):
        data = (lc.llama_token_data * size)(*((n, 0.0, 0.0) for n in range(size)))
        array = lc.llama_token_data_array(data=data, size=size, selected=-1, sorted=False)
        lc.llama_sampler_apply(compiled, ctypes.byref(array))
        allowed = [d.id for d in data if not math.isinf(d.logit) and not lc.llama_vocab_is_eog(vocab, d.id)]
        if not allowed:
            return
        lc.llama_sampler_accept(compiled, draw.choice(allowed))


if __name__ == "__main__":
    serve(sys.argv[1])
