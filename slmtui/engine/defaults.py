"""What the engine starts from when it is not told; here, so that others can tell it without llama.cpp."""

import os

import psutil

DEFAULT_CONTEXT = 8192
"""Tokens. More is a setting: the KV cache is allocated whole, and grows with it."""


def default_threads() -> int:
    """Return the number of physical cores that this process may use: a start, where nothing was measured.

    Decoding waits at a barrier for its slowest thread, so threads beyond the cores only slow it down.
    """
    return max(1, min(allowed_cores(), physical_cores()))


def allowed_cores() -> int:
    """Return the number of logical cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def physical_cores() -> int:
    """Return the number of physical cores of this machine; the logical ones where it does not tell them."""
    return psutil.cpu_count(logical=False) or os.cpu_count() or 1
