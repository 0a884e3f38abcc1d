"""The options that several commands share, declared once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

Model = Annotated[
    str | None, typer.Option("--model", "-m", help="A GGUF file, or the name of a model on this machine.")
]
Paradigm = Annotated[str | None, typer.Option("--paradigm", "-p", help="base, single or multi.")]
Db = Annotated[Path | None, typer.Option("--db", help="The file that keeps the sessions.")]
Notes = Annotated[Path | None, typer.Option("--notes", help="A folder of text and Markdown files to search.")]
Cold = Annotated[
    bool,
    typer.Option(
        "--cold",
        help="Reuse nothing of the KV cache and run each call alone, so that the answer depends on nothing"
        " else: for scored runs.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def overrides(**flags: object) -> Mapping[str, Any]:
    """Return flags as the settings take them: paths as text, what was not given as None."""
    return {name: str(value) if isinstance(value, Path) else value for name, value in flags.items()}
