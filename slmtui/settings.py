"""Every setting, from three places: the settings file, then the environment, then the flags.

The file is `settings.toml` in the user's configuration folder. An environment variable is named for
its key, in capitals: `SLMTUI_MODEL`, and for a key in a table `SLMTUI_SAMPLING__TEMPERATURE`.
"""

import tomllib
from collections.abc import Mapping
from inspect import isclass
from pathlib import Path
from typing import Any, get_args

from pydantic import (
    BaseModel,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import (
    SettingsError as SourceError,
)

from agents.budget import Limits
from agents.message import Sampling
from agents.paradigms import PARADIGMS
from slmtui.agents_table import AgentsTable, LimitsTable, Table
from slmtui.engine.protocol import AUTO_LAYERS, KvType
from slmtui.models.errors import shown
from slmtui.settings_money import EnergyTable, MoneyTable
from slmtui.settings_tools import ToolsTable, with_home

FILE_NAME = "settings.toml"
PREFIX = "SLMTUI_"
NESTING = "__"


class SettingsError(Exception):
    """A setting is wrong; the text says where it stands, what it is and what is allowed, on one line."""


class SamplingTable(Table):
    """How tokens are drawn; temperature 0 is greedy."""

    temperature: float = Field(default=Sampling().temperature, ge=0, le=5)
    top_k: int = Field(default=Sampling().top_k, ge=0, le=1_000_000)
    top_p: float = Field(default=Sampling().top_p, gt=0, le=1)
    min_p: float = Field(default=Sampling().min_p, ge=0, le=1)
    repeat_penalty: float = Field(default=Sampling().repeat_penalty, gt=0, le=10)
    seed: int = Field(default=Sampling().seed, ge=0, le=2**32 - 1)


class LoraTable(Table):
    """A LoRA adapter, a GGUF file, and the factor it is applied with."""

    path: Path
    scale: float = Field(default=1.0, ge=-100, le=100)


class EngineTable(Table):
    """How llama.cpp runs. `context` tokens, `threads` at 0 and `gpu_layers` at -1 let the engine choose.

    `cache_mb` is what idle conversations may take in memory beside the context. `share` lets other apps
    of the same user use this engine. `saved_states_mb` is the most that kept KV caches may take on disk;
    0 keeps none.
    """

    context: int = Field(default=0, ge=0, le=10_000_000)
    threads: int = Field(default=0, ge=0, le=1024)
    batch: int = Field(default=128, ge=1, le=4096)
    gpu_layers: int = Field(default=AUTO_LAYERS, ge=AUTO_LAYERS, le=10_000)
    chat_template: Path | None = None
    flash_attention: bool = False
    kv_cache: KvType = "f16"
    lora: tuple[LoraTable, ...] = ()
    cache_mb: int = Field(default=2048, ge=0, le=1_000_000)
    share: bool = True
    saved_states_mb: int = Field(default=2048, ge=0, le=1_000_000)

    @field_validator("kv_cache")
    @classmethod
    def _needs_flash_attention(cls, kind: KvType, info: ValidationInfo) -> KvType:
        if kind != "f16" and info.data.get("flash_attention") is False:
            raise ValueError("a KV cache below 16 bits needs flash_attention = true beside it")
        return kind

    @field_validator("lora", mode="before")
    @classmethod
    def _tables(cls, adapters: Any) -> Any:
        """Take a path alone for an adapter at full strength."""
        if not isinstance(adapters, list | tuple):
            what = "it should be a list of paths, or of tables with path and scale"
            raise ValueError(what)  # noqa: TRY004 - pydantic explains no other
        return tuple({"path": each} if isinstance(each, str) else each for each in adapters)


class Settings(BaseSettings):
    """Every setting. `model` is a path or a name; `notes` is the folder that the notes tool searches."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=PREFIX, env_nested_delimiter=NESTING, env_ignore_empty=True
    )

    model: str | None = None
    db: Path | None = None
    notes: Path | None = None
    paradigm: str = "base"
    theme: str = Field(default="textual-dark", min_length=1, max_length=64)
    sampling: SamplingTable = SamplingTable()
    limits: LimitsTable = LimitsTable()
    agents: AgentsTable = AgentsTable()
    engine: EngineTable = EngineTable()
    energy: EnergyTable = EnergyTable()
    money: MoneyTable = MoneyTable()
    tools: ToolsTable = ToolsTable()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the names are pydantic's
        init_settings: PydanticBaseSettingsSource,
        *_others: PydanticBaseSettingsSource,
        **_named: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what is given and nothing else: `load_settings` has read the places."""
        return (init_settings,)

    @field_validator("paradigm")
    @classmethod
    def _known_paradigm(cls, name: str) -> str:
        if name not in PARADIGMS:
            raise ValueError(f"there is no such paradigm; choose one of: {', '.join(PARADIGMS)}")
        return name

    def sampling_of_turn(self) -> Sampling:
        """Return the sampling settings as a turn takes them."""
        return Sampling(**self.sampling.model_dump())

    def limits_of_turn(self) -> Limits:
        """Return the limits as a turn takes them."""
        return self.limits.limits()


def load_settings(
    *, environ: Mapping[str, str], config_dir: Path, overrides: Mapping[str, Any] | None = None
) -> Settings:
    """Return the settings of the file in `config_dir`, changed by `environ`, changed by `overrides`.

    `overrides` has the keys of `Settings`, tables as mappings; None there means "not given".
    Raises `SettingsError`.
    """
    file = config_dir / FILE_NAME
    sources = [
        ("--{flag}", _given(overrides or {})),
        (f"{PREFIX}{{variable}}", _from_environment(environ)),
        (f"{shown(file)}: {{key}}", _from_file(file)),
    ]
    merged: dict[str, Any] = {}
    for _, values in reversed(sources):
        merged = _merged(merged, values)
    try:
        settings = Settings(**merged)
    except ValidationError as error:
        raise SettingsError(_explained(error, sources)) from error
    return _with_home(settings, environ)


class _GivenEnvironment(EnvSettingsSource):
    """Reads settings from the environment that it is given instead of the process's own."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._given = {name.lower(): value for name, value in environ.items()}
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name: value for name, value in self._given.items() if value}


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    for name in sorted(environ):
        key = name.upper().removeprefix(PREFIX).split(NESTING)[0].lower()
        if name.upper().startswith(PREFIX) and key not in Settings.model_fields:
            variables = ", ".join(PREFIX + field.upper() for field in Settings.model_fields)
            raise SettingsError(f"{shown(name)} is not a setting; the variables begin: {variables}")
    try:
        return _GivenEnvironment(environ)()
    except SourceError as error:
        raise SettingsError(f"the environment cannot be read as settings: {error}") from error


def _from_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{shown(file)} cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{shown(file)} is not a text file in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{shown(file)} is not TOML: {error}") from error


def _given(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return the overrides without what is None, in tables too."""
    values = {k: _given(v) if isinstance(v, Mapping) else v for k, v in overrides.items()}
    return {key: value for key, value in values.items() if value is not None}


def _merged(low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    """Return `low` with what `high` has in its place, table by table."""
    merged = dict(low)
    for key, value in high.items():
        below = merged.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            merged[key] = _merged(below, value)
        else:
            merged[key] = value
    return merged


def _explained(error: ValidationError, sources: list[tuple[str, dict[str, Any]]]) -> str:
    """Return the first thing wrong, on one line: where, which key, and what is allowed."""
    first = error.errors(include_url=False)[0]
    path = [str(part) for part in first["loc"]]
    label = next((label for label, values in sources if _has(values, path)), "{key}")
    place = label.format(
        flag=path[-1].replace("_", "-"), variable=NESTING.join(path).upper(), key=shown(".".join(path))
    )
    if first["type"] == "extra_forbidden":
        return f"{place} is not a setting; known are: {', '.join(_known(path[:-1]))}"
    if first["type"] == "missing":
        return f"{place} is missing; the table should have it"
    message = first["msg"].removeprefix("Value error, ").replace("Input should", "it should")
    if first["type"] == "model_type":
        message = f"it should be a table of {', '.join(_known(path))}"
    return f"{place} is {_short(first['input'])}; {message}"


def _known(path: list[str]) -> list[str]:
    """Return the keys of the table at `path`, which may lie in a list."""
    table: type[BaseModel] = Settings
    for part in path:
        field = table.model_fields.get(part)
        kinds = [field.annotation, *get_args(field.annotation)] if field else []
        table = next((kind for kind in kinds if isclass(kind) and issubclass(kind, BaseModel)), table)
    return list(table.model_fields)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 and text.isprintable() else f"{text[:57]!a}…"


def _has(values: Any, path: list[str]) -> bool:
    for part in path:
        if isinstance(values, list):  # the checks above have made tables of its items
            return True
        if not isinstance(values, Mapping) or part not in values:
            return False
        values = values[part]
    return True


def _with_home(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """Return the settings with `~` at the beginning of a path replaced by the user's own folder."""
    home = environ.get("HOME") or environ.get("USERPROFILE") or "~"

    def expanded(path: Path | str) -> str:
        head, *rest = Path(path).parts or ("",)
        return str(Path(home, *rest)) if head == "~" else str(path)

    template = settings.engine.chat_template
    engine = {
        "chat_template": Path(expanded(template)) if template else None,
        "lora": tuple(
            each.model_copy(update={"path": Path(expanded(each.path))}) for each in settings.engine.lora
        ),
    }
    return settings.model_copy(
        update={
            "model": expanded(settings.model) if settings.model else None,
            "db": Path(expanded(settings.db)) if settings.db else None,
            "notes": Path(expanded(settings.notes)) if settings.notes else None,
            "engine": settings.engine.model_copy(update=engine),
            "tools": with_home(settings.tools, expanded),
        }
    )
