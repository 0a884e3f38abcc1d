"""Ending what runs in order when ^C is pressed."""

import asyncio
import contextlib
import signal


def stop_on_interrupt() -> asyncio.Event:
    """Return an event that the first ^C sets, to end the turn in order; a second one ends it at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def interrupted() -> None:
        stop.set()
        loop.remove_signal_handler(signal.SIGINT)

    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # Windows, and other threads
        loop.add_signal_handler(signal.SIGINT, interrupted)
    return stop
