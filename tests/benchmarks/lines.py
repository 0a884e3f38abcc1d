"""JSON lines of a benchmark's child process."""

import os
import sys
from typing import TextIO


def private_stdout() -> TextIO:
    """Return standard output for the answers alone; what else is printed goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return answers
