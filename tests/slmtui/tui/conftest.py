from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sessions.store import Store


class WallClock:
    """A second passes at every look, so that the order of what happened is always clear."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "sessions.db"
    with Store.open(path, owner="test", alive=lambda _owner: False, now=WallClock()) as opened:
        yield opened
