"""A tiktoken encoding made of a GGUF file's own merges: the tokens that llama.cpp would make of a text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slmtui.models.gguf_header import GgufHeader, Value
from slmtui.models.pretokenizers import PATTERNS, WHOLE_WORDS

if TYPE_CHECKING:
    from tiktoken import Encoding

KEPT = ("tokenizer.ggml.tokens", "tokenizer.ggml.merges", "tokenizer.ggml.token_type")
"""What `read_header` must keep for this."""

NORMAL, USER_DEFINED = 1, 4
NO_TOKEN = -1

_ENDINGS = frozenset(
    (
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>",
        "<end_of_turn>", "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]",
        "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>", "[e~[",
    )
)  # fmt: skip
"""Tokens that llama.cpp takes for control tokens whatever the file calls them."""


def byte_alphabet() -> list[str]:
    """Return the 256 characters by which byte-level BPE writes bytes (GPT-2's table)."""
    plain = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return [chr(byte if byte in plain else next(others)) for byte in range(256)]


@dataclass(frozen=True, slots=True)
class BytePairs:
    """An encoding whose numbers are merge ranks, the GGUF token of each rank, and the user-defined tokens."""

    encoding: "Encoding"
    ids: tuple[int, ...]
    whole: tuple[tuple[str, int], ...]

    def encode(self, text: str) -> list[int]:
        """Return the GGUF tokens of a text, with control tokens off: `<|im_end|>` is plain text."""
        clean = text.encode("utf-8", "replace").decode()
        tokens: list[int] = []
        for piece in _cut_out(clean, self.whole):
            if isinstance(piece, int):
                tokens.append(piece)
            else:
                tokens.extend(self.ids[rank] for rank in self.encoding.encode_ordinary(piece))
        return [token for token in tokens if token != NO_TOKEN]


def byte_pairs(header: GgufHeader) -> BytePairs | None:
    """Return the encoding of a file whose header was read with `KEPT`; None where it cannot be exact."""
    metadata = header.metadata
    pre = metadata.get("tokenizer.ggml.pre", "default")
    if metadata.get("tokenizer.ggml.model") != "gpt2" or pre not in PATTERNS:
        return None
    tokens, merges = _strings(metadata.get(KEPT[0])), _strings(metadata.get(KEPT[1]))
    ranked = _ranked(tokens, merges)
    if ranked is None:
        return None
    ranks, ids = ranked
    kinds = metadata.get(KEPT[2])
    kinds = kinds if isinstance(kinds, list) and len(kinds) == len(tokens) else [NORMAL] * len(tokens)
    if pre in WHOLE_WORDS and kinds.count(NORMAL) > len(set(ids) - {NO_TOKEN}):
        return None  # words that no merge leads to: tiktoken would merge their parts elsewhere too
    from tiktoken import Encoding  # noqa: PLC0415 - a slow import, for byte-level BPE alone

    encoding = Encoding(str(pre), pat_str=PATTERNS[str(pre)], mergeable_ranks=ranks, special_tokens={})
    return BytePairs(encoding, tuple(ids), tuple(_user_defined(tokens, kinds)))


def _ranked(tokens: list[str], merges: list[str]) -> tuple[dict[bytes, int], list[int]] | None:
    """Return the ranks of tiktoken, the bytes first and then the merges in order, and the token of each.

    tiktoken joins any two neighbours whose union has a rank, llama.cpp only the pairs that are
    merges. The two agree where every merged token is what merging its own bytes gives, as in every
    vocabulary that was trained by merging.
    """
    alphabet = byte_alphabet()
    byte_of = {character: byte for byte, character in enumerate(alphabet)}
    id_of = {token: index for index, token in enumerate(tokens)}
    ranks = {bytes([byte]): byte for byte in range(256)}
    ids = [id_of.get(character, NO_TOKEN) for character in alphabet]
    seen: set[str] = set()
    for merge in merges:
        cut = merge.find(" ", 1)
        word = merge[:cut] + merge[cut + 1 :]
        if word in seen:
            continue
        seen.add(word)
        try:
            ranks[bytes([byte_of[character] for character in word])] = len(ids)
            ids.append(id_of[word])
        except KeyError:
            return None
    return (ranks, ids) if merges and len(ranks) == len(ids) else None


def _user_defined(tokens: list[str], kinds: list[int]) -> Iterable[tuple[str, int]]:
    """Return the tokens that are found in any text before it is cut, the longest first."""
    found = [
        (token, index)
        for index, (token, kind) in enumerate(zip(tokens, kinds, strict=True))
        if kind == USER_DEFINED and token and token not in _ENDINGS
    ]
    return sorted(found, key=lambda pair: len(pair[0].encode()), reverse=True)


def _cut_out(text: str, whole: tuple[tuple[str, int], ...]) -> list[str | int]:
    """Return the text with its user-defined tokens cut out, as llama.cpp does: one token after the other."""
    pieces: list[str | int] = [text]
    for token, index in whole:
        if token in text:
            pieces = [part for piece in pieces for part in _cut_one(piece, token, index)]
    return pieces


def _cut_one(piece: str | int, token: str, index: int) -> Iterable[str | int]:
    if isinstance(piece, int):
        yield piece
        return
    first, *rest = piece.split(token)
    yield first
    for part in rest:
        yield index
        yield part


def _strings(value: Value | None) -> list[str]:
    return value if isinstance(value, list) else []
