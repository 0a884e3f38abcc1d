"""`slmtui models pull`: a model from the Hugging Face hub, its licence told first and its bytes checked."""

import shlex
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from slmtui.assemble import surroundings
from slmtui.cli.exits import Exit, fail, say
from slmtui.cli.options import Json
from slmtui.cli.output import emit, emit_json, fields
from slmtui.cli.printed import one_line
from slmtui.local_models import local_puller
from slmtui.models.errors import PullError, UnknownPullError
from slmtui.models.pulling import Offered, told
from slmtui.tui.format import size

if TYPE_CHECKING:
    from slmtui.models.download import PullProgress
    from slmtui.models.pull import Offer

TENTHS = 10
"""Where there is no bar, a pull has so many lines."""
WORDS = {"waiting": "waiting", "checking": "checking what is here", "pulling": "pulling"}


def pull_model(
    name: Annotated[
        str, typer.Argument(help="A name of `models list --known`, or OWNER/NAME[:QUANT] on the hub.")
    ],
    file: Annotated[str, typer.Option("--file", help="The file in the repository.")] = "",
    to: Annotated[
        Path | None, typer.Option("--to", file_okay=False, help="A folder for it instead of the hub's cache.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Pull a model. What an interruption leaves is kept, and the same command goes on from there."""
    try:
        puller = local_puller(surroundings())
        offer = puller.offer(name, file, to)
        _agree(told(offer), yes=yes)
        with _shown(offer.file.size or 0) as show:
            path = puller.pull(offer, show, lambda: False)
    except UnknownPullError as error:
        fail(Exit.USAGE, str(error))
    except PullError as error:
        fail(Exit.FAILED, str(error))
    except KeyboardInterrupt:
        fail(Exit.INTERRUPTED, "stopped; what came so far is kept, and the same command goes on from there")
    if as_json:
        emit_json(_object(offer, path))
    else:
        emit(str(path))
        model = path.stem if to is None else path  # a folder of the user's may be where nobody looks
        say(f"Checked and complete. `slmtui --model {shlex.quote(one_line(str(model)))}` chats with it.")


def offer_text(offered: Offered) -> str:
    """Return what would be pulled, a fact a line."""
    part = f", of which {size(offered.there)} came with an earlier try" if offered.there else ""
    return fields(
        [
            (
                "repository",
                offered.repository + (" (its owner asks for an agreement)" if offered.gated else ""),
            ),
            ("file", offered.file),
            ("size", f"{size(offered.size)}{part}"),
            ("licence", offered.licence or "none is told: look at its page"),
            ("to", offered.folder),
            ("disk", f"{size(offered.free)} are free, {size(offered.needed)} are to come"),
        ]
    )


def _agree(offered: Offered, *, yes: bool) -> None:
    """Tell what would be pulled, and ask whether to, unless `yes` or it is here."""
    say(offer_text(offered))
    if yes or offered.here:
        return
    if _nobody_is_there():
        fail(Exit.USAGE, "nobody is there to say yes to it; --yes says so")
    say("Pull it? [y/N]")
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        fail(Exit.FAILED, "nothing was pulled")


def _nobody_is_there() -> bool:
    return not sys.stdin.isatty()


@contextmanager
def _shown(total: int) -> Generator[Callable[["PullProgress"], None], None, None]:
    if not sys.stderr.isatty():
        yield _lines(total)
        return
    from rich import progress as rich  # noqa: PLC0415 - a pipe need not wait for it
    from rich.console import Console  # noqa: PLC0415

    words = rich.TextColumn("{task.description}", markup=False)
    figures = (rich.DownloadColumn(), rich.TransferSpeedColumn(), rich.TimeRemainingColumn())
    with rich.Progress(words, rich.BarColumn(24), *figures, console=Console(stderr=True)) as bars:
        task = bars.add_task(WORDS["pulling"], total=total)

        def show(at: "PullProgress") -> None:
            bars.update(task, completed=at.done, description=WORDS[at.phase])

        yield show


def _lines(total: int) -> Callable[["PullProgress"], None]:
    last = [0]

    def show(at: "PullProgress") -> None:
        tenth = at.done * TENTHS // max(total, 1)
        if tenth > last[0] and at.phase == "pulling":
            last[0] = tenth
            say(f"{size(at.done)} of {size(total)}")

    return show


def _object(offer: "Offer", path: Path) -> dict[str, Any]:
    return {
        "repository": offer.repository.name,
        "commit": offer.repository.commit,
        "file": offer.file.name,
        "path": str(path),
        "size": offer.file.size,
        "sha256": offer.file.sha256,
        "licence": offer.repository.licence,
        "was_here": offer.here,
        "bytes_of_an_earlier_try": offer.there,
    }
