"""Chat templates to try: our own with made-up markers, and real ones where they lie beside the repository."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from agents.formats.detect import detect
from agents.formats.format import CallFormat
from agents.formats.template import Template
from tests.shared_data import SHARED

OWN = Path(__file__).parent / "templates"
REAL = SHARED / "compat" / "templates"


@cache
def template_at(path: Path, *, bos: str = "<s>", eos: str = "</s>") -> Template:
    return Template(path.read_text(encoding="utf-8"), bos=bos, eos=eos, today=lambda: datetime(2026, 1, 2))


@cache
def format_at(path: Path) -> CallFormat:
    return detect(template_at(path))


def own(name: str) -> CallFormat:
    return format_at(OWN / f"{name}.jinja")


def own_names() -> list[str]:
    return sorted(path.stem for path in OWN.glob("*.jinja"))


def real_paths() -> list[Path]:
    return sorted(REAL.glob("*.jinja"))


def different() -> Iterator[tuple[str, CallFormat]]:
    """Yield every format that differs in more than its thoughts from those before."""
    seen = set()
    for path in [*sorted(OWN.glob("*.jinja")), *real_paths()]:
        fmt = format_at(path)
        key = (fmt.kind, fmt.section_open, fmt.call, fmt.section_close, fmt.arguments, fmt.prompted)
        if key not in seen:
            seen.add(key)
            yield path.stem, fmt
