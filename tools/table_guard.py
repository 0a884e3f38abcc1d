"""What a query may do to the tables: read, with functions from a list, within bounds of time and memory.

Runs in the process of `tools.table_worker`.
"""

import contextlib
import itertools
import sqlite3
import sys
from collections.abc import Collection

MAX_SQL = 4000
_MEMORY = 256_000_000
_ADDRESS_SPACE = 1_000_000_000
_CPU_S = 10
_MAX_VALUE = 10_000_000

_FUNCTIONS = frozenset({
    "abs", "acos", "asin", "atan", "avg", "ceil", "ceiling", "char", "coalesce", "concat",
    "concat_ws", "cos", "count", "cume_dist", "date", "datetime", "degrees", "dense_rank", "exp",
    "first_value", "floor", "format", "glob", "group_concat", "hex", "ifnull", "iif", "instr",
    "julianday", "lag", "last_value", "lead", "length", "like", "ln", "log", "log10", "log2",
    "lower", "ltrim", "max", "min", "mod", "nth_value", "ntile", "nullif", "percent_rank", "pi",
    "pow", "power", "printf", "radians", "rank", "replace", "round", "row_number", "rtrim", "sign",
    "sin", "sqrt", "strftime", "string_agg", "substr", "substring", "sum", "tan", "time", "total",
    "trim", "trunc", "typeof", "unicode", "unixepoch", "upper",
})  # fmt: skip


def limit_process() -> None:
    """Take from this process what it does not need: files to write, memory and time beyond its task's."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    for which, most in (
        (resource.RLIMIT_AS, _ADDRESS_SPACE),
        (resource.RLIMIT_CPU, _CPU_S),
        (resource.RLIMIT_FSIZE, 1_000_000),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):  # macOS takes no bound on addresses
            resource.setrlimit(which, (most, most))


def harden(connection: sqlite3.Connection) -> None:
    """Bound memory and sizes, and trust nothing that a database file says of itself."""
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "temp_store = MEMORY", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA hard_heap_limit = {_MEMORY}")
    for which, most in (
        (sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE),
        (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100),
        (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 10),
        (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100),
        (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
    ):
        connection.setlimit(which, most)


def only_reading(connection: sqlite3.Connection, tables: Collection[str], steps: int) -> None:
    """Refuse from now on everything but reading `tables`, in at most so many thousand `steps`, all told."""
    known = {name.lower() for name in tables}

    def allowed(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        fine = (
            (action == sqlite3.SQLITE_SELECT)
            or (action == sqlite3.SQLITE_READ and (first or "").lower() in known)
            or (action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FUNCTIONS)
        )
        return sqlite3.SQLITE_OK if fine else sqlite3.SQLITE_DENY

    taken = itertools.count()
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, MAX_SQL)
    connection.set_authorizer(allowed)
    connection.set_progress_handler(lambda: next(taken) > steps, 1000)
