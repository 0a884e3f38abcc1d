import subprocess
import sys
from pathlib import Path

PROBE = """
import importlib, pkgutil, sys
import slmtui.suites
for each in pkgutil.walk_packages(slmtui.suites.__path__, "slmtui.suites."):
    importlib.import_module(each.name)
print(" ".join(sorted(sys.modules)))
"""


def test_suites_need_no_screen_and_load_no_engine() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert {"slmtui", "agents"} <= loaded
    assert loaded & {"textual", "llama_cpp", "typer"} == set()
