import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from slmtui.host import machine_name, owner_is_alive, this_owner


def test_this_process_is_alive_and_its_name_is_one_word() -> None:
    assert owner_is_alive(this_owner())
    assert this_owner() == this_owner()
    assert " " not in this_owner()


def test_a_process_that_ended_is_not_alive_and_neither_is_another_with_its_number() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        started = psutil.Process(child.pid).create_time()
        owner = f"{socket.gethostname()}:{child.pid}:{started:.2f}"
        assert owner_is_alive(owner)
        assert owner_is_alive(f"{socket.gethostname()}:{child.pid}:{started + 1:.2f}")  # a corrected clock
        assert not owner_is_alive(f"{socket.gethostname()}:{child.pid}:{started - 60:.2f}")
        child.communicate(b"\n")
    assert not owner_is_alive(owner)


def test_a_process_of_another_machine_is_taken_to_be_alive() -> None:
    assert owner_is_alive(f"elsewhere.example:{os.getpid()}:1.00")


@pytest.mark.parametrize("rest", ["", "x:y", "1:", ":1", "-1:1.0", f"{'9' * 40}:1.0"])
def test_a_name_that_makes_no_sense_is_not_alive(rest: str) -> None:
    assert not owner_is_alive(f"{socket.gethostname()}:{rest}" if rest else rest)


def test_the_machine_is_a_line_with_its_processor(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nmodel name\t: Frobnitz 9000\n")
    assert machine_name(info).startswith("Frobnitz 9000, ")
    assert "GiB" in machine_name(tmp_path / "none")
    assert machine_name().isprintable()
