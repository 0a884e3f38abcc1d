"""Runs the app with scripted answers, to look at it without a model.

`python -m tests.slmtui.tui.demo [FILE]` keeps the sessions in FILE, or in a folder of its own.
"""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sessions.store import Store
from slmtui.tui.app import run_app
from slmtui.tui.options import AppOptions
from tests.slmtui.tui.scripted import ScriptedBackend


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "demo.db"
        store = Store.open(path, owner="demo", alive=lambda _owner: False, now=lambda: datetime.now(UTC))
        with store:
            return run_app(ScriptedBackend(pace=0.03), store, AppOptions(version="0.1.0"))


if __name__ == "__main__":
    sys.exit(main())
