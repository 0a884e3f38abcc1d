from pathlib import Path
from typing import Any

import pytest

from agents.budget import Limits
from agents.message import Sampling
from sessions.money import HostedPrice, Prices
from slmtui.settings import Settings, SettingsError, load_settings


def load(
    folder: Path,
    file: str | None = None,
    environ: dict[str, str] | None = None,
    flags: dict[str, Any] | None = None,
) -> Settings:
    if file is not None:
        (folder / "settings.toml").write_text(file, encoding="utf-8")
    return load_settings(environ=environ or {}, config_dir=folder, overrides=flags)


def test_the_defaults_are_those_of_a_turn(tmp_path: Path) -> None:
    settings = load(tmp_path / "none")
    assert settings.sampling_of_turn() == Sampling()
    assert settings.limits_of_turn() == Limits()
    assert (settings.model, settings.db, settings.notes, settings.paradigm) == (None, None, None, "base")


def test_flags_go_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    file = "model = 'file'\nparadigm = 'multi'\ntheme = 'nord'\n[sampling]\nseed = 1\ntop_k = 1\ntop_p = 0.1"
    environ = {"SLMTUI_MODEL": "env", "SLMTUI_PARADIGM": "single", "SLMTUI_SAMPLING__SEED": "2"}
    environ["SLMTUI_SAMPLING__TOP_K"] = "2"
    flags = {"model": "flag", "paradigm": None, "sampling": {"seed": 3, "top_k": None}}
    settings = load(tmp_path, file, environ, flags)
    assert (settings.model, settings.paradigm, settings.theme) == ("flag", "single", "nord")
    assert (settings.sampling.seed, settings.sampling.top_k, settings.sampling.top_p) == (3, 2, 0.1)


def test_the_process_environment_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLMTUI_MODEL", "leaked")
    monkeypatch.setenv("SLMTUI_SAMPLING__SEED", "5")
    settings = load(tmp_path)
    assert settings.model is None
    assert settings.sampling.seed == 0


def test_an_empty_variable_is_not_given(tmp_path: Path) -> None:
    assert load(tmp_path, environ={"SLMTUI_MODEL": "", "SLMTUI_SAMPLING__SEED": ""}).model is None


def test_a_tilde_is_the_users_own_folder(tmp_path: Path) -> None:
    file = (
        "model = '~/m.gguf'\ndb = '~/s.db'\nnotes = '~'\n"
        "[engine]\nchat_template = '~/t.jinja'\nlora = ['~/a.gguf', {path = '~/b.gguf', scale = 0.5}]\n"
    )
    settings = load(tmp_path, file, {"HOME": "/home/ada"})
    assert settings.model == "/home/ada/m.gguf"
    assert (settings.db, settings.notes) == (Path("/home/ada/s.db"), Path("/home/ada"))
    assert settings.engine.chat_template == Path("/home/ada/t.jinja")
    lora = [(each.path, each.scale) for each in settings.engine.lora]
    assert lora == [(Path("/home/ada/a.gguf"), 1.0), (Path("/home/ada/b.gguf"), 0.5)]


def test_the_engine_chooses_and_is_shared_unless_told_otherwise(tmp_path: Path) -> None:
    engine = load(tmp_path / "none").engine
    assert (engine.context, engine.threads, engine.gpu_layers, engine.kv_cache) == (0, 0, -1, "f16")
    assert (engine.flash_attention, engine.lora) == (False, ())
    assert (engine.share, engine.saved_states_mb) == (True, 2048)
    file = "[engine]\nkv_cache = 'q4_0'\nflash_attention = true\nshare = false\nsaved_states_mb = 0"
    engine = load(tmp_path, file).engine
    assert (engine.kv_cache, engine.flash_attention) == ("q4_0", True)
    assert (engine.share, engine.saved_states_mb) == (False, 0)


def test_the_engines_table_in_the_environment(tmp_path: Path) -> None:
    environ = {
        "SLMTUI_ENGINE__LORA": '["a.gguf", {"path": "b.gguf", "scale": 0.5}]',
        "SLMTUI_ENGINE__FLASH_ATTENTION": "true",
        "SLMTUI_ENGINE__KV_CACHE": "q8_0",
        "SLMTUI_ENGINE__SHARE": "false",
    }
    engine = load(tmp_path, environ=environ).engine
    assert [(str(each.path), each.scale) for each in engine.lora] == [("a.gguf", 1.0), ("b.gguf", 0.5)]
    assert (engine.flash_attention, engine.kv_cache, engine.share) == (True, "q8_0", False)


def test_flash_attention_and_a_small_kv_cache_may_come_from_two_places(tmp_path: Path) -> None:
    file = "[engine]\nkv_cache = 'q8_0'"
    assert load(tmp_path, file, {"SLMTUI_ENGINE__FLASH_ATTENTION": "1"}).engine.kv_cache == "q8_0"


def test_hosted_prices_come_from_tables_of_their_own_or_from_a_variable(tmp_path: Path) -> None:
    file = (
        "[money]\ntariff_per_kwh = 0.3\n[[money.hosted]]\nname = 'mini'\ninput_per_mtok = 0.15\n"
        "output_per_mtok = 0.6\nencoding = 'o200k_base'\n"
    )
    mini = HostedPrice("mini", 0.15, 0.6, "o200k_base")
    assert load(tmp_path, file).money.prices() == Prices(0.3, "EUR", (mini,))
    variable = '[{"name": "x", "input_per_mtok": 1, "output_per_mtok": 2}]'
    given = load(tmp_path, "", {"SLMTUI_MONEY__HOSTED": variable}).money
    assert given.prices().hosted == (HostedPrice("x", 1.0, 2.0),)
    assert load(tmp_path, "").money.prices() == Prices()


BAD_FILES = [
    ("[sampling]\ntemperature = -1", "sampling.temperature is -1; it should be greater than or equal to 0"),
    ("[sampling]\ntemperature = nan", "sampling.temperature is nan; it should be a finite number"),
    ("[sampling]\ntemperature = 'hot'", "sampling.temperature is 'hot'; it should be a valid number"),
    ("[sampling]\ntemprature = 1", "sampling.temprature is not a setting; known are: temperature, top_k"),
    ("sampling = 3", "sampling is 3; it should be a table of temperature, top_k"),
    ("modle = 'x'", "modle is not a setting; known are: model, db"),
    ("paradigm = 'swarm'", "choose one of: base, single, multi"),
    ("a = = b", "is not TOML"),
    ("[limits]\nmax_steps = 0", "limits.max_steps is 0"),
    ("[engine]\nthreads = 2.5", "engine.threads is 2.5"),
    ("[engine]\nkv_cache = 'q8_0'", "engine.kv_cache is 'q8_0'; a KV cache below 16 bits needs flash_att"),
    ("[engine]\nkv_cache = 'q9'", "engine.kv_cache is 'q9'; it should be 'f16', 'q8_0' or 'q4_0'"),
    ("[engine]\nkv_cache = 'q8_0'\nflash_attention = 'soon'", "engine.flash_attention is 'soon'"),
    ("[engine]\nlora = 'a.gguf'", "engine.lora is 'a.gguf'; it should be a list of paths"),
    ("[engine]\nlora = [3]", "engine.lora.0 is 3; it should be a table of path, scale"),
    ("[engine]\nlora = [{path = 'a', scale = nan}]", "engine.lora.0.scale is nan; it should be a finite"),
    (
        "[engine]\nlora = [{path = 'a', file = 'b'}]",
        "lora.0.file is not a setting; known are: path, scale",
    ),
    ("[engine]\nlora = [{scale = 1}]", "engine.lora.0.path is missing"),
    ("[engine]\ngpu_layers = -2", "engine.gpu_layers is -2"),
    ("[engine]\nsaved_states_mb = -1", "engine.saved_states_mb is -1"),
    ("[money]\ncurrency = '=1+1'", "money.currency is '=1+1'"),
    ("[money]\nhosted_input_per_mtok = 1", "known are: tariff_per_kwh, currency, hosted"),
    ("[[money.hosted]]\nname = 'x'", "money.hosted.0.input_per_mtok is missing"),
    ("[[money.hosted]]\nname = 'power'\ninput_per_mtok = 1\noutput_per_mtok = 1", "not power"),
    (
        "[[money.hosted]]\nname = 'x'\ninput_per_mtok = 1\noutput_per_mtok = 1\nencoding = '../o200k'",
        "money.hosted.0.encoding",
    ),
    (
        "[[money.hosted]]\nname = 'x'\ninput_per_mtok = 1\noutput_per_mtok = 1\n" * 2,
        "two price lists have the same name",
    ),
    ('theme = "\\u001b[2J' + "x" * 100 + '"', "theme"),
    ('"\\u001b[2J" = 1', "is not a setting"),
]


@pytest.mark.parametrize(("content", "says"), BAD_FILES)
def test_a_bad_file_is_one_line_with_the_file_the_key_and_what_is_allowed(
    tmp_path: Path, content: str, says: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, content)
    assert str(tmp_path / "settings.toml") in str(caught.value)
    assert says in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="not a text file"):
        load(tmp_path)
    (tmp_path / "folder" / "settings.toml").mkdir(parents=True)
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "folder")


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"SLMTUI_MODLE": "x"}, "SLMTUI_MODLE is not a setting; the variables begin: SLMTUI_MODEL"),
        ({"SLMTUI_SAMPLING__TEMPERATURE": "hot"}, "SLMTUI_SAMPLING__TEMPERATURE is 'hot'"),
        ({"SLMTUI_SAMPLING__HEAT": "1"}, "SLMTUI_SAMPLING__HEAT is not a setting"),
        ({"SLMTUI_SAMPLING": "{"}, "the environment cannot be read as settings"),
    ],
)
def test_a_bad_variable_is_named(tmp_path: Path, environ: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, environ=environ)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_bad_flag_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--max-tokens is 0; it should be"):
        load(tmp_path, "[limits]\nmax_tokens = 5", flags={"limits": {"max_tokens": 0}})
