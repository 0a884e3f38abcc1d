"""Makes the pictures of the README, docs/*.svg: real sessions of the app on the embedded model.

Run as `uv run python docs/make_pictures.py`, which takes some minutes; with names of pictures (app,
details, compare, report) it makes only those. Sampling is greedy, so only seconds and memory differ from
one time to the next. The pictures fetch no font.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from textual.pilot import Pilot
from textual.screen import Screen

import slmtui
from slmtui.assemble import make_backend, open_store, settings_of, surroundings
from slmtui.tui.app import SlmApp
from slmtui.tui.options import AppOptions
from slmtui.tui.screens.compare.screen import CompareScreen
from slmtui.tui.screens.details import DetailsScreen
from slmtui.tui.screens.run_report import ReportScreen
from slmtui.tui.screens.runs import RunsScreen

HERE = Path(__file__).parent
SIZE = (120, 40)
PATIENCE_S = 300.0
OF_ORIGINS = 12
"""The row of an open call from where its prompt is told of."""
MOST_BYTES = 200_000
PARADIGMS = ("base", "single", "multi")
QUESTION = "What is 347 * 29?"
MARKED = {
    "What is the capital of France?": "Paris",
    "How many days are there between 2023-05-06 and 2023-07-01?": "56",
    "What is 15 % of 2400?": "360",
    "Which planet is called the red planet?": "Mars",
    "How many minutes are 7 hours?": "420",
    "What is 1234 + 4321?": "5555",
    "Who wrote Romeo and Juliet?": "Shakespeare",
    QUESTION: "10063",
}
"""What is compared, and what stands in a right answer: the marks are made by it."""
BENCH = (
    "bench", "bundled", "--limit", "16", "--max-tokens", "128", "--temperature", "0", "--at-once", "1",
    "--paradigm", ",".join(PARADIGMS),
)  # fmt: skip
FONT = '"Fira Code", "DejaVu Sans Mono", Menlo, Consolas, monospace'
SeenScreen = TypeVar("SeenScreen", bound=Screen[None])


@dataclass(frozen=True, slots=True)
class Sitting:
    """The app while it is driven, and how long anything in it may take."""

    app: SlmApp
    pilot: Pilot[int]

    async def until(self, so: Callable[[], bool]) -> None:
        """Wait until something is so. Raises `TimeoutError` after some minutes."""
        async with asyncio.timeout(PATIENCE_S):
            while not so():
                await self.pilot.pause(0.1)

    async def screen(self, kind: type[SeenScreen]) -> SeenScreen:
        """Wait for a screen, and return it."""
        await self.until(lambda: isinstance(self.app.screen, kind) and self.app.screen.is_mounted)
        assert isinstance(self.app.screen, kind)
        return self.app.screen

    async def ask(self, prompt: str, paradigm: str) -> None:
        """Send a prompt under a paradigm, and wait for the end of its turn."""
        chat = self.app.chat
        while chat.chat.paradigm != paradigm:
            await self.pilot.press("shift+tab")
        before = len(chat.chat.records)
        chat.prompt.put(prompt)
        await self.pilot.press("enter")
        await self.until(lambda: len(chat.chat.records) > before and not chat.busy)

    async def picture(self, name: str) -> None:
        """Write what is on the screen now."""
        await self.pilot.pause(1.5)  # for what is said in passing, and the slower gauges
        svg = without_fonts(self.app.export_screenshot(title="slmtui", simplify=True))
        path = HERE / f"{name}.svg"
        path.write_text(svg, encoding="utf-8")
        size = path.stat().st_size
        print(f"{path.name}: {size} bytes")  # noqa: T201 - a script
        assert size < MOST_BYTES, "too large for a README"


def without_fonts(svg: str) -> str:
    """Return a picture that takes its letters from where it is shown, and fetches none."""
    svg = re.sub(r"\s*@font-face\s*\{[^}]*\}", "", svg)
    svg = svg.replace("font-family: Fira Code, monospace", f"font-family: {FONT}")
    assert "url(http" not in svg
    return svg


async def picture_of_chat(sitting: Sitting) -> None:
    """The chat and its panel, after the same question under the three paradigms."""
    for paradigm in PARADIGMS:
        await sitting.ask(QUESTION, paradigm)
    await sitting.picture("app")


async def picture_of_details(sitting: Sitting) -> None:
    """The timeline of a team's turn, and the prompt that its specialist saw."""
    await sitting.ask(QUESTION, "multi")
    await sitting.pilot.press("f9")
    screen = await sitting.screen(DetailsScreen)
    await sitting.pilot.press("down", "down", "down", "enter")
    await sitting.until(lambda: screen.is_open)
    screen.text.scroll_to(y=OF_ORIGINS, animate=False)
    await sitting.picture("details")


async def picture_of_comparison(sitting: Sitting) -> None:
    """Three arms side by side, one after another, with marks on several prompts and what follows."""
    await sitting.pilot.press("f4")
    screen = await sitting.screen(CompareScreen)
    screen.columns.focus()
    await sitting.pilot.press("o")
    for number, (prompt, expected) in enumerate(MARKED.items(), 1):
        await screen.ask(prompt)
        await sitting.until(lambda: len(screen.state.rounds) == number and not screen.state.running)  # noqa: B023
        await _mark(sitting, screen, expected)
    await sitting.until(lambda: bool(screen.sentences))
    await sitting.picture("compare")


async def _mark(sitting: Sitting, screen: CompareScreen, expected: str) -> None:
    """Say of each column whether its answer is right; the only right one is the better."""
    right = []
    for place, arm in enumerate(screen.state.order):
        answer = screen.state.answer(arm.arm)
        said = "" if answer is None else answer.live.view.answer.replace(",", "")
        screen.state.place = place
        if re.search(rf"\b{expected}\b", said):
            right.append(place + 1)
        await sitting.pilot.press("a" if place + 1 in right else "s")
    if len(right) == 1:
        await sitting.pilot.press(str(right[0]))


async def picture_of_report(sitting: Sitting) -> None:
    """The charts of a small run of the bundled suite."""
    await sitting.pilot.press("f6")
    runs = await sitting.screen(RunsScreen)
    await sitting.until(lambda: runs.listed.option_count > 0)
    await sitting.pilot.press("enter")
    report = await sitting.screen(ReportScreen)
    await sitting.until(lambda: report.findings is not None)
    await sitting.pilot.press(str(report.names.index("charts") + 1))
    await sitting.until(lambda: "Accuracy" in sitting.app.export_screenshot())
    await sitting.picture("report")


PICTURES: dict[str, Callable[[Sitting], Awaitable[None]]] = {
    "app": picture_of_chat,
    "details": picture_of_details,
    "compare": picture_of_comparison,
    "report": picture_of_report,
}


async def take(name: str, db: Path) -> None:
    """Open the app on a store, with an engine of its own, and take one picture."""
    around = surroundings()
    given = {
        "db": str(db),
        "sampling": {"temperature": 0.0},
        "limits": {"max_tokens": 256},
        "engine": {"threads": 2, "share": False, "saved_states_mb": 0},
    }
    settings = settings_of(around, given)
    with open_store(settings, around) as store:
        options = AppOptions(
            sampling=settings.sampling_of_turn(),
            limits=settings.limits_of_turn(),
            version=slmtui.__version__,
        )
        app = SlmApp(make_backend(settings, around), store, options)
        async with app.run_test(size=SIZE) as pilot:
            sitting = Sitting(app, pilot)
            await sitting.until(lambda: app.chat.engine.phase == "ready")
            await PICTURES[name](sitting)


def main(names: list[str]) -> None:
    """Take the pictures of these names, or all."""
    for name in names or PICTURES:
        with tempfile.TemporaryDirectory() as folder:
            db = Path(folder) / "s.db"
            if name == "report":
                command = [sys.executable, "-m", "slmtui", *BENCH, "--db", str(db)]
                subprocess.run(command, check=True)
            asyncio.run(take(name, db))


if __name__ == "__main__":
    main(sys.argv[1:])
