"""One process at a time works on a run: the kernel keeps the lock, so a killed one leaves none behind."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from slmtui.engine.listening import take_lock
from slmtui.suites.suite import SuiteError


@contextlib.contextmanager
def sole_worker(db: Path, run: str) -> Iterator[None]:
    """Hold a run of the store in the file `db`. Raises `SuiteError` while another process holds it.

    The lock is a file beside the database, where every process that can write to the run can see it; it goes
    when the work is done.
    """
    path = db.resolve().with_name(f"{db.name}.{run}.lock")
    descriptor = _taken(path)
    if descriptor is None:
        raise SuiteError(f"Another slmtui is at work on the run {run}. Wait for it, or stop it with ^C.")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # Windows removes no file that is open
            path.unlink()
        os.close(descriptor)


def _taken(path: Path) -> int | None:
    """Return a descriptor that holds the lock, or None.

    A process that was about to leave may have removed the file that was opened: such a lock keeps nobody out.
    """
    while (descriptor := take_lock(path)) is not None:
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        os.close(descriptor)
    return None
