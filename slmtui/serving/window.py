"""The process of one window: the app itself, which ends with its server, however the server ends."""

import os
import runpy
import select
import signal
import threading
import time

LEAVE_S = 10.0
"""Seconds that the app has to leave as with ctrl+q, and to store the end of what runs."""


def main() -> None:
    """Run `python -m slmtui` with the flags of this process."""
    if hasattr(select, "poll"):  # Windows has none
        threading.Thread(target=_end_with_server, name="server-watch", daemon=True).start()
    runpy.run_module("slmtui", run_name="__main__", alter_sys=True)


def _end_with_server() -> None:
    """Wait until nobody holds the other end of standard input, which only the server has, and leave.

    A server that is killed says goodbye to nobody, and its windows would keep the engine for ever.
    """
    watch = select.poll()
    watch.register(0, 0)  # a hang-up is told all the same; what is to be read is the app's
    watch.poll()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LEAVE_S)
    os._exit(1)


if __name__ == "__main__":
    main()
