import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slmtui.engine import gpu
from slmtui.engine.sizing import GpuDevice

CPU, CARD, INTEGRATED = 0, 1, 2


def fake_ggml(devices: list[tuple[int, bytes, int, int]], backends: list[bytes]) -> dict[str, Any]:
    """ggml's functions over devices as (kind, name, free, total); a device is its number plus one."""

    def memory(device: int, free: Any, total: Any) -> None:
        free._obj.value, total._obj.value = devices[device - 1][2:]

    functions: dict[str, Callable[..., Any]] = {
        "ggml_backend_dev_count": lambda: len(devices),
        "ggml_backend_dev_get": lambda index: index + 1,
        "ggml_backend_dev_type": lambda device: devices[device - 1][0],
        "ggml_backend_dev_description": lambda device: devices[device - 1][1],
        "ggml_backend_dev_memory": memory,
        "ggml_backend_reg_count": lambda: len(backends),
        "ggml_backend_reg_get": lambda index: index + 1,
        "ggml_backend_reg_name": lambda backend: backends[backend - 1],
    }
    return functions


def found(
    monkeypatch: pytest.MonkeyPatch, functions: dict[str, Any], *, offload: bool = True
) -> tuple[bool, list[GpuDevice]]:
    def look_up(name: str) -> Any:
        if name not in functions:
            raise AttributeError(name)
        return functions[name]

    monkeypatch.setattr(gpu, "_symbols", lambda _folder: look_up)
    monkeypatch.setattr(gpu.lc, "llama_supports_gpu_offload", lambda: offload)
    return gpu.gpu_devices()


def test_gpus_with_their_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [(CARD, b"RTX 4090 ", 23, 24), (CARD, b"", 7, 8)]
    devices = [(CPU, b"EPYC", 1, 2), *cards, (INTEGRATED, b"Iris", 5, 6)]
    supported, seen = found(monkeypatch, fake_ggml(devices, [b"CUDA", b"CPU"]))
    assert supported
    assert seen == [GpuDevice("RTX 4090", 23, 24), GpuDevice("GPU", 7, 8)]


def test_an_integrated_gpu_where_there_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = [(CPU, b"EPYC", 1, 2), (INTEGRATED, b"Iris", 5, 6)]
    assert found(monkeypatch, fake_ggml(devices, [b"Vulkan", b"CPU"]))[1] == [GpuDevice("Iris", 5, 6)]


def test_a_build_for_gpus_on_a_machine_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = [(CPU, b"EPYC", 1, 2)]
    assert found(monkeypatch, fake_ggml(devices, [b"CUDA", b"CPU"]), offload=False) == (True, [])
    assert found(monkeypatch, fake_ggml(devices, [b"BLAS", b"CPU"]), offload=False) == (False, [])


@pytest.mark.parametrize("missing", list(fake_ggml([], [])))
def test_a_ggml_that_lacks_a_function(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    functions = fake_ggml([(CARD, b"RTX", 1, 2)], [b"CUDA"])
    del functions[missing]
    supported, devices = found(monkeypatch, functions, offload=True)
    assert supported
    assert devices in ([], [GpuDevice("RTX", 1, 2)])
    if missing.startswith("ggml_backend_dev"):
        assert devices == []


def test_the_functions_are_found_in_the_libraries_that_are_here() -> None:
    symbol = gpu._symbols(gpu._library_folder())
    for name in fake_ggml([], []):
        assert symbol(name)
    with pytest.raises(AttributeError):
        symbol("ggml_backend_dev_of_no_version")


def test_a_folder_without_libraries(tmp_path: Path) -> None:
    with pytest.raises(AttributeError):
        gpu._symbols(tmp_path)("ggml_backend_dev_count")


def test_the_real_build_is_asked_in_a_process_of_its_own() -> None:
    command = [sys.executable, "-P", "-m", "slmtui.engine.gpu"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    supported, devices = gpu.gpu_devices()
    assert ran.stdout.startswith(f"[{str(supported).lower()},[")
    assert all(device.name in ran.stdout for device in devices)
