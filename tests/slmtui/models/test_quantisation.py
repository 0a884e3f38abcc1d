import gguf

from slmtui.models.gguf_header import TensorInfo
from slmtui.models.quantisation import FILE_TYPES, TENSOR_TYPES, quantisation, tensor_bytes


def test_the_tensor_types_are_those_of_gguf_py() -> None:
    for kind in gguf.GGMLQuantizationType:
        assert TENSOR_TYPES[kind.value] == (kind.name, *gguf.GGML_QUANT_SIZES[kind])


def test_the_file_types_are_those_of_gguf_py() -> None:
    for kind in gguf.LlamaFileType:
        if kind.name != "GUESSED":
            assert FILE_TYPES[kind.value] == kind.name.removeprefix("ALL_").removeprefix("MOSTLY_")


def test_a_file_without_a_type_is_named_for_most_of_its_weights() -> None:
    tensors = [TensorInfo("a", (64, 64), 12, 0), TensorInfo("b", (64,), 0, 0)]
    assert quantisation(None, tensors) == "Q4_K"
    assert quantisation(1024, tensors) == "Q4_K"
    assert quantisation(15, tensors) == "Q4_K_M"
    assert quantisation(None, []) == quantisation(None, [TensorInfo("c", (1,), 999, 0)]) == "unknown"


def test_the_bytes_of_a_tensor_are_whole_blocks() -> None:
    assert tensor_bytes(TensorInfo("a", (256, 2), 12, 0)) == 2 * 144
    assert tensor_bytes(TensorInfo("a", (33,), 8, 0)) == 2 * 34
    assert tensor_bytes(TensorInfo("a", (33,), 999, 0)) is None
