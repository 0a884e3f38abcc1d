"""What the engine chooses when it is not told; here, so that others can tell it without llama.cpp."""

import os

import psutil

DEFAULT_CONTEXT = 8192
"""Tokens. More is a setting: the KV cache is allocated whole, and grows with it."""


def default_threads() -> int:
    """Return the number of physical cores that this process may use.

    Decoding waits at a barrier for its slowest thread, so threads beyond the cores only slow it down.
    """
    return max(1, min(allowed_cores(), psutil.cpu_count(logical=False) or allowed_cores()))


def allowed_cores() -> int:
    """Return the number of logical cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
