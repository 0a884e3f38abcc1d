import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sessions.store import Store

Opener = Callable[..., Store]


class Now:
    """A wall clock that goes on by a second whenever it is read."""

    def __init__(self) -> None:
        self._seconds = itertools.count()

    def __call__(self) -> datetime:
        return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) + timedelta(seconds=next(self._seconds))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


@pytest.fixture
def open_store(path: Path) -> Iterator[Opener]:
    opened: list[Store] = []
    now = Now()

    def open_it(owner: str = "me", alive: Callable[[str], bool] = lambda owner: True) -> Store:
        opened.append(Store.open(path, owner=owner, alive=alive, now=now))
        return opened[-1]

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Opener) -> Store:
    return open_store()
