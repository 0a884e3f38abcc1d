"""llama.cpp's own tokenizer in a child process: run as a program it is the child, imported it starts one.

Requests and answers are JSON lines: a text in, its tokens out. llama_cpp is never imported by pytest.
"""

import json
import struct
import subprocess
import sys
from pathlib import Path
from typing import IO, Self

from slmtui.models.gguf_header import read_header


class LlamaTokenizer:
    """A child process that holds the vocabulary of one GGUF file; its log goes to a file."""

    def __init__(self, model: Path, log: Path) -> None:
        self._log = log.open("wb")
        self._child = subprocess.Popen(
            [sys.executable, __file__, str(model)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.communicate()
        self._log.close()

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text, with control tokens off and none added."""
        assert self._child.stdin
        assert self._child.stdout
        self._child.stdin.write(json.dumps(text).encode() + b"\n")
        self._child.stdin.flush()
        answer = self._child.stdout.readline()
        assert answer, "llama.cpp's tokenizer died"
        tokens: list[int] = json.loads(answer)
        return tokens


def write_vocabulary(model: Path, pre: str, path: Path) -> Path:
    """Write a model's metadata without its weights, with another `tokenizer.ggml.pre`; return `path`."""
    header = read_header(model)
    first, old = header.tensors[0].name, header.metadata["tokenizer.ggml.pre"]
    assert isinstance(old, str)
    with model.open("rb") as file:
        content = file.read(header.data_start)
    kept = content[: content.index(_text(first))]
    before = _text("tokenizer.ggml.pre") + struct.pack("<I", 8)
    assert kept.count(before + _text(old)) == 1
    kept = kept.replace(before + _text(old), before + _text(pre))
    path.write_bytes(kept[:8] + struct.pack("<Q", 0) + kept[16:])
    return path


def _text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def _serve(model: str, requests: IO[str]) -> None:
    import llama_cpp as lc

    lc.llama_backend_init()
    params = lc.llama_model_default_params()
    params.vocab_only = True
    vocab = lc.llama_model_get_vocab(lc.llama_model_load_from_file(model.encode(), params))
    for line in requests:
        text = json.loads(line).encode()
        room = len(text) + 8
        tokens = (lc.llama_token * room)()
        count = lc.llama_tokenize(vocab, text, len(text), tokens, room, False, False)
        print(json.dumps(list(tokens[:count])), flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1], sys.stdin)
