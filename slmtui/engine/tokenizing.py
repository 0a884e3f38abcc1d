"""Pieces of a prompt as tokens, each by whom it is from; what the model wrote comes back as it was drawn."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from agents.message import Origin
from slmtui.engine.marks import Piece
from slmtui.engine.memo import Memo
from slmtui.engine.native import Vocab

_TRIES = 4
_BRACKET = re.compile(r"[<>\[\]|]")


@dataclass(frozen=True, slots=True)
class Run:
    """`count` tokens in a row of one origin."""

    origin: Origin
    count: int


@dataclass(frozen=True, slots=True)
class Written:
    """What the model wrote as it stands in a prompt: from byte `start` to `end`, in these tokens."""

    start: int
    end: int
    tokens: list[int]


class Tokenizer:
    """Tokenizes the pieces of prompts made by one template, whose text is `source`."""

    def __init__(self, vocab: Vocab, source: str, memo: Memo) -> None:
        self._vocab = vocab
        self._source = source
        self._memo = memo

    def tokens(self, pieces: Sequence[Piece], written: Sequence[Written]) -> tuple[list[int], list[Run]]:
        """Return the tokens of a prompt, and the origins of them all in order.

        `written` are places in it, in order, which do not overlap.
        """
        tokens: list[int] = []
        origins: list[Origin] = []
        for part, origin in self._parts(pieces, written):
            tokens += part
            origins += [origin] * len(part) if isinstance(origin, str) else origin
        if self._vocab.add_bos and self._vocab.bos >= 0 and tokens[:1] != [self._vocab.bos]:
            tokens.insert(0, self._vocab.bos)
            origins.insert(0, "template")
        return tokens, [Run(origin, sum(1 for _ in group)) for origin, group in groupby(origins)]

    def written_at(self, pieces: Sequence[Piece], start: int) -> Written | None:
        """Return what the model wrote that stands in a prompt from the byte `start` on, as much as there is.

        Its special tokens must be what the template writes there: a text of another cannot bring them in.
        """
        prompt = b"".join(piece.text.encode("utf-8", "replace") for piece in pieces)
        for output, tokens in self._memo.outputs_at(prompt, start):
            if all(_is_trusted(pieces, start + a, start + b) for a, b in self._controls(tokens)):
                return Written(start, start + len(output), tokens)
        return None

    def untrusted(self, text: str) -> list[int]:
        """Return the tokens of a text that nobody vouches for.

        llama.cpp finds tokens that are `user-defined` in any text. Those that the template uses, such as
        Qwen's `<tool_call>`, are control tokens in all but name, so a text that spells one is split there.
        """
        spelled: set[str] = set()
        tokens = self._vocab.tokenize(text, special=False)
        for _ in range(_TRIES):
            found = {self._vocab.text(token) for token in set(tokens) if self._is_control(token)}
            if not found:
                break
            spelled |= found
            tokens = [t for part in _split(text, spelled) for t in self._vocab.tokenize(part, special=False)]
        return tokens

    def _parts(
        self, pieces: Sequence[Piece], written: Sequence[Written]
    ) -> Iterator[tuple[list[int], Origin | list[Origin]]]:
        places = list(written)
        at = 0
        for piece in pieces:
            data = piece.text.encode("utf-8", "replace")
            done, end = at, at + len(data)
            while places and places[0].start < end:
                place = places[0]
                if place.start >= done:
                    yield from self._rest(piece, data[done - at : place.start - at])
                    yield place.tokens, self._origins(pieces, place)
                done = min(end, place.end)
                if place.end > end:
                    break
                places.pop(0)
            yield from self._rest(piece, data[done - at :])
            at = end

    def _rest(self, piece: Piece, data: bytes) -> Iterator[tuple[list[int], Origin]]:
        if data:
            yield self._piece_tokens(replace(piece, text=data.decode())), piece.origin

    def _piece_tokens(self, piece: Piece) -> list[int]:
        if piece.trusted:
            return self._vocab.tokenize(piece.text, special=True)
        known = self._memo.get(piece.text) if piece.said else None
        return known if known is not None else self.untrusted(piece.text)

    def _origins(self, pieces: Sequence[Piece], place: Written) -> list[Origin]:
        """Return the origin of each token of a place: that of the piece in which it begins."""
        ends: list[tuple[int, Origin]] = []
        at = 0
        for piece in pieces:
            at += len(piece.text.encode("utf-8", "replace"))
            ends.append((at, piece.origin))
        origins: list[Origin] = []
        at, n = place.start, 0
        for token in place.tokens:
            while ends[n][0] <= at and n < len(ends) - 1:
                n += 1
            origins.append(ends[n][1])
            at += len(self._vocab.piece(token, special=True))
        return origins

    def _controls(self, tokens: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield where the control tokens of an output begin and end, in bytes."""
        at = 0
        for token in tokens:
            size = len(self._vocab.piece(token, special=True))
            if self._vocab.is_control(token) or self._is_control(token):
                yield at, at + size
            at += size

    def _is_control(self, token: int) -> bool:
        """Whether a user-defined token is one of those that the template writes."""
        if not self._vocab.is_user_defined(token):
            return False
        text = self._vocab.text(token)
        return len(text) > 1 and bool(_BRACKET.search(text)) and text in self._source


def _is_trusted(pieces: Sequence[Piece], start: int, end: int) -> bool:
    """Whether the template wrote all bytes of a prompt from `start` to `end`."""
    at = 0
    for piece in pieces:
        after = at + len(piece.text.encode("utf-8", "replace"))
        if start < after and at < end and not piece.trusted:
            return False
        at = after
    return True


def _split(text: str, spelled: set[str]) -> list[str]:
    """Return a text in parts, none of which holds one of `spelled`."""
    pattern = "|".join(re.escape(one) for one in sorted(spelled, key=len, reverse=True))
    parts, at = [], 0
    for match in re.finditer(pattern, text):
        parts.append(text[at : match.start() + 1])
        at = match.start() + 1
    return [*parts, text[at:]]
