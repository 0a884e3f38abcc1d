"""Makes docs/app.svg: the app at 120×36, with a real session on the embedded model.

Run as `uv run python docs/make_picture.py`.
"""

import asyncio
import tempfile
from pathlib import Path

import slmtui
from sessions.store import Store
from slmtui.assemble import make_backend, open_store, settings_of, surroundings
from slmtui.tui.app import SlmApp
from slmtui.tui.options import AppOptions

PROMPT = "How many days are there between 2023-05-06 and 2023-07-01?"
ASKED = (("base", PROMPT), ("single", PROMPT), ("multi", PROMPT))
TURN_S = 60.0


async def main() -> None:
    """Ask the same under the three paradigms, and write the picture."""
    around = surroundings()
    with tempfile.TemporaryDirectory() as folder:
        given = {
            "db": str(Path(folder) / "s.db"),
            "sampling": {"temperature": 0.0},
            "limits": {"max_tokens": 110},
        }
        settings = settings_of(around, given)
        with open_store(settings, around) as store:
            options = AppOptions(sampling=settings.sampling_of_turn(), version=slmtui.__version__)
            app = SlmApp(make_backend(settings, around), store, options)
            async with app.run_test(size=(120, 36)) as pilot:
                for count, (_, prompt) in enumerate(ASKED, 1):
                    await pilot.press(*["shift+tab"] * (count > 1), *prompt, "enter")
                    async with asyncio.timeout(TURN_S):
                        while sum(s.turns for s in store.sessions()) < count or not _ended(store):
                            await pilot.pause(0.2)
                await pilot.pause(1.0)
                app.save_screenshot("app.svg", str(Path(__file__).parent))


def _ended(store: Store) -> bool:
    return all(turn.status for s in store.sessions() for turn in store.turns(s.id))


if __name__ == "__main__":
    asyncio.run(main())
