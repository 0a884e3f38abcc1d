import base64
import hashlib
import socket
from pathlib import Path
from typing import Any

import pytest
from tiktoken_ext import openai_public

from slmtui import encodings
from slmtui.encodings import FILES, PLACE, SHA256, BackgroundEncodings, cache_folder, encodings_here, is_here


def kept(folder: Path, file: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(f"{PLACE}{file}".encode()).hexdigest()).write_bytes(content)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A cache in which the file of r50k_base has bytes for tokens, and a network that must not be used."""
    ranks = b"".join(base64.b64encode(bytes([n])) + b" %d\n" % n for n in range(256))
    sha256 = hashlib.sha256(ranks).hexdigest()
    file = FILES["r50k_base"][0]
    kept(tmp_path, file, ranks)
    monkeypatch.setitem(SHA256, file, sha256)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))

    def constructor() -> dict[str, Any]:
        ranks = openai_public.load_tiktoken_bpe(f"{PLACE}{file}", expected_hash=sha256)
        special = {openai_public.ENDOFTEXT: 256}
        pattern = openai_public.r50k_pat_str
        return {"name": "r50k", "pat_str": pattern, "mergeable_ranks": ranks, "special_tokens": special}

    def no_network(*_args: object) -> None:
        raise AssertionError("the network was used")

    from tiktoken import registry

    monkeypatch.setattr(registry, "ENCODINGS", {})
    monkeypatch.setattr(registry, "ENCODING_CONSTRUCTORS", {"r50k_base": constructor})
    monkeypatch.setattr(socket.socket, "connect", no_network)
    return {"TIKTOKEN_CACHE_DIR": str(tmp_path)}


def test_the_files_are_those_that_tiktoken_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def plain(path: str, expected_hash: str) -> dict[bytes, int]:
        asked.append((path, expected_hash))
        return {}

    def pair(vocab_bpe_file: str, encoder_json_file: str, vocab_bpe_hash: str, encoder_json_hash: str) -> Any:
        asked.extend([(vocab_bpe_file, vocab_bpe_hash), (encoder_json_file, encoder_json_hash)])

    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", plain)
    monkeypatch.setattr(openai_public, "data_gym_to_mergeable_bpe_ranks", pair)
    assert set(FILES) == set(openai_public.ENCODING_CONSTRUCTORS)
    for name, files in FILES.items():
        asked.clear()
        openai_public.ENCODING_CONSTRUCTORS[name]()
        assert asked == [(f"{PLACE}{file}", SHA256[file]) for file in files]


def test_an_encoding_that_is_here_counts_without_the_network(small: dict[str, str]) -> None:
    found = encodings_here(["r50k_base", "o200k_base", "nonsense"], small)
    assert list(found) == ["r50k_base"]
    assert found["r50k_base"]("Zwölf <|endoftext|>") == len("Zwölf <|endoftext|>".encode())


def test_a_file_that_is_missing_or_broken_is_not_here(small: dict[str, str], tmp_path: Path) -> None:
    assert is_here("r50k_base", small)
    kept(tmp_path, FILES["r50k_base"][0], b"half of i")
    assert not is_here("r50k_base", small)  # tiktoken would fetch it again
    assert not is_here("r50k_base", {"TIKTOKEN_CACHE_DIR": str(tmp_path / "none")})
    assert not is_here("r50k_base", {"TIKTOKEN_CACHE_DIR": ""})


def test_tiktokens_rules_for_its_folder() -> None:
    assert cache_folder({"TIKTOKEN_CACHE_DIR": "a", "DATA_GYM_CACHE_DIR": "b"}) == Path("a")
    assert cache_folder({"DATA_GYM_CACHE_DIR": "b"}) == Path("b")
    assert cache_folder({"TIKTOKEN_CACHE_DIR": ""}) is None
    assert str(cache_folder({})).endswith("data-gym-cache")


def test_they_are_read_in_the_background_and_only_when_asked_for(small: dict[str, str]) -> None:
    some = BackgroundEncodings(["", "r50k_base"], small)
    some.wait(10)
    assert list(some.here()) == ["r50k_base"]


def test_where_none_is_asked_for_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_args: object) -> dict[str, Any]:
        raise AssertionError("the cache was read")

    monkeypatch.setattr(encodings, "encodings_here", read)
    none = BackgroundEncodings([""], {})
    none.wait(1)
    assert none.here() == {}
