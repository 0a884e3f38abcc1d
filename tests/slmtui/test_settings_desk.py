from pathlib import Path

import pytest

from slmtui.settings import Settings, SettingsError, load_settings
from slmtui.settings_desk import SettingsDesk, told
from slmtui.settings_keys import line_of


def desk(
    folder: Path, text: str = "", environ: dict[str, str] | None = None, **flags: object
) -> SettingsDesk:
    folder.mkdir(exist_ok=True)
    if text:
        (folder / "settings.toml").write_text(text, encoding="utf-8")
    return SettingsDesk(environ or {}, folder, flags)


def test_every_setting_of_the_model_is_there_and_says_what_it_does(tmp_path: Path) -> None:
    every = desk(tmp_path).every()
    names = {setting.name for setting in every}
    assert {name.partition(".")[0] for name in names} == set(Settings.model_fields) - {"keys"}
    assert {"sampling.top_p", "agents.limits.max_steps", "agents.help.votes", "engine.kv_cache"} <= names
    assert all(setting.meaning and not setting.meaning.endswith(".") for setting in every)
    assert all(setting.origin == "default" for setting in every)


def test_kinds_bounds_and_choices_come_from_the_model(tmp_path: Path) -> None:
    of = {setting.name: setting for setting in desk(tmp_path).every()}
    kinds = {name: setting.kind for name, setting in of.items()}
    assert kinds["model"] == kinds["notes"] == kinds["engine.chat_template"] == "text"
    assert kinds["sampling.seed"] == kinds["energy.idle_watts"] == "number"
    assert (kinds["engine.share"], kinds["engine.kv_cache"], kinds["paradigm"]) == (
        "switch",
        "choice",
        "choice",
    )
    assert (kinds["tools.tables"], kinds["tools.mcp"], kinds["engine.lora"]) == ("list", "tables", "tables")
    assert of["engine.kv_cache"].choices == ("f16", "q8_0", "q4_0")
    assert of["sampling.temperature"].allowed == "from 0 to 5"
    assert of["sampling.top_p"].allowed == "above 0, up to 1"
    assert of["energy.idle_watts"].allowed == "from 0 to 10000"
    assert of["limits.max_joules"].allowed == "from 0 to 1000000000"


def test_where_a_setting_comes_from(tmp_path: Path) -> None:
    environ = {"SLMTUI_SAMPLING__SEED": "2", "SLMTUI_LIMITS": '{"max_steps": 3}'}
    here = desk(
        tmp_path, "theme = 'nord'\nmodel = 'file'\n[sampling]\nseed = 1", environ, model="flag", db=None
    )
    of = {setting.name: setting for setting in here.every()}
    assert (of["model"].origin, of["model"].overruled, of["model"].filed) == ("--model", "--model", "file")
    assert (of["sampling.seed"].origin, of["sampling.seed"].value) == ("SLMTUI_SAMPLING__SEED", 2)
    assert of["limits.max_steps"].origin == "SLMTUI_LIMITS"
    assert (of["theme"].origin, of["theme"].overruled) == ("file", "")
    assert (of["db"].origin, of["db"].filed) == ("default", None)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("sampling.seed", "5", 5),
        ("sampling.top_p", ".5", 0.5),
        ("engine.flash_attention", "on", True),
        ("engine.kv_cache", "f16", "f16"),
        ("tools.tables", '["a.csv", "b.csv"]', (Path("a.csv"), Path("b.csv"))),
        ("tools.tables", "a b.csv", (Path("a b.csv"),)),
        ("tools.enabled", "calc*", ("calc*",)),
        ("tools.enabled", "5", ("5",)),
        ("tools.tables", "2024-01-01", (Path("2024-01-01"),)),
        ("tools.tables", r"""['C:\a', 'b']""", (Path(r"C:\a"), Path("b"))),
        ("tools.tables", r"""["it's \"mine\"", "b"]""", (Path('it\'s "mine"'), Path("b"))),
        ("tools.tables", "['[a]']", (Path("[a]"),)),
        ("sampling.temperature", "0.1234567", 0.1234567),
        ("money.tariff_per_kwh", "123456.75", 123456.75),
        ("agents.limits.max_steps", "7", 7),
        ("energy.idle_watts", "4.5", 4.5),
        ("notes", "~/notes", Path("~/notes")),
        ("model", "5", "5"),
    ],
)
def test_what_is_typed_is_what_is_read_afterwards(
    tmp_path: Path, name: str, typed: str, value: object
) -> None:
    here = desk(tmp_path)
    here.put(name, typed)
    setting = here.find(name)
    assert (setting.value, setting.origin) == (value, "file")
    here.put(name, told(setting.value))
    assert here.find(name).value == value
    here.reset(name)
    assert here.find(name).origin == "default"


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("sampling.temperature", "9", "sampling.temperature is '9'; it should be less than or equal to 5"),
        ("sampling.temperature", "hot", "it should be a valid number"),
        ("sampling.temperature", "nan", "it should be a finite number"),
        ("sampling.top_k", "", "it should be a valid integer"),
        ("agents.help.votes", "2.5", "it should be a valid integer"),
        ("engine.kv_cache", "q8_0", "needs flash_attention = true beside it"),
        ("paradigm", "swarm", "there is no such paradigm"),
        ("tools.mcp", "x", "edit it in"),
        ("modle", "x", "modle is not a setting; `slmtui settings` lists them"),
        ("\x1b[2J", "x", "is not a setting"),
    ],
)
def test_a_wrong_value_is_told_and_nothing_is_written(
    tmp_path: Path, name: str, typed: str, said: str
) -> None:
    here = desk(tmp_path, "# mine\n")
    with pytest.raises(SettingsError) as error:
        here.put(name, typed)
    assert said in str(error.value)
    assert str(error.value).isprintable()
    assert here.path.read_text() == "# mine\n"


def test_an_overruled_value_is_written_and_does_not_count(tmp_path: Path) -> None:
    here = desk(tmp_path, "", {"SLMTUI_SAMPLING__SEED": "2"})
    here.put("sampling.seed", "9")
    seed = here.find("sampling.seed")
    assert (seed.value, seed.filed, seed.overruled) == (2, 9, "SLMTUI_SAMPLING__SEED")
    with pytest.raises(SettingsError):
        here.put("sampling.seed", "-1")


def test_a_file_that_was_broken_meanwhile_is_told_and_stays_as_it_is(tmp_path: Path) -> None:
    here = desk(tmp_path, "theme = 'nord'\n")
    for broken, said in (("theme = = x\n", "is not TOML"), ("modle = 'x'\n", "modle is not a setting")):
        here.path.write_text(broken)
        with pytest.raises(SettingsError, match=said):
            here.put("sampling.seed", "1")
        assert here.path.read_text() == broken
    here.path.write_text("theme = = x\n")
    with pytest.raises(SettingsError, match="nothing was written"):
        here.reset("theme")
    here.path.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        here.every()
    assert here.path.read_bytes() == b"\xff\xfe"


def test_a_bad_value_can_be_taken_out(tmp_path: Path) -> None:
    here = desk(tmp_path, "[sampling]\nseed = -1\ntop_k = 5\n")
    here.reset("sampling.seed")
    assert here.find("sampling.top_k").value == 5


def test_what_another_setting_needs_is_not_taken_out(tmp_path: Path) -> None:
    text = "[engine]\nflash_attention = true\nkv_cache = 'q8_0'\n"
    here = desk(tmp_path, text)
    with pytest.raises(SettingsError, match="needs flash_attention"):
        here.reset("engine.flash_attention")
    assert here.path.read_text() == text
    here.reset("engine.kv_cache")
    here.reset("engine.flash_attention")
    assert here.find("engine.flash_attention").origin == "default"


def test_a_theme_is_kept_or_it_is_said_why_not(tmp_path: Path) -> None:
    assert desk(tmp_path).keep_theme("nord") == "Theme nord, kept in the settings."
    said = desk(tmp_path, "", {"SLMTUI_THEME": "dracula"}).keep_theme("nord")
    assert said == "Theme nord, kept in the settings; SLMTUI_THEME overrules it."
    blocked = tmp_path / "file"
    blocked.write_text("")
    said = SettingsDesk({}, blocked / "config", {}).keep_theme("nord")
    assert said.startswith("Theme nord, until you leave: ")


@pytest.mark.parametrize(
    "text",
    ["[keys]\n'chat.panel' = 'ctrl+k'", "[keys]\nchat.panel = 'ctrl+k'", "[keys.chat]\npanel = 'ctrl+k'"],
)
def test_keys_are_read_however_they_are_spelled(tmp_path: Path, text: str) -> None:
    assert desk(tmp_path, text).keys() == {"chat.panel": "ctrl+k"}
    assert line_of(text, "chat.panel") == 2
    assert line_of(text, "chat.log") is None


def test_keys_are_written_and_taken_out(tmp_path: Path) -> None:
    here = desk(tmp_path)
    here.put_keys("chat.panel", "ctrl+k, f12")
    here.put_keys("chat.log", "")
    assert here.keys() == {"chat.panel": "ctrl+k, f12", "chat.log": ""}
    here.put_keys("chat.panel", None)
    assert load_settings(environ={}, config_dir=tmp_path).keys == {"chat.log": ""}
    with pytest.raises(SettingsError, match="it should be a valid string"):
        desk(tmp_path, "[keys]\n'chat.panel' = 3").keys()


def test_keys_come_from_a_variable_too(tmp_path: Path) -> None:
    assert desk(tmp_path, "", {"SLMTUI_KEYS": '{"chat.panel": "f12"}'}).keys() == {"chat.panel": "f12"}
