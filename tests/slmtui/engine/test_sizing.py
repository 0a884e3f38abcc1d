import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.engine.protocol import AUTO_LAYERS, KvType, Shape
from slmtui.engine.sizing import (
    ALL_LAYERS,
    GpuDevice,
    NoRoomError,
    choose_context,
    choose_gpu_layers,
    kv_cache_bytes,
)

MB, GB = 10**6, 10**9
SMALL = Shape(layers=28, kv_bytes=12_000, weights=500 * MB, trained_context=32_768)


def shape(trained: int = 32_768, kv_bytes: int = 12_000, weights: int = 500 * MB) -> Shape:
    return Shape(28, kv_bytes, weights, trained)


def test_the_usual_context_where_memory_and_training_allow_it() -> None:
    choice = choose_context(0, SMALL, "f16", 13 * GB)
    assert (choice.tokens, choice.doubtful) == (8192, False)
    assert choice.note == (
        "8192 tokens: the usual size; the model was trained for 32768, and the KV cache takes 98 MB of "
        "12.5 GB free"
    )


@pytest.mark.parametrize(
    ("trained", "tokens"), [(0, 8192), (64, 512), (1000, 1792), (2048, 4096), (4096, 8192), (8192, 8192)]
)
def test_twice_the_trained_context_at_most(trained: int, tokens: int) -> None:
    choice = choose_context(0, shape(trained), "f16", 13 * GB)
    assert choice.tokens == tokens
    assert str(trained) in choice.note or not trained


def test_memory_bounds_the_context_at_half_of_what_the_weights_leave() -> None:
    choice = choose_context(0, SMALL, "f16", 500 * MB + 2 * 3000 * 12_000)
    assert choice.tokens == 2816  # 3000, in llama.cpp's steps of 256
    assert "half of the memory" in choice.note


@pytest.mark.parametrize(("kind", "tokens"), [("f16", 1024), ("q8_0", 1792), ("q4_0", 3584)])
def test_a_smaller_kv_type_gives_a_longer_context(kind: KvType, tokens: int) -> None:
    assert choose_context(0, SMALL, kind, 500 * MB + 2 * 1024 * 12_000).tokens == tokens


def test_the_smallest_context_takes_more_than_half_before_it_is_refused() -> None:
    needed = 512 * 12_000
    assert choose_context(0, SMALL, "f16", 500 * MB + needed).tokens == 512
    with pytest.raises(NoRoomError, match="weights take 500 MB and a KV cache of 512 tokens 6 MB, and 506"):
        choose_context(0, SMALL, "f16", 500 * MB + needed - 1)
    with pytest.raises(NoRoomError, match="close other programs"):
        choose_context(0, SMALL, "f16", 0)


def test_a_model_whose_kv_cache_is_not_known_is_never_refused() -> None:
    choice = choose_context(0, shape(kv_bytes=0), "f16", 0)
    assert choice.tokens == 8192
    assert "KV cache" not in choice.note


def test_what_was_set_wins_and_is_doubted_where_it_should_be() -> None:
    as_set = choose_context(1000, SMALL, "f16", 13 * GB)
    assert (as_set.tokens, as_set.note, as_set.doubtful) == (1000, "1000 tokens, as set", False)
    shared = choose_context(4096, shape(2048), "f16", 13 * GB)
    assert not shared.doubtful
    assert "no conversation may outgrow the 2048" in shared.note
    assert choose_context(4097, shape(2048), "f16", 13 * GB).doubtful
    large = choose_context(100_000, shape(0), "f16", 1 * GB)
    assert (large.tokens, large.doubtful) == (100_000, True)
    assert "the KV cache takes 1.2 GB, and 500 MB are free" in large.note


@given(
    trained=st.integers(0, 200_000),
    kv=st.integers(1, 10**6),
    weights=st.integers(0, 10**11),
    free=st.integers(0, 10**12),
    kind=st.sampled_from(["f16", "q8_0", "q4_0"]),
)
def test_a_chosen_context_fits_and_is_never_useless(
    trained: int, kv: int, weights: int, free: int, kind: KvType
) -> None:
    model = Shape(1, kv, weights, trained)
    try:
        tokens = choose_context(0, model, kind, free).tokens
    except NoRoomError:
        assert weights + kv_cache_bytes(512, model, kind) > free
        return
    assert 512 <= tokens <= 8192
    assert tokens % 256 == 0
    assert not trained or tokens <= max(512, 2 * trained)
    needed = kv_cache_bytes(tokens, model, kind)
    assert weights + needed <= free
    assert tokens == 512 or 2 * needed <= free - weights + 2


CARD = GpuDevice("RTX 4090", 24 * GB, 25 * GB)


def layers(
    asked: int, *devices: GpuDevice, supported: bool = True, model: Shape = SMALL
) -> tuple[int, str, bool]:
    choice = choose_gpu_layers(asked, model, devices, supported, 100 * MB)
    return choice.layers, choice.note, choice.doubtful


def test_without_a_gpu_nothing_goes_there_and_the_note_says_why() -> None:
    cpu_only = "no GPU: this build of llama.cpp is for the CPU only"
    assert layers(AUTO_LAYERS, supported=False) == (0, cpu_only, False)
    no_effect = "; gpu_layers = 20 in the settings has no effect"
    assert layers(20, supported=False) == (0, cpu_only + no_effect, True)
    assert layers(0, supported=False) == (0, cpu_only, False)
    number, note, _ = layers(AUTO_LAYERS, supported=True)
    assert (number, note) == (0, "no GPU was found, though this build of llama.cpp could use one")


def test_all_layers_where_they_fit_with_a_tenth_to_spare() -> None:
    assert layers(AUTO_LAYERS, CARD) == (29, "all 29 layers on RTX 4090: 600 MB of 24.0 GB", False)
    assert layers(AUTO_LAYERS, GpuDevice("A", 660 * MB, GB))[0] == 29
    assert layers(AUTO_LAYERS, GpuDevice("A", 659 * MB, GB))[0] == 28


def test_as_many_layers_as_fit() -> None:
    number, note, _ = layers(AUTO_LAYERS, GpuDevice("A", 330 * MB, GB))
    assert number == 14
    assert note.startswith("14 of 29 layers on A, in 330 MB: the rest would not fit; close other programs")
    assert layers(AUTO_LAYERS, GpuDevice("A", 0, GB))[0] == 0


def test_several_gpus_hold_it_together() -> None:
    number, note, _ = layers(AUTO_LAYERS, GpuDevice("A", 400 * MB, GB), GpuDevice("B", 400 * MB, GB))
    assert (number, note) == (29, "all 29 layers on A and B: 600 MB of 800 MB")


def test_layers_that_were_set() -> None:
    assert layers(10, CARD) == (10, "10 of 29 layers on RTX 4090, as set", False)
    assert layers(999, CARD)[0] == 29
    assert layers(0, CARD)[0] == 0
    number, note, doubtful = layers(29, GpuDevice("A", 500 * MB, GB))
    assert (number, doubtful) == (29, True)
    assert "they take 600 MB, and 500 MB are free" in note


def test_a_gpu_or_a_model_that_tells_too_little_gets_all_layers() -> None:
    number, note, _ = layers(AUTO_LAYERS, GpuDevice("A", 0, 0))
    assert number == 29
    assert "cannot be told" in note
    assert layers(AUTO_LAYERS, CARD, model=Shape())[0] == ALL_LAYERS
    assert layers(5, CARD, model=Shape())[0] == 5
