from pathlib import Path

import pytest
from hypothesis import settings

from tests.models import embedded_model, write_tiny

# The same examples on every run, and no test that fails because a machine is slow.
settings.register_profile("slmtui", deadline=None, derandomize=True)
settings.load_profile("slmtui")


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("models") / "tiny.gguf")


@pytest.fixture(scope="session")
def smollm() -> Path:
    path = embedded_model()
    if path is None:
        pytest.skip("the embedded model is not installed (dependency group: model)")
    return path
