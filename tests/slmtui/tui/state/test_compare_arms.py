from slmtui.models.fit import Fit
from slmtui.tui.state.compare_arms import ChosenArms, fit_words, model_key
from tests.slmtui.tui.scripted import CHOICES, FACTS

ORDER = ("base", "single", "multi", "vote")
LOADED = FACTS.model


def chosen() -> ChosenArms:
    return ChosenArms(("base", "single"), (LOADED,), LOADED)


def fit(available: int) -> Fit:
    return Fit(2048, 1_000_000_000, 50_000_000, 250_000_000, available)


def test_what_is_taken_in_keeps_the_order_of_the_list() -> None:
    arms = chosen()
    arms.toggle("paradigm", "vote", ORDER)
    arms.toggle("paradigm", "multi", ORDER)
    assert arms.paradigms == ORDER
    arms.toggle("paradigm", "base", ORDER)
    assert arms.paradigms == ("single", "multi", "vote")
    arms.toggle("model", "/b.gguf", (LOADED, "/a.gguf", "/b.gguf"))
    assert arms.models == (LOADED, "/b.gguf")
    assert arms.arms == 6


def test_nothing_and_too_many_are_refused() -> None:
    arms = chosen()
    assert arms.problem == ""
    arms.toggle("model", LOADED, (LOADED,))
    assert arms.problem == "Choose a paradigm and a model at least."
    arms = ChosenArms(ORDER, (LOADED, "/a", "/b"), LOADED)
    assert arms.problem.startswith("12 arms are too many")


def test_a_model_that_will_not_fit_takes_a_second_word() -> None:
    arms, model = chosen(), CHOICES[2]
    refusal = arms.refuse(model, fit(700_000_000))
    assert refusal == (
        "qwen3-0.6b needs ~1.3 GB, and 700 MB are free beside what is loaded. Choose it once more to take it"
        " all the same."
    )
    assert arms.refuse(model, fit(700_000_000)) == ""


def test_a_model_that_fits_or_of_which_nothing_is_known_is_taken_at_once() -> None:
    arms, model = chosen(), CHOICES[2]
    assert arms.refuse(model, fit(2_000_000_000)) == arms.refuse(model, None) == ""
    assert fit_words(fit(2_000_000_000)) == "✓ likely to fit: ~1.3 GB of 2.0 GB free"
    assert fit_words(fit(1)).startswith("✗ not likely to fit")
    assert fit_words(None) == "? not known whether it fits"


def test_one_that_is_left_out_is_never_refused() -> None:
    arms, model = chosen(), CHOICES[2]
    arms.toggle("model", model.path, (LOADED, model.path))
    assert arms.refuse(model, fit(1)) == ""


def test_the_loaded_model_goes_by_its_name() -> None:
    assert model_key(CHOICES[0], FACTS, LOADED) == LOADED
    assert model_key(CHOICES[2], FACTS, LOADED) == "/models/qwen3.gguf"
