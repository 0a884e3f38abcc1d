import importlib.util
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slmtui.backend import TokenCount
from slmtui.models.byte_pairs import KEPT
from slmtui.models.errors import ModelFileError
from slmtui.models.gguf_header import read_header
from slmtui.models.pretokenizers import PATTERNS
from slmtui.tokens import MAX_EXACT, BackgroundTokenCounter, TokenCounter, estimate
from tests.models import LONG_TOKEN, vocabulary
from tests.shared_data import shared
from tests.slmtui.llama_tokenizer import LlamaTokenizer, write_vocabulary
from tests.slmtui.models.gguf_files import write_gguf

PIECES = (
    "a", "Bc", "hello", "camelCase", "XMLHttp", "Straße", "don't", "I'LL", "'s", "'Re", "'\u017f", "_", "-",
    " ", "  ", "    ", "\n", "\n\n", "\r\n", "\t", " \n", "\u00a0", "\u3000", "\u0085", "\u200b", "\x1c",
    "1", "12", "1234567", "3.14", "٣٤", "½", "²", "!", "...", "?!", "$", "+", "`", "~|^", "«", "(x)", "/",
    "漢字", "日本語", "한국어", "नमस्ते", "ไทย", "\u0627", "é", "e\u0301", "ǅ", "ʰ", "🦙", "👩\u200d👧", "\x00",
    "<|im_end|>",
)  # fmt: skip
PRE_TOKENIZERS = ("smollm", "gpt-2", "default", "qwen2", "qwen35", "dbrx", "gpt-4o")

texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))


@pytest.fixture(scope="module")
def counter(smollm: Path) -> TokenCounter:
    return TokenCounter.of_file(smollm)


@pytest.fixture(scope="module")
def llama(smollm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaTokenizer]:
    needs_llama_cpp()
    with LlamaTokenizer(smollm, tmp_path_factory.mktemp("llama") / "log") as tokenizer:
        yield tokenizer


def needs_llama_cpp() -> None:
    if importlib.util.find_spec("llama_cpp") is None:
        pytest.skip("llama-cpp-python is not installed")


@pytest.mark.model
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=texts)
def test_the_tokens_are_those_of_llama_cpp(counter: TokenCounter, llama: LlamaTokenizer, text: str) -> None:
    assert counter.encode(text) == llama.encode(text)
    assert counter.count(text) == TokenCount(len(llama.encode(text)), exact=True)


@pytest.mark.model
@pytest.mark.parametrize("pre", PRE_TOKENIZERS)
def test_every_pre_tokenizer_cuts_as_llama_cpp_does(smollm: Path, tmp_path: Path, pre: str) -> None:
    needs_llama_cpp()
    model = write_vocabulary(smollm, pre, tmp_path / "vocabulary.gguf")
    ours = TokenCounter.of_file(model)
    with LlamaTokenizer(model, tmp_path / "log") as theirs:
        for first in PIECES:
            for second in PIECES:
                text = f"{first}{second}{first} {second}\n{second}{first}"
                assert ours.encode(text) == theirs.encode(text), text


@pytest.mark.parametrize("name", ["gpt-2", "llama-bpe", "qwen2"])
def test_reference_vectors(name: str) -> None:
    model = shared("compat", "vocab", f"ggml-vocab-{name}.gguf")
    inputs = Path(f"{model}.inp").read_text(encoding="utf-8").split("\n__ggml_vocab_test__\n")
    outputs = Path(f"{model}.out").read_text(encoding="utf-8").split("\n")
    counter = TokenCounter.of_file(model)
    assert len(inputs) == len(outputs) > 40
    for text, expected in zip(inputs, outputs, strict=True):
        assert counter.encode(text) == [int(token) for token in expected.split()]


def test_every_merged_token_is_what_merging_its_own_bytes_gives(smollm: Path) -> None:
    """What tiktoken's way of merging by rank needs, to give what merging by pairs gives."""
    metadata = read_header(smollm, KEPT).metadata
    merges = metadata["tokenizer.ggml.merges"]
    assert isinstance(merges, list)
    ranks = {tuple(merge.split(" ")): rank for rank, merge in enumerate(merges)}
    for merge in merges[::25]:
        parts = list(merge.replace(" ", ""))
        while len(parts) > 1:
            rank, place = min((ranks.get(p, len(ranks)), i) for i, p in enumerate(pairwise(parts)))
            assert rank < len(ranks), merge
            parts[place : place + 2] = [parts[place] + parts[place + 1]]


def test_only_merges_make_tokens(tiny_model: Path) -> None:
    tokens = vocabulary()
    encoded = TokenCounter.of_file(tiny_model).encode(LONG_TOKEN + "hello<|im_end|>")
    assert encoded is not None
    assert [tokens[index] for index in encoded] == ["===="] * 20 + ["hello", *"<|im_end|>"]


def test_user_defined_tokens_are_found_in_any_text(tmp_path: Path) -> None:
    tokens = ["a", "b", "ab", "<x>", "<x><x>", "<|im_end|>"]
    arrays = {"tokenizer.ggml.merges": ["a b"], "tokenizer.ggml.token_type": [1, 1, 1, 4, 4, 4]}
    model = write_gguf(tmp_path / "m.gguf", tokens=tokens, arrays=arrays)
    counter = TokenCounter.of_file(model)
    assert counter.encode("ab<x>ba<x><x><x>") == [2, 3, 1, 0, 4, 3]
    assert counter.encode("<|im_end|>") == []  # an end of turn stays text, of which this file has no bytes


def test_half_a_character_is_counted_as_something(counter: TokenCounter) -> None:
    assert counter.count("a\ud800b").exact
    assert counter.count("\ud800").tokens == counter.count("?").tokens


@pytest.mark.parametrize(
    "changes",
    [
        {"strings": {"tokenizer.ggml.pre": "from-the-future"}},
        {"strings": {"tokenizer.ggml.model": "llama"}},
        {"arrays": {"tokenizer.ggml.merges": ["a z"]}},
        {"arrays": {"tokenizer.ggml.merges": ["漢 a"]}},
        {"arrays": {"tokenizer.ggml.merges": ["a b"]}, "strings": {"tokenizer.ggml.pre": "llama-bpe"}},
        {},
    ],
)
def test_what_is_not_known_exactly_is_an_estimate(tmp_path: Path, changes: dict[str, dict[str, str]]) -> None:
    counter = TokenCounter.of_file(write_gguf(tmp_path / "m.gguf", **changes))
    assert not counter.exact
    assert counter.encode("hello") is None
    assert counter.count("hello world!") == TokenCount(3, exact=False)


@given(text=st.text())
def test_an_estimate_is_never_more_than_the_characters(text: str) -> None:
    assert (estimate(text) > 0) == bool(text)
    assert estimate(text) <= len(text)


def test_an_enormous_text_is_estimated_from_its_beginning(counter: TokenCounter) -> None:
    text = "hello world, " * (MAX_EXACT // 13 + 1)
    count = counter.count(text * 3)
    whole = counter.count(text[:MAX_EXACT]).tokens
    assert not count.exact
    assert count.tokens == pytest.approx(3 * whole, rel=0.01)


@pytest.mark.parametrize("character", ["a", " ", "\n", "9", "?", "漢"])
def test_a_long_run_of_one_character_is_counted(counter: TokenCounter, character: str) -> None:
    assert 0 < counter.count(character * 100_000).tokens <= 300_000


def test_all_patterns_compile() -> None:
    import tiktoken

    ranks = {bytes([byte]): byte for byte in range(256)}
    for name, pattern in PATTERNS.items():
        encoding = tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
        assert len(encoding.encode_ordinary("It's 1234 – a\n\n test!  ")) == 25


def test_a_counter_in_the_background_estimates_until_it_knows(tiny_model: Path) -> None:
    go = threading.Event()

    def load() -> TokenCounter:
        go.wait(5)
        return TokenCounter.of_file(tiny_model)

    counter = BackgroundTokenCounter(load)
    assert not counter.wait(0)  # nothing has been counted, so nothing is read
    assert counter.count("hello") == TokenCount(2, exact=False)
    assert not counter.wait(0)
    go.set()
    assert counter.wait(5)
    assert counter.count("hello") == TokenCount(1, exact=True)


def test_a_vocabulary_that_cannot_be_read_leaves_the_estimate(tmp_path: Path) -> None:
    counter = BackgroundTokenCounter(lambda: TokenCounter.of_file(tmp_path / "none"))
    assert not counter.count("hello").exact
    assert counter.wait(5)
    assert not counter.count("hello").exact
    with pytest.raises(ModelFileError):
        TokenCounter.of_file(tmp_path / "none")
