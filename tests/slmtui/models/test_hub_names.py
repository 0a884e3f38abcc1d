import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.models.errors import UnknownPullError
from slmtui.models.hub_names import HubFile, Wanted, choose_file, is_safe_name, quant_of, wanted
from slmtui.models.known import KNOWN, wanted_of

FILES = tuple(
    HubFile(name)
    for name in (
        "README.md", "Tiny-Q2_K.gguf", "Tiny-Q4_K_M.gguf", "Tiny-Q8_0.gguf", "mmproj-Tiny-F16.gguf",
        "Big-F16-00001-of-00002.gguf", "Big-F16-00002-of-00002.gguf",
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "quant"),
    [
        ("Qwen3-0.6B-Q8_0.gguf", "Q8_0"),
        ("qwen2.5-0.5b-instruct-q4_k_m.gguf", "Q4_K_M"),
        ("mistral-7b-instruct-v0.2.Q4_K_M.gguf", "Q4_K_M"),
        ("sub/Model-IQ3_XXS.gguf", "IQ3_XXS"),
        ("Model-bf16.gguf", "BF16"),
        ("Phi-3-mini-4k-instruct-q4.gguf", "Q4"),
        ("model.gguf", ""),
    ],
)
def test_a_name_tells_its_quantisation(name: str, quant: str) -> None:
    assert quant_of(name) == quant


def test_a_file_is_chosen_by_quantisation_by_name_or_as_usual() -> None:
    assert choose_file("o/r", FILES).name == "Tiny-Q4_K_M.gguf"
    assert choose_file("o/r", FILES, "q8_0").name == "Tiny-Q8_0.gguf"
    assert choose_file("o/r", FILES, name="Tiny-Q2_K.gguf").name == "Tiny-Q2_K.gguf"
    assert choose_file("o/r", [HubFile("odd.gguf")]).name == "odd.gguf"


@pytest.mark.parametrize(
    ("files", "quant", "name", "said"),
    [
        (FILES, "Q5_K_M", "", "has no Q5_K_M; it has Q2_K, Q4_K_M, Q8_0"),
        (FILES, "", "none.gguf", "has no file none"),
        (FILES, "", "Big-F16-00001-of-00002.gguf", "in several parts"),
        (FILES[5:], "", "", "in several parts"),
        (FILES[:1], "", "", "no GGUF file to chat with"),
        ([HubFile("a.gguf"), HubFile("b.gguf")], "", "", "several files that fit: a.gguf, b.gguf"),
    ],
)
def test_what_cannot_be_chosen_is_said(files: tuple[HubFile, ...], quant: str, name: str, said: str) -> None:
    with pytest.raises(UnknownPullError, match=said):
        choose_file("o/r", files, quant, name)


def test_references() -> None:
    assert wanted(" Qwen/Qwen3-0.6B-GGUF:Q8_0 ") == Wanted("Qwen/Qwen3-0.6B-GGUF", "Q8_0")
    for wrong in ("", "/", "a/b/c", "../b", "a/..", "a", "http://a/b", "a/b\n"[:1], "-a/b"):
        with pytest.raises(UnknownPullError):
            wanted(wrong)


def test_short_names() -> None:
    assert wanted_of("qwen3-0.6b") == Wanted("Qwen/Qwen3-0.6B-GGUF", "Q8_0")
    assert wanted_of("Qwen3-0.6B:BF16") == Wanted("Qwen/Qwen3-0.6B-GGUF", "BF16")
    assert wanted_of("o/r") == Wanted("o/r")
    with pytest.raises(UnknownPullError, match=r"near it are qwen3-0\.6b"):
        wanted_of("qwen3")


def test_the_list_is_in_order_and_each_of_its_files_would_be_chosen() -> None:
    classes = list(dict.fromkeys(model.size_class for model in KNOWN))
    assert [model.size_class for model in KNOWN] == sorted(
        (model.size_class for model in KNOWN), key=classes.index
    )
    assert len({model.name for model in KNOWN}) == len(KNOWN)
    for model in KNOWN:
        assert wanted(model.repository).repository == model.repository
        assert quant_of(model.file) == model.quant
        assert is_safe_name(model.file)
        assert model.size < 10_000_000_000


@given(st.text())
def test_a_safe_name_stays_in_its_folder(name: str) -> None:
    if is_safe_name(name):
        parts = name.split("/")
        assert not {"", ".", ".."} & {part.strip() for part in parts}
        assert not any(character in name for character in "\\:\0\n\r")


@pytest.mark.parametrize("name", ["a.gguf", "sub/a b.gguf", "Q4 (1)/x+y_z.gguf", "ünï.gguf"])
def test_usual_names_are_safe(name: str) -> None:
    assert is_safe_name(name)
