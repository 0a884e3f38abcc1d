"""The SQL of the store's tables and views, one migration a file.

What was released is never changed; a later migration adds to it. The text of every statement, comments
too, ends up in the file: `.schema` in sqlite3 explains it.
"""

KNOWN = frozenset(
    {
        "m001_first",
        "m002_engine_and_choices",
        "m003_ladder_and_factors",
        "m004_runs_and_what_ifs",
        "m005_tree_and_marks",
    }
)
"""The migrations that this version knows; a file with another one comes from a newer version."""
