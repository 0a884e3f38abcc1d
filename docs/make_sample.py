"""Makes slmtui/sample/session.jsonl: a session of the embedded model under the three paradigms, every event.

Run as `uv run python docs/make_sample.py`.
"""

import asyncio
import json
import tempfile
from pathlib import Path

import slmtui.sample
from agents.events import Event
from sessions.event_json import encode
from sessions.store import Store
from slmtui.assemble import make_backend, open_store, settings_of, surroundings
from slmtui.local_backend import LocalBackend
from slmtui.session import LiveSession
from slmtui.settings import Settings

PROMPTS = ("How many days are there between 2023-05-06 and 2023-07-01?", "What is 347 * 29?")
PARADIGMS = ("base", "single", "multi")
MACHINE = "a machine with 2 cores"
"""The name of the real one is nobody's business."""


async def main() -> None:
    """Ask each prompt under each paradigm, and write what happened."""
    around = surroundings()
    with tempfile.TemporaryDirectory() as folder:
        given = {
            "db": str(Path(folder) / "s.db"),
            "sampling": {"temperature": 0.0},
            "limits": {"max_tokens": 110},
        }
        settings = settings_of(around, given)
        with open_store(settings, around) as store:
            backend = make_backend(settings, around)
            try:
                session = await _ask(store, backend, settings)
            finally:
                await backend.close()
            lines = [
                line for turn in store.turns(session) for line in _lines(turn.turn, store.events(turn.turn))
            ]
    target = Path(slmtui.sample.__file__).with_name(slmtui.sample.FILE)
    target.write_text("".join(lines), encoding="utf-8")


async def _ask(store: Store, backend: LocalBackend, settings: Settings) -> str:
    """Answer every prompt and return the session."""
    await backend.start(lambda _share: None)
    session = store.create_session(slmtui.sample.TITLE)
    for prompt in PROMPTS:
        for paradigm in PARADIGMS:
            live = LiveSession(store, backend, session)
            sent = live.send(prompt, paradigm, settings.sampling_of_turn(), asyncio.Event(), history=())
            async for _event in sent:
                pass
    return session


def _lines(turn: str, events: list[Event]) -> list[str]:
    return [
        json.dumps(_told(turn, event), ensure_ascii=False, separators=(",", ":")) + "\n" for event in events
    ]


def _told(turn: str, event: Event) -> dict[str, object]:
    data = json.loads(encode(event))
    if "engine" in data:
        data["engine"]["machine"] = MACHINE
    return {"turn": turn, "event": type(event).__name__, "data": data}


if __name__ == "__main__":
    asyncio.run(main())
