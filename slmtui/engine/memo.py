"""The tokens that a model wrote, so that its own words come back as what they were.

Tokenizing an answer again may give other tokens than the model drew, and lose the KV cache there.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator

CAPACITY = 512


class Memo:
    """Texts, and whole outputs with their special tokens spelled out, each with its tokens.

    The oldest are forgotten beyond `capacity`.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._texts: OrderedDict[str, list[int]] = OrderedDict()
        self._outputs: OrderedDict[bytes, list[int]] = OrderedDict()
        self._capacity = capacity

    def remember(self, text: str, tokens: list[int]) -> None:
        """Keep the tokens of a text without special tokens."""
        if text:
            self._texts[text] = tokens
            self._texts.move_to_end(text)
            while len(self._texts) > self._capacity:
                self._texts.popitem(last=False)

    def remember_output(self, output: bytes, tokens: list[int]) -> None:
        """Keep the tokens of an output, whose bytes are spelled with special tokens as text.

        One that is no whole text cannot stand in a prompt, and is not kept.
        """
        try:
            output.decode()
        except UnicodeDecodeError:
            return
        if output:
            self._outputs[output] = tokens
            self._outputs.move_to_end(output)
            while len(self._outputs) > self._capacity:
                self._outputs.popitem(last=False)

    def get(self, text: str) -> list[int] | None:
        """Return the tokens that a text was written with, or None."""
        return self._texts.get(text)

    def of(self, texts: Iterable[str]) -> dict[str, list[int]]:
        """Return the tokens of those of `texts` that a model wrote."""
        return {text: self._texts[text] for text in texts if text in self._texts}

    def outputs_at(self, prompt: bytes, start: int) -> Iterator[tuple[bytes, list[int]]]:
        """Yield the outputs that stand in a prompt at a byte, the longest first."""
        found = [output for output in self._outputs if prompt.startswith(output, start)]
        for output in sorted(found, key=len, reverse=True):
            yield output, self._outputs[output]
