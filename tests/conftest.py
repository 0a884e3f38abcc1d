from pathlib import Path

import pytest

from tests.models import embedded_model, write_tiny


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("models") / "tiny.gguf")


@pytest.fixture(scope="session")
def smollm() -> Path:
    path = embedded_model()
    if path is None:
        pytest.skip("the embedded model is not installed (dependency group: model)")
    return path
