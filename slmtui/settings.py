"""Every setting, from three places: the settings file, then the environment, then the flags.

The file is `settings.toml` in the user's configuration folder. An environment variable is named for
its key, in capitals: `SLMTUI_MODEL`, and for a key in a table `SLMTUI_SAMPLING__TEMPERATURE`.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, ValidationInfo, field_validator
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
from slmtui.settings_keys import Keys
from slmtui.settings_money import EnergyTable, MoneyTable
from slmtui.settings_tools import ToolsTable, with_home
from slmtui.settings_wrong import Place, explained

FILE_NAME = "settings.toml"
PREFIX = "SLMTUI_"

NESTING = "__"


class SettingsError(Exception):
    """A setting is wrong; the text says where it stands, what it is and what is allowed, on one line."""


class SamplingTable(Table):
    """How tokens are drawn; temperature 0 is greedy."""

    temperature: float = Field(
        default=Sampling().temperature,
        ge=0,
        le=5,
        description="how boldly tokens are drawn; 0 always takes the likeliest",
    )
    top_k: int = Field(
        default=Sampling().top_k,
        ge=0,
        le=1_000_000,
        description="only so many of the likeliest tokens; 0 is off",
    )
    top_p: float = Field(
        default=Sampling().top_p,
        gt=0,
        le=1,
        description="only the likeliest that make up this probability; 1 is off",
    )
    min_p: float = Field(
        default=Sampling().min_p,
        ge=0,
        le=1,
        description="only tokens this likely beside the likeliest; 0 is off",
    )
    repeat_penalty: float = Field(
        default=Sampling().repeat_penalty, gt=0, le=10, description="makes repeating less likely; 1 is none"
    )
    seed: int = Field(
        default=Sampling().seed, ge=0, le=2**32 - 1, description="the same seed draws the same answer"
    )


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

    context: int = Field(
        default=0, ge=0, le=10_000_000, description="tokens of context; 0 lets the engine choose"
    )
    threads: int = Field(
        default=0, ge=0, le=1024, description="threads that decode; 0 measures which number is fastest"
    )
    batch: int = Field(default=128, ge=1, le=4096, description="tokens of a prompt that are read in one step")
    gpu_layers: int = Field(
        default=AUTO_LAYERS,
        ge=AUTO_LAYERS,
        le=10_000,
        description="layers of the model on the GPU; -1 lets the engine choose",
    )
    chat_template: Path | None = Field(
        default=None, description="a file with a chat template in place of the model's own"
    )
    flash_attention: bool = Field(
        default=False, description="attention in one pass; a KV cache below 16 bits needs it"
    )
    kv_cache: KvType = Field(
        default="f16", description="the type of the KV cache: below f16 it takes less room"
    )
    lora: tuple[LoraTable, ...] = Field(default=(), description="LoRA adapters: GGUF files")
    cache_mb: int = Field(
        default=2048,
        ge=0,
        le=1_000_000,
        description="megabytes that idle conversations may take in memory beside the context",
    )
    share: bool = Field(default=True, description="let the other windows of the same user use this engine")
    saved_states_mb: int = Field(
        default=2048, ge=0, le=1_000_000, description="megabytes of kept KV caches on disk; 0 keeps none"
    )

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

    model: str | None = Field(
        default=None, description="the model to load: a GGUF file, or the name of one on this machine"
    )
    db: Path | None = Field(default=None, description="the file that keeps the sessions")
    notes: Path | None = Field(
        default=None, description="a folder of text and Markdown files that agents may search"
    )
    paradigm: str = Field(default="base", description="the paradigm of new sessions")
    theme: str = Field(
        default="textual-dark", min_length=1, max_length=64, description="the colours of the app"
    )
    sampling: SamplingTable = SamplingTable()
    limits: LimitsTable = LimitsTable()
    agents: AgentsTable = AgentsTable()
    engine: EngineTable = EngineTable()
    energy: EnergyTable = EnergyTable()
    money: MoneyTable = MoneyTable()
    tools: ToolsTable = ToolsTable()
    keys: Keys = Field(default_factory=dict, description="your own keys, by the id of their command")

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


@dataclass(frozen=True, slots=True)
class Sources:
    """What is set where: in the file at `path`, by variables and by flags; tables are mappings.

    `variables` are the names of those of the environment, in capitals.
    """

    path: Path
    file: Mapping[str, Any]
    environment: Mapping[str, Any]
    flags: Mapping[str, Any]
    variables: frozenset[str] = frozenset()

    def origin(self, place: Sequence[str]) -> str:
        """Return where a setting comes from: `default`, `file`, or the flag's or variable's own name."""
        if holds(self.flags, place):
            return f"--{place[-1].replace('_', '-')}"
        if holds(self.environment, place):
            names = (PREFIX + NESTING.join(place[:end]).upper() for end in range(len(place), 0, -1))
            return next((name for name in names if name in self.variables), PREFIX)
        return "file" if holds(self.file, place) else "default"

    def settings(self, first: Mapping[str, Any] | None = None) -> Settings:
        """Return what they come to, flags before variables before the file; `first` goes before them all.

        `~` at the beginning of a path stays as it is. Raises `SettingsError`.
        """
        places: list[Place] = [
            ("{key}", first or {}),
            ("--{flag}", self.flags),
            (f"{PREFIX}{{variable}}", self.environment),
            (f"{shown(self.path)}: {{key}}", self.file),
        ]
        merged: dict[str, Any] = {}
        for _, values in reversed(places):
            merged = _merged(merged, values)
        try:
            return Settings(**merged)
        except ValidationError as error:
            raise SettingsError(explained(error, places, Settings, NESTING)) from error


def read_sources(
    *, environ: Mapping[str, str], config_dir: Path, overrides: Mapping[str, Any] | None = None
) -> Sources:
    """Return what is set in the file of `config_dir`, by `environ` and by `overrides`.

    `overrides` has the keys of `Settings`, tables as mappings; None there means "not given".
    Raises `SettingsError`.
    """
    file = config_dir / FILE_NAME
    flags, environment = _given(overrides or {}), _from_environment(environ)
    return Sources(file, _from_file(file), environment, flags, frozenset(name.upper() for name in environ))


def load_settings(
    *, environ: Mapping[str, str], config_dir: Path, overrides: Mapping[str, Any] | None = None
) -> Settings:
    """Return the settings of `read_sources`, with `~` put into full paths. Raises `SettingsError`."""
    sources = read_sources(environ=environ, config_dir=config_dir, overrides=overrides)
    return _with_home(sources.settings(), environ)


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
        return tomllib.loads(file_text(file))
    except RecursionError as error:
        raise SettingsError(f"{shown(file)} has too many brackets in one another") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{shown(file)} is not TOML: {error}") from error


def file_text(file: Path) -> str:
    """Return the text of a settings file, its line ends as they are, or nothing where there is none.

    Raises `SettingsError`.
    """
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise SettingsError(f"{shown(file)} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{shown(file)} is not a text file in UTF-8") from error


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


def holds(values: Any, place: Sequence[str]) -> bool:
    """Whether there is anything at a place of tables in one another."""
    for name in place:
        if not isinstance(values, Mapping) or name not in values:
            return False
        values = values[name]
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
