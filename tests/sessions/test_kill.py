import random
import sqlite3
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from agents.events import TurnFinished
from sessions.store import Store
from sessions.tally import records_of
from tests.sessions.apps import CONTEXT, batches, now, start_app, write_for_ever

ROUNDS = 15
Ack = tuple[str, str, int]


def run_and_kill(path: Path, owner: str, dice: random.Random) -> list[Ack]:
    """Let an app write, kill it with SIGKILL at a random moment, and return what it had acknowledged."""
    ours, theirs = CONTEXT.Pipe(duplex=False)
    app = start_app(write_for_ever, path, owner, theirs)
    theirs.close()
    acks = [ours.recv() for _ in range(dice.randint(1, 60))]
    time.sleep(dice.random() * 0.003)  # anywhere within the next appends
    app.kill()
    app.join()
    acks.extend(rest(ours))
    assert app.exitcode == -9
    return acks


def rest(pipe: Connection) -> list[Ack]:
    acks: list[Ack] = []
    with suppress(EOFError, OSError):
        while True:
            acks.append(pipe.recv())
    return acks


def check(store: Store, acks: list[Ack]) -> None:
    """Everything acknowledged is there; at most one append that was under way is there too."""
    session, last, step = acks[-1]
    turns = {turn.turn: turn for turn in store.turns(session)}
    for turn in {turn for _, turn, _ in acks} - {last}:
        assert turns[turn].status == "ok"
        assert store.events(turn) == [event for batch in batches(turn, session) for event in batch]
    whole = batches(last, session)
    events = store.events(last)
    acknowledged = [event for batch in whole[: step + 1] for event in batch]
    assert events[: len(acknowledged)] == acknowledged
    if turns[last].status == "ok":
        assert events == [event for batch in whole for event in batch]
    else:
        check_interrupted(store, last)


def check_interrupted(store: Store, turn: str) -> None:
    *told, end = store.events(turn)
    answer = records_of(told).turn.answer
    assert isinstance(end, TurnFinished)
    assert (end.status, end.answer) == ("interrupted", answer)
    assert (store.turn(turn).status, store.turn(turn).answer) == ("interrupted", answer)


def test_a_kill_at_any_moment_loses_nothing_that_was_appended(path: Path) -> None:
    dice = random.Random(20260102)
    interrupted = 0
    for number in range(ROUNDS):
        owner = f"R{number}"
        acks = run_and_kill(path, owner, dice)
        with Store.open(path, owner="me", alive=lambda owner: False, now=now) as store:
            check(store, acks)
            statuses = [turn.status for turn in store.turns(acks[0][0])]
        assert None not in statuses
        interrupted += statuses.count("interrupted")
        db = sqlite3.connect(path)
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        db.execute("INSERT INTO turns_text (turns_text, rank) VALUES ('integrity-check', 1)")
        db.close()
    assert interrupted > 0  # some were killed in the middle of a turn
