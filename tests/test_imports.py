"""What each package drags in, seen in a fresh interpreter: linters read code, this runs it."""

import subprocess
import sys

import pytest

PROBE = "import sys, {module}; print(' '.join(sorted(sys.modules)))"


def loaded(module: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(module=module)], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("tools.toolbox", {"agents", "sessions", "slmtui", "textual", "llama_cpp", "pint"}),
        ("agents.paradigms", {"sessions", "slmtui", "textual", "llama_cpp"}),
        ("sessions.store", {"tools", "slmtui", "textual", "llama_cpp"}),
        ("slmtui.local_backend", {"textual", "llama_cpp"}),
        ("slmtui.engine.client", {"textual", "llama_cpp", "numpy"}),
        ("slmtui.tui.app", {"llama_cpp", "pint", "tiktoken"}),
        ("slmtui.cli", {"textual", "llama_cpp", "tiktoken", "pint"}),
    ],
)
def test_package_does_without(module: str, absent: set[str]) -> None:
    assert loaded(module) & absent == set()
