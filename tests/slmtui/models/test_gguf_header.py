import contextlib
import struct
from pathlib import Path

import pytest
from gguf import GGUFReader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slmtui.models.errors import ModelFileError
from slmtui.models.gguf_header import MAX_KEPT_ARRAY, Omitted, missing_bytes, read_header
from slmtui.models.quantisation import tensor_bytes
from tests.slmtui.models.gguf_files import TOKENS, write_gguf


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    many = [f"t{i}" for i in range(MAX_KEPT_ARRAY + 1)]
    return write_gguf(
        tmp_path_factory.mktemp("model") / "tiny.gguf",
        strings={"general.name": "Tiny ünï"},
        arrays={"x.long": many, "x.numbers": list(range(MAX_KEPT_ARRAY + 1)), "x.floats": [0.5, 2.0]},
        flags={"x.flag": True},
    )


def test_it_reads_what_gguf_py_reads(model: Path) -> None:
    header = read_header(model, keep={"x.long"})
    theirs = GGUFReader(model)
    for key, field in theirs.fields.items():
        if not key.startswith("GGUF.") and key != "x.numbers":
            assert header.metadata[key] == field.contents()
    assert header.metadata["tokenizer.ggml.tokens"] == TOKENS
    shapes = {t.name: (tuple(int(d) for d in t.shape), int(t.tensor_type)) for t in theirs.tensors}
    assert {t.name: (t.shape, t.type) for t in header.tensors} == shapes
    starts = {t.name: int(t.data_offset) for t in theirs.tensors}
    assert {t.name: header.data_start + t.offset for t in header.tensors} == starts


def test_long_arrays_are_left_out_unless_asked_for(model: Path) -> None:
    metadata = read_header(model).metadata
    assert metadata["x.long"] == metadata["x.numbers"] == Omitted(MAX_KEPT_ARRAY + 1)
    assert isinstance(read_header(model, keep={"x.numbers"}).metadata["x.numbers"], list)


def test_tensor_sizes_end_where_the_file_ends(model: Path) -> None:
    header = read_header(model)
    assert missing_bytes(header, tensor_bytes) == 0
    ends = max(header.data_start + t.offset + (tensor_bytes(t) or 0) for t in header.tensors)
    assert 0 <= header.size - ends < 32


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cut=st.integers(min_value=1, max_value=4000))
def test_a_header_cut_anywhere_is_an_error_of_one_line(model: Path, tmp_path: Path, cut: int) -> None:
    whole = model.read_bytes()[:4000]
    file = tmp_path / "cut.gguf"
    file.write_bytes(whole[:cut])
    with pytest.raises(ModelFileError) as caught:
        read_header(file)
    assert "\n" not in str(caught.value)
    assert str(file) in str(caught.value)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_damaged_header_is_read_or_refused_but_never_breaks(
    model: Path, tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(model.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, 1500))] = data.draw(st.integers(0, 255))
    file = tmp_path / "damaged.gguf"
    file.write_bytes(content)
    with contextlib.suppress(ModelFileError):
        read_header(file)


def header_of(tensors: int, keys: int, rest: bytes = b"", version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, keys) + rest


def text(value: bytes) -> bytes:
    return struct.pack("<Q", len(value)) + value


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"GG", "not a GGUF file"),
        (b"PK\x03\x04 a zip file, say", "not a GGUF file"),
        (header_of(0, 0, version=1), "GGUF version 1"),
        (header_of(0, 0, version=0x03000000), "big-endian"),
        (header_of(0, 1 << 60), "announces"),
        (header_of(1 << 60, 0), "announces"),
        (header_of(0, 1, struct.pack("<Q", 1 << 62)), "truncated"),
        (header_of(0, 1, text(b"k") + struct.pack("<I", 99)), "unknown type 99"),
        (header_of(0, 1, text(b"k") + struct.pack("<IIQ", 9, 9, 1)), "unknown type 9"),
        (header_of(0, 1, text(b"k") + struct.pack("<IIQ", 9, 4, 1 << 40)), "announces"),
        (header_of(0, 1, text(b"k") + struct.pack("<IIQ", 9, 8, 1 << 20)), "truncated"),
        (header_of(0, 2, 2 * (text(b"k\x1b") + struct.pack("<II", 4, 1))), "twice"),
        (header_of(1, 0, text(b"t") + struct.pack("<I", 4_000_000_000)), "dimensions"),
        (
            header_of(0, 1, text(b"general.alignment") + struct.pack("<II", 4, 3)),
            "alignment is not a power of two",
        ),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "bad.gguf"
    file.write_bytes(content)
    with pytest.raises(ModelFileError, match=says) as caught:
        read_header(file)
    assert str(caught.value).isprintable()


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="does not exist"):
        read_header(tmp_path / "none.gguf")
    with pytest.raises(ModelFileError, match="is a folder"):
        read_header(tmp_path)
    with pytest.raises(ModelFileError, match="does not exist"):
        read_header(Path("nul\0.gguf"))
    with pytest.raises(ModelFileError, match="is not a file"):
        read_header(Path("/dev/null"))


def test_names_of_files_reach_the_terminal_without_escapes(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError) as caught:
        read_header(tmp_path / "evil\x1b[2J\n.gguf")
    assert str(caught.value).isprintable()
