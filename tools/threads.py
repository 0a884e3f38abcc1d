"""Running a tool beside the event loop, in a thread that never keeps the program from ending."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def started(call: Callable[[], T], name: str) -> "Future[T]":
    """Run a call in a thread of its own, named `name`, and return its future.

    The interpreter waits for the threads of an executor when it ends; for these it does not.
    """
    future: Future[T] = Future()
    context = contextvars.copy_context()

    def run() -> None:
        try:
            result = context.run(call)
        except BaseException as error:  # noqa: BLE001 - it is raised where the future is waited for
            _settle(future, error=error)
        else:
            _settle(future, result=result)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future


def _settle(future: "Future[T]", *, result: T | None = None, error: BaseException | None = None) -> None:
    if not future.set_running_or_notify_cancel():
        return  # whoever waited has gone
    if error is None:
        future.set_result(result)  # type: ignore[arg-type]  # None where T allows it
    else:
        future.set_exception(error)


async def in_thread(call: Callable[[], T], name: str) -> T:
    """Run a call in a thread of its own and return what it returns, or raise what it raises."""
    return await asyncio.wrap_future(started(call, name))
