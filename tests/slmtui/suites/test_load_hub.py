from pathlib import Path
from typing import Any
from unittest.mock import Mock

import huggingface_hub
import pytest
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from slmtui.suites.loaders.hub import HubFile, hub_file, read_hub
from slmtui.suites.suite import SuiteError

FILE = HubFile("owner/name", "data/test.jsonl", "v1")


def test_a_file_of_the_hub_is_named_on_one_line() -> None:
    assert hub_file("hf:owner/name@v1/data/test.jsonl") == FILE
    assert hub_file("hf:owner/name/test.jsonl") == HubFile("owner/name", "test.jsonl")
    assert hub_file(str(FILE)) == FILE


@pytest.mark.parametrize("reference", ["hf:", "hf:owner", "hf:owner/name", "hf:owner/name/", "hf:/name/file"])
def test_what_names_no_file_is_told_of(reference: str) -> None:
    with pytest.raises(SuiteError, match="write it as hf:OWNER/NAME/FILE"):
        hub_file(reference)


def test_a_file_is_read_from_the_hubs_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "test.jsonl").write_bytes(b"{}")
    asked: list[tuple[Any, ...]] = []

    def download(*where: str, **how: str) -> str:
        asked.append((*where, how))
        return str(tmp_path / "test.jsonl")

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)
    file = read_hub(FILE)
    assert asked == [("owner/name", "data/test.jsonl", {"repo_type": "dataset", "revision": "v1"})]
    assert (file.name, file.stem, file.data) == ("hf:owner/name@v1/data/test.jsonl", "test", b"{}")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (GatedRepoError("no", response=Mock()), "its owner asks for an agreement"),
        (
            LocalEntryNotFoundError("no"),
            "cannot be reached, and its cache lacks the file: try again",
        ),
        (OfflineModeIsEnabled("no"), "switched off"),
        (RepositoryNotFoundError("no", response=Mock()), "no such data set"),
        (RevisionNotFoundError("no", response=Mock()), "no such revision"),
        (EntryNotFoundError("no"), "no such file"),
        (OSError("the disk is\nfull"), r"does not give it \(the disk is full\)"),
    ],
)
def test_what_the_hub_does_not_give_is_told_of(
    error: Exception, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", Mock(side_effect=error))
    with pytest.raises(SuiteError, match=rf"^hf:owner/name@v1/data/test\.jsonl: .*{why}"):
        read_hub(FILE)


def test_a_name_that_no_data_set_can_have_is_told_of() -> None:
    with pytest.raises(SuiteError, match="cannot have a data set of this name"):
        read_hub(HubFile("ow..ner/na--me", "file"))
