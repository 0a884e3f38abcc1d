from pathlib import Path

import pytest

from slmtui import encodings
from slmtui.cli.cost_checks import energy, memory_lines, money
from slmtui.models.describe import describe
from slmtui.models.fit import estimate_fit
from slmtui.settings import Settings

MINI = {"name": "mini", "input_per_mtok": 0.15, "output_per_mtok": 0.6, "encoding": "o200k_base"}
PLAIN = {"name": "plain", "input_per_mtok": 1, "output_per_mtok": 2}


def priced(*hosted: dict[str, object], **money: object) -> Settings:
    return Settings(money={"hosted": hosted, **money})  # type: ignore[arg-type]


def test_no_price_is_no_fault() -> None:
    check = money(Settings(), {})
    assert (check.state, check.details) == ("ok", ())
    assert "no price is set" in check.value


def test_prices_say_how_their_tokens_are_counted(tmp_path: Path) -> None:
    check = money(priced(MINI, PLAIN, tariff_per_kwh=0.3), {"TIKTOKEN_CACHE_DIR": str(tmp_path)})
    assert (check.state, check.value) == ("note", "EUR: 0.3 a kWh")
    assert check.details == (
        "mini: 0.15 and 0.6 a million tokens in and out, ~ by the model's own tokens",
        "plain: 1 and 2 a million tokens in and out, ~ by the model's own tokens",
    )
    assert "tiktoken.get_encoding('o200k_base')" in check.advice


def test_an_encoding_that_is_here_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slmtui.cli.cost_checks.is_here", lambda name, _environ: name == "o200k_base")
    check = money(priced(MINI), {})
    assert (check.state, check.value, check.advice) == ("ok", "EUR: no tariff", "")
    assert check.details[0].endswith("~ by tiktoken's o200k_base")


def test_an_encoding_that_nobody_knows_is_named() -> None:
    check = money(priced(MINI | {"encoding": "o201k"}), {})
    assert check.advice == f"tiktoken has no encoding o201k; it has {', '.join(encodings.NAMES)}"


def test_modelled_energy_is_worth_a_note() -> None:
    watts = Settings(energy={"idle_watts": 5, "full_watts": 25})  # type: ignore[arg-type]
    check = energy(watts)
    assert check.state == "ok" or "5 W idle to 25 W busy" in check.value


def test_memory_is_explained_by_the_models_shape(tiny_model: Path) -> None:
    facts = describe(tiny_model)
    weights, kv_cache, rest = memory_lines(facts, estimate_fit(facts, 512, 10**9), "f16")
    assert weights.startswith("weights")
    assert "= 512 tokens × " in kv_cache
    assert rest.startswith("the rest  ~")
