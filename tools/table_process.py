"""Ask the process that reads tables: started for one request, without our environment, and ended in time."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TIMEOUT_S = 8.0

# Not `-m`: in isolation the interpreter does not look where our packages are, so they are shown to it.
_START = "import sys; sys.path.insert(0, sys.argv[1]); from tools.table_worker import main; main()"
_PACKAGES = Path(__file__).absolute().parents[1]
_NEEDED = ("SYSTEMROOT",)  # without which no process starts on Windows


class TableProcessError(Exception):
    """The process gave no reply; the text says why, as the end of a sentence about the query."""


def ask(request: Mapping[str, Any], timeout: float = TIMEOUT_S) -> dict[str, Any]:
    """Return the reply to a request of `tools.table_worker`. Raises `TableProcessError`.

    `timeout` is in seconds; a process that takes longer is killed.
    """
    command = [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", _START, str(_PACKAGES)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
            cwd=_PACKAGES.anchor,
            env={name: os.environ[name] for name in _NEEDED if name in os.environ},
            start_new_session=True,
        )
        reply: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise TableProcessError(f"took longer than {timeout:g} s") from error
    except OSError as error:
        raise TableProcessError(f"could not be started ({error.strerror})") from error
    except ValueError as error:  # killed for the time or the memory that it took
        raise TableProcessError("took more time or memory than is allowed") from error
    return reply
