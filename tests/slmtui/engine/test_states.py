import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.engine.states import SavedState, StateError, read_state, write_state

SAVED = SavedState([5, 6, 70000], b"\0state\xff" * 50, {"hello": [5, 6]})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.kv"
    size = write_state(path, "model 1", SAVED)
    assert size == path.stat().st_size
    assert read_state(path, "model 1") == SAVED
    assert [p.name for p in tmp_path.iterdir()] == ["a.kv"]
    assert path.stat().st_mode & 0o077 == 0


def test_another_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.kv"
    write_state(path, "model 1", SAVED)
    with pytest.raises(StateError, match="another model or context"):
        read_state(path, "model 2")


def test_no_folder_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="cannot be written"):
        write_state(tmp_path / "no" / "a.kv", "m", SAVED)
    with pytest.raises(StateError, match="cannot be read"):
        read_state(tmp_path / "a.kv", "m")


@given(st.integers(min_value=0), st.binary(min_size=1, max_size=3), st.booleans())
def test_damage_is_always_noticed(place: int, junk: bytes, shorten: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.kv"
        write_state(path, "m", SAVED)
        whole = path.read_bytes()
        at = place % len(whole)
        damaged = whole[:at] if shorten else whole[:at] + junk + whole[at + len(junk) :]
        path.write_bytes(damaged)
        if damaged[: len(whole)] == whole:
            assert read_state(path, "m") == SAVED
            return
        with contextlib.suppress(StateError):
            assert read_state(path, "m") == SAVED, "only the form of the header may have changed"
