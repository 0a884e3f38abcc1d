from pathlib import Path

import pytest

from sessions.store import Store
from tests.sessions.apps import CONTEXT, WORDS, now, start_app, write_turns

TURNS = 12


@pytest.mark.parametrize("shared", [False, True], ids=["a session each on a new file", "one session"])
def test_two_apps_write_one_file(path: Path, shared: bool) -> None:
    session = None
    if shared:
        with Store.open(path, owner="me", alive=lambda owner: True, now=now) as store:
            session = store.create_session()
    barrier = CONTEXT.Barrier(2)
    apps = [start_app(write_turns, path, owner, TURNS, barrier, session) for owner in ("A", "B")]
    for app in apps:
        app.join(120)
    assert [app.exitcode for app in apps] == [0, 0]
    with Store.open(path, owner="me", alive=lambda owner: False, now=now) as store:
        sessions = store.sessions()
        assert sum(each.turns for each in sessions) == 2 * TURNS
        for each in sessions:
            turns = store.turns(each.id)
            assert [turn.position for turn in turns] == list(range(1, len(turns) + 1))
            assert {turn.status for turn in turns} == {"ok"}
            assert {turn.answer for turn in turns} == {"".join(WORDS)}
        assert len(sessions) == (1 if shared else 2)
