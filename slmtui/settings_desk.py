"""What the app and `slmtui settings` may read and write of the settings."""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from inspect import isclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from agents.paradigms import PARADIGMS
from slmtui.models.errors import shown
from slmtui.settings import FILE_NAME, Settings, SettingsError, Sources, file_text, read_sources
from slmtui.settings_keys import TABLE

Kind = Literal["switch", "choice", "number", "text", "list", "tables"]
Place = tuple[str, ...]

_WHEN = {
    ("theme",): "now",
    (TABLE,): "now",
    ("paradigm",): "in new sessions",
    ("sampling",): "in new sessions",
    ("agents", "help"): "in new sessions",
}
LATER = "at the next start"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: the `value` that counts, and its `origin`: default, file, or a flag or variable by name.

    `meaning` says what it does, `allowed` what it may be, and `when` from when on a change counts. `filed` is
    its value in the file, or None.
    """

    place: Place
    kind: Kind
    value: Any
    default: Any
    origin: str
    filed: Any
    meaning: str
    allowed: str
    choices: tuple[str, ...]
    when: str

    @property
    def name(self) -> str:
        """Its name as `--set` and the file's dotted keys have it."""
        return ".".join(self.place)

    @property
    def overruled(self) -> str:
        """The flag or variable that counts instead of the file, or nothing."""
        return "" if self.origin in {"default", "file"} else self.origin


@dataclass(frozen=True, slots=True)
class SettingsDesk:
    """Reads the settings anew at every call: the file may have been edited meanwhile.

    Every method raises `SettingsError` where the file cannot be read or written, and then changes nothing.
    """

    environ: Mapping[str, str]
    folder: Path
    flags: Mapping[str, Any]

    def sources(self) -> Sources:
        """Return what is set where."""
        return read_sources(environ=self.environ, config_dir=self.folder, overrides=self.flags)

    def settings(self) -> Settings:
        """Return what they come to."""
        return self.sources().settings()

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / FILE_NAME

    def every(self) -> list[Setting]:
        """Return every setting but the keys, in the order of the model."""
        sources = self.sources()
        settings = sources.settings()
        return [_setting(place, field, settings, sources) for place, field in _fields(Settings, ())]

    def keys(self) -> Mapping[str, str]:
        """Return the user's own keys, by the id of their command."""
        return self.settings().keys

    def find(self, name: str) -> Setting:
        """Return the setting of that name. Raises `SettingsError` for one that there is not, too."""
        found = next((setting for setting in self.every() if setting.name == name), None)
        if found is None:
            raise _unknown(name)
        return found

    def put(self, name: str, typed: str) -> None:
        """Set a setting in the file from what was typed; nothing typed takes it out, where it need not be."""
        self._write(self.find(name).place, self.checked(name, typed))

    def checked(self, name: str, typed: str) -> Any:
        """Return what was typed as the file will have it: None for a setting that is taken out."""
        setting = self.find(name)
        if setting.kind == "tables":
            raise SettingsError(f"{name} is a list of tables: edit it in {shown(self.path)}")
        if not typed and setting.default in {None, ()}:
            return None
        settings = self.sources().settings(_nested(setting.place, _read(setting, typed)))
        return _plain(_value(settings, setting.place))

    def reset(self, name: str) -> None:
        """Take a setting out of the file: its default counts again, where nothing else does."""
        place = next((place for place, _ in _fields(Settings, ()) if ".".join(place) == name), None)
        if place is None:
            raise _unknown(name)
        self._write(place, None)

    def keep_theme(self, theme: str) -> str:
        """Keep a theme in the file, and return what there is to say of it; nothing is raised."""
        try:
            self.put("theme", theme)
            overruled = self.find("theme").overruled
        except SettingsError as error:
            return f"Theme {theme}, until you leave: {error}"
        return f"Theme {theme}, kept in the settings{f'; {overruled} overrules it' if overruled else ''}."

    def put_keys(self, command: str, keys: str | None) -> None:
        """Set the keys of a command in the file, or with None take them out; they were checked before."""
        self._write((TABLE, command), keys)

    def _write(self, place: Place, value: Any) -> None:
        from slmtui.settings_file import UnchangedError, changed, write_whole  # noqa: PLC0415 - rarely wanted

        path = self.path
        try:
            text = file_text(path)
            new = changed(text, place, value)
            if new != text:
                self._check(new)
                write_whole(path, new)
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{shown(path)} is not TOML: {error}; nothing was written") from error
        except UnchangedError as error:
            name = ".".join(place)
            raise SettingsError(
                f"{name} cannot be set without harm to the rest; edit {shown(path)}"
            ) from error
        except OSError as error:
            raise SettingsError(f"{shown(path)} cannot be written: {error.strerror or error}") from error

    def _check(self, text: str) -> None:
        """Raise `SettingsError` if the settings are right, and with this text of the file would be wrong."""
        sources = self.sources()
        try:
            sources.settings()
        except SettingsError:  # it may be the wrong one that is taken out
            return
        replace(sources, file=tomllib.loads(text)).settings()


def _unknown(name: str) -> SettingsError:
    return SettingsError(f"{shown(name)} is not a setting; `slmtui settings` lists them")


def _fields(model: type[BaseModel], above: Place) -> Iterator[tuple[Place, FieldInfo]]:
    for name, field in model.model_fields.items():
        table = _table(field)
        if table is not None:
            yield from _fields(table, (*above, name))
        elif (*above, name) != (TABLE,):
            yield (*above, name), field


def _table(field: FieldInfo) -> type[BaseModel] | None:
    """Return the model of a table's field."""
    kinds = (field.annotation, *get_args(field.annotation))
    if get_origin(field.annotation) is tuple:
        return None
    return next((kind for kind in kinds if isclass(kind) and issubclass(kind, BaseModel)), None)


def _setting(place: Place, field: FieldInfo, settings: Settings, sources: Sources) -> Setting:
    kind, choices = _kind(place, field.annotation)
    when = next((told for top, told in _WHEN.items() if place[: len(top)] == top), LATER)
    return Setting(
        place, kind, _value(settings, place), field.get_default(), sources.origin(place),
        _filed(sources.file, place), field.description or "", allowed(field), choices, when,
    )  # fmt: skip


def _kind(place: Place, annotation: Any) -> tuple[Kind, tuple[str, ...]]:
    if place == ("paradigm",):
        return "choice", tuple(name for name, info in PARADIGMS.items() if info.chat)
    kinds = {annotation, *get_args(annotation)}
    if get_origin(annotation) is Literal:
        return "choice", tuple(map(str, get_args(annotation)))
    if get_origin(annotation) is tuple:
        items = get_args(annotation)
        tables = any(isclass(item) and issubclass(item, BaseModel) for item in items)
        return ("tables" if tables else "list"), ()
    if bool in kinds:
        return "switch", ()
    numbers = {int, float}
    inner = {part for kind in kinds for part in get_args(kind)}
    return ("number" if numbers & (kinds | inner) else "text"), ()


def _number(bound: float) -> str:
    return str(int(bound)) if bound == int(bound) else str(bound)


def allowed(field: FieldInfo, number: Callable[[float], str] = _number) -> str:
    """Return the bounds of a number in words: `from 0 to 5`, `above 0, up to 1`."""
    inner = [part for kind in get_args(field.annotation) for part in get_args(kind)]
    bounds = [*field.metadata, *(bound for part in inner for bound in getattr(part, "metadata", ()))]
    low = high = ""
    for bound in bounds:
        match bound:
            case annotated_types.Ge(ge=int() | float() as least):
                low = f"from {number(least)}"
            case annotated_types.Gt(gt=int() | float() as least):
                low = f"above {number(least)},"
            case annotated_types.Le(le=int() | float() as most):
                high = f" to {number(most)}"
    return f"{low}{' up' if low.endswith(',') else ''}{high}"


def _value(values: Any, place: Place) -> Any:
    for name in place:
        if values is None:
            return None
        values = getattr(values, name)
    return values


def _filed(values: Any, place: Place) -> Any:
    for name in place:
        if not isinstance(values, Mapping) or name not in values:
            return None
        values = values[name]
    return values


def _nested(place: Place, value: Any) -> dict[str, Any]:
    for name in reversed(place):
        value = {name: value}
    return dict(value)


def _read(setting: Setting, typed: str) -> Any:
    return _listed(typed) if setting.kind == "list" else typed


def _listed(typed: str) -> Any:
    """Return the list, or the one text in quotes, that was typed; anything else is a text as it stands."""
    try:
        value = tomllib.loads(f"value = {typed}")["value"]
    except tomllib.TOMLDecodeError:
        return [typed]
    return value if isinstance(value, list | str) else [typed]


def _plain(value: Any) -> Any:
    """Return a value as TOML can hold it."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Path) else value


def told(value: Any) -> str:
    """Return a setting's value as a person reads and types it: on, off, a number, a text, `["a", "b"]`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    if isinstance(value, tuple | list):
        return _told_list(value)
    return str(value)


def _told_list(values: tuple[Any, ...] | list[Any]) -> str:
    if any(isinstance(each, BaseModel | Mapping) for each in values):
        return f"{len(values)} in the file"
    texts = [str(each) for each in values]
    if len(texts) == 1 and _listed(texts[0]) == texts:
        return texts[0]
    return f"[{', '.join(map(_quoted, texts))}]" if texts else ""


def _quoted(text: str) -> str:
    """Return a text as TOML has it, which quotes as JSON does but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
