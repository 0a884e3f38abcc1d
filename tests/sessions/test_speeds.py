from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from agents.events import CallStarted, EngineFacts, Event, TurnStarted
from sessions.speeds import LATEST, LEAST_TOKENS, ModelName, Speed, model_speeds
from sessions.store import Store
from tests.sessions.scripted import turn_id, whole_turn
from tests.strategies import ENGINE

FACTS = replace(ENGINE, model="small", quantisation="Q4_1", machine="here")
WORDS = ("word ",) * (LEAST_TOKENS + 2)


def keep(
    store: Store, number: int, facts: EngineFacts = FACTS, words: Sequence[str] = WORDS, other: str = ""
) -> None:
    """Store a turn of a model that decodes 4 tokens a second, begun in the second of its number."""
    session = store.create_session()
    turn = turn_id(number)

    def adapted(event: Event) -> Event:
        if isinstance(event, TurnStarted):
            return replace(event, engine=facts, started_at=f"2026-01-02T03:04:{number:02d}+00:00")
        return replace(event, model=other) if isinstance(event, CallStarted) else event

    store.append(session, turn, [adapted(event) for event in whole_turn(turn, session, answer=words)])


def test_speeds_are_told_by_model_and_quantisation(store: Store, path: Path) -> None:
    keep(store, 1)
    keep(store, 2)
    keep(store, 3, replace(FACTS, quantisation="Q8_0"))
    assert model_speeds(path, "here") == {
        ModelName("small", "Q4_1"): Speed(4.0, 4.0, 2),
        ModelName("small", "Q8_0"): Speed(4.0, 4.0, 1),
    }


def test_only_what_says_something_of_this_machine_and_model_counts(store: Store, path: Path) -> None:
    keep(store, 1, replace(FACTS, machine="elsewhere"))
    keep(store, 2, words=WORDS[:2])
    keep(store, 3, other="another")
    assert model_speeds(path, "here") == {}


def test_the_latest_turns_count(store: Store, path: Path) -> None:
    for number in range(LATEST + 3):
        keep(store, number)
    assert model_speeds(path, "here")[ModelName("small", "Q4_1")].turns == LATEST


@pytest.mark.parametrize("content", [None, b"no database"])
def test_a_store_that_cannot_be_read_tells_nothing(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "a store?#.db"
    if content is not None:
        file.write_bytes(content)
    assert model_speeds(file, "here") == {}
    assert file.exists() is (content is not None)
