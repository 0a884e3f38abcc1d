import subprocess
import sys
from pathlib import Path

import pytest

from slmtui.suites.run_lock import sole_worker
from slmtui.suites.suite import SuiteError

HOLD = """
import sys
from pathlib import Path
from slmtui.suites.run_lock import sole_worker
with sole_worker(Path(sys.argv[1]), "R1"):
    print("held", flush=True)
    sys.stdin.read()
"""


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def holder(db: Path) -> "subprocess.Popen[bytes]":
    """Start a process that holds the run R1, and wait until it does."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(db)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd()
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"held"
    return process


def test_another_process_is_kept_out_of_the_same_run_and_of_no_other(tmp_path: Path) -> None:
    db = tmp_path / "s.db"
    with holder(db) as process:
        with (
            pytest.raises(SuiteError, match="Another slmtui is at work on the run R1"),
            sole_worker(db, "R1"),
        ):
            pass
        with sole_worker(db, "R2"):
            pass
        process.communicate(b"")
    with sole_worker(db, "R1"):
        pass
    assert files(tmp_path) == []


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    db = tmp_path / "s.db"
    with holder(db) as process:
        process.kill()
        process.wait()
        with sole_worker(db, "R1"):
            assert files(tmp_path) == ["s.db.R1.lock"]
    assert files(tmp_path) == []


def test_a_lock_on_a_file_that_was_removed_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from slmtui.suites import run_lock

    taken = []
    take = run_lock.take_lock

    def slow(path: Path) -> int | None:
        """Open the file of a process that removes it before the lock is had."""
        descriptor = take(path)
        if not taken:
            path.unlink()
        taken.append(descriptor)
        return descriptor

    monkeypatch.setattr(run_lock, "take_lock", slow)
    with sole_worker(tmp_path / "s.db", "R1"):
        assert files(tmp_path) == ["s.db.R1.lock"]
    assert len(taken) == 2
