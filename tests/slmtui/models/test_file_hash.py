import hashlib
import json
import os
from pathlib import Path

import pytest

from slmtui.models.errors import ModelFileError
from slmtui.models.file_hash import CACHE_FILE, file_hash


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_hash_is_remembered_until_the_file_changes(tmp_path: Path) -> None:
    file, cache = tmp_path / "m.gguf", tmp_path / "cache"
    file.write_bytes(b"one")
    assert file_hash(file, cache) == sha256(b"one")
    known = json.loads((cache / CACHE_FILE).read_text())
    known[str(file)][2] = "remembered"
    (cache / CACHE_FILE).write_text(json.dumps(known))
    assert file_hash(file, cache) == "remembered"
    file.write_bytes(b"two")
    os.utime(file, ns=(1, 1))
    assert file_hash(file, cache) == sha256(b"two")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"%s": 3}', "\xff"])
def test_a_damaged_cache_only_costs_time(tmp_path: Path, content: str) -> None:
    file = tmp_path / "m.gguf"
    file.write_bytes(b"one")
    cached = content.replace("%s", str(file)).encode("latin-1")
    (tmp_path / CACHE_FILE).write_bytes(cached)
    assert file_hash(file, tmp_path) == sha256(b"one")
    assert json.loads((tmp_path / CACHE_FILE).read_text())[str(file)][2] == sha256(b"one")


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    file = tmp_path / "m.gguf"
    file.write_bytes(b"one")
    assert file_hash(file, file / "cache") == sha256(b"one")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="cannot be read"):
        file_hash(tmp_path / "none", tmp_path)
