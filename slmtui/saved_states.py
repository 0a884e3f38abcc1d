"""What the KV cache held of sessions, kept on disk: one that is opened again need not be read again."""

import asyncio
import contextlib
import hashlib
import logging
import os
import re
from pathlib import Path

from agents.events import EngineFacts
from agents.message import Message
from slmtui.engine.client import Engine

WORTH_KEEPING = 256
"""Tokens: a shorter conversation is read again faster than its state is found."""

_MIB = 2**20
_SESSION = re.compile(r"[0-9A-Za-z_-]{1,64}")

_log = logging.getLogger(__name__)


def fingerprint(facts: EngineFacts) -> str:
    """Return the name of everything that a state depends on."""
    parts = (
        facts.model_hash,
        facts.llama_cpp,
        facts.kv_type,
        str(facts.flash_attention),
        facts.lora,
        facts.machine,
    )
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


class SavedStates:
    """A folder with one file a session, of `limit_mb` MiB at most; with 0, nothing is kept.

    When it is full, the states that were not used for the longest time go first.
    """

    def __init__(self, folder: Path, limit_mb: int) -> None:
        self._folder = folder
        self._limit = limit_mb * _MIB

    async def save(self, engine: Engine, session: str, messages: tuple[Message, ...]) -> int:
        """Keep what the engine holds of a conversation; return its tokens, 0 when nothing was kept.

        Raises `OSError` where the folder cannot be used.
        """
        path = self._path(session)
        facts = engine.facts
        if path is None or not self._limit or not facts.model_hash:
            return 0
        await asyncio.to_thread(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        done = await engine.save_state(path, fingerprint(facts), messages)
        if done.error:
            _log.warning("the state of session %s was not kept: %s", session, done.error)
        elif done.tokens < WORTH_KEEPING:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        await asyncio.to_thread(self.prune)
        return done.tokens if path.is_file() else 0

    async def restore(self, engine: Engine, session: str) -> int:
        """Give the engine what was kept of a session; return its tokens, 0 when there is nothing to give."""
        path = self._path(session)
        if path is None or not self._limit or not path.is_file():
            return 0
        done = await engine.restore_state(path, fingerprint(engine.facts))
        if done.error:
            _log.info("the state of session %s was not used: %s", session, done.error)
            return 0
        with contextlib.suppress(OSError):
            os.utime(path)
        return done.tokens

    def forget(self, session: str) -> None:
        """Remove what was kept of a session, if anything was."""
        path = self._path(session)
        if path is not None:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def prune(self) -> None:
        """Remove the oldest states until the rest fits."""
        files = sorted(self._folder.glob("*"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        kept = 0
        for file in files:
            kept += file.stat().st_size
            if kept > self._limit:
                file.unlink(missing_ok=True)

    def _path(self, session: str) -> Path | None:
        """Return the file of a session; None for a name that is none of ours."""
        return self._folder / f"{session}.kv" if _SESSION.fullmatch(session) else None
