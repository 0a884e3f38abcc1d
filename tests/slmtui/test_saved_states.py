import dataclasses
import os
from pathlib import Path

from agents.events import EngineFacts
from agents.message import Message
from slmtui.engine.protocol import StateDone
from slmtui.saved_states import SavedStates, fingerprint

FACTS = EngineFacts("m", "hash", "F32", "llama", 1, 2048, 1, 0, "0.1", "here", "0")
SAID = (Message("user", "hello", "history", 1),)


class Saver:
    """An engine that writes files of a size, and says so."""

    def __init__(self, size: int = 0, tokens: int = 1000, error: str = "") -> None:
        self.facts = FACTS
        self.size, self.tokens, self.error = size, tokens, error
        self.asked: list[tuple[Path, str]] = []

    async def save_state(self, path: Path, name: str, messages: tuple[Message, ...]) -> StateDone:
        self.asked.append((path, name))
        if not self.error:
            path.write_bytes(bytes(self.size))  # noqa: ASYNC240
        return StateDone("", self.tokens, self.size, self.error)

    async def restore_state(self, path: Path, name: str) -> StateDone:
        self.asked.append((path, name))
        return StateDone("", self.tokens, self.size, self.error)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def save(states: SavedStates, session: str, saver: Saver) -> int:
    return await states.save(saver, session, SAID)  # type: ignore[arg-type]


async def restore(states: SavedStates, session: str, saver: Saver) -> int:
    return await states.restore(saver, session)  # type: ignore[arg-type]


async def test_oldest_state_makes_room(tmp_path: Path) -> None:
    states = SavedStates(tmp_path / "s", 1)
    for n, session in enumerate("abc"):
        assert await save(states, session, Saver(400_000)) == 1000
        os.utime(tmp_path / "s" / f"{session}.kv", ns=(n, n))
        if session == "b":  # whoever is used again is not the oldest any more
            assert await restore(states, "a", Saver()) == 1000
    assert names(tmp_path / "s") == ["a.kv", "c.kv"]
    assert await save(states, "d", Saver(2_000_000)) == 0
    assert "d.kv" not in names(tmp_path / "s")


async def test_nothing_is_kept_with_no_room_at_all(tmp_path: Path) -> None:
    states, saver = SavedStates(tmp_path / "s", 0), Saver(10)
    assert await save(states, "a", saver) == await restore(states, "a", saver) == 0
    assert not saver.asked
    assert not (tmp_path / "s").exists()


async def test_short_state_and_failed_one_are_not_kept(tmp_path: Path) -> None:
    states = SavedStates(tmp_path / "s", 1)
    assert await save(states, "a", Saver(10, tokens=255)) == 0
    assert await save(states, "b", Saver(error="no")) == 0
    assert names(tmp_path / "s") == []
    assert await restore(states, "a", Saver()) == 0


async def test_refused_state_restores_nothing(tmp_path: Path) -> None:
    states = SavedStates(tmp_path / "s", 1)
    await save(states, "a", Saver(10))
    assert await restore(states, "a", Saver(error="another model")) == 0
    assert names(tmp_path / "s") == ["a.kv"]


async def test_session_cannot_name_a_file_elsewhere(tmp_path: Path) -> None:
    states, saver = SavedStates(tmp_path / "s", 1), Saver(10)
    for session in ("../a", "/etc/a", "", "a/b", "a" * 65):
        assert await save(states, session, saver) == await restore(states, session, saver) == 0
    assert not saver.asked


async def test_model_without_a_hash_is_not_trusted(tmp_path: Path) -> None:
    saver = Saver(10)
    saver.facts = dataclasses.replace(FACTS, model_hash="")
    assert await save(SavedStates(tmp_path / "s", 1), "a", saver) == 0


def test_fingerprint_names_what_a_state_depends_on() -> None:
    others = [
        dataclasses.replace(FACTS, **{name: value})
        for name, value in {
            "model_hash": "other", "llama_cpp": "0.2", "kv_type": "q8_0", "flash_attention": True,
            "lora": "a × 1", "machine": "there",
        }.items()
    ]  # fmt: skip
    assert len({fingerprint(facts) for facts in (FACTS, *others)}) == len(others) + 1
    assert fingerprint(dataclasses.replace(FACTS, n_ctx=1, model="renamed")) == fingerprint(FACTS)
