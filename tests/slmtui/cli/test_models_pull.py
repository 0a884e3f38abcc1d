import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from slmtui.models import download
from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.models.gguf_files import write_gguf
from tests.slmtui.models.hub_server import REPO, FakeHub, digest, serving

NAME = "Tiny-Q4_K_M.gguf"


@pytest.fixture
def hub(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    data = write_gguf(tmp_path / "made" / NAME).read_bytes()
    monkeypatch.setattr(download, "PAUSE_S", 0.0)
    monkeypatch.setenv("HF_HUB_CACHE", str(home / "hub"))
    with serving(FakeHub({NAME: data})) as served:
        monkeypatch.setenv("HF_ENDPOINT", served.endpoint)
        yield served


def test_a_model_is_pulled_and_then_listed(slmtui: Slmtui, hub: FakeHub, home: Path) -> None:
    ran = slmtui("models", "pull", REPO, "--yes")
    assert ran.code == 0
    path = Path(ran.out.strip())
    assert path.read_bytes() == hub.files[NAME]
    assert "licence     mit" in ran.err
    assert "Checked and complete." in ran.err
    assert ran.err.index("licence") < ran.err.index("Checked")
    listed = json.loads(slmtui("models", "list", "--json").out)
    assert [model["path"] for model in listed if model["source"] == "Hugging Face"] == [str(path)]


def test_what_is_said_to_chat_with_it_does(slmtui: Slmtui, hub: FakeHub, tmp_path: Path) -> None:
    folders = ((), ("--to", tmp_path / "my models"))
    for where in folders:
        said = slmtui("models", "pull", REPO, "--yes", *where).err
        _, _, model = shlex.split(said.partition("`")[2].partition("`")[0])
        shown = slmtui("models", "show", model)
        assert (shown.code, shown.err) == (0, "")


def test_what_was_pulled_is_told_as_json(slmtui: Slmtui, hub: FakeHub, tmp_path: Path) -> None:
    ran = slmtui("models", "pull", REPO, "--yes", "--json", "--to", tmp_path / "mine")
    told = json.loads(ran.out)
    assert told["path"] == str(tmp_path / "mine" / NAME)
    assert (told["sha256"], told["licence"], told["was_here"]) == (digest(hub.files[NAME]), "mit", False)
    again = json.loads(slmtui("models", "pull", REPO, "--json", "--to", tmp_path / "mine").out)
    assert again["was_here"] is True


def test_nothing_is_pulled_unless_somebody_says_yes(
    slmtui: Slmtui, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = slmtui("models", "pull", REPO)
    assert (ran.code, ran.out) == (2, "")
    assert "--yes says so" in ran.err
    monkeypatch.setattr("slmtui.cli.models_pull._nobody_is_there", lambda: False)
    no = slmtui("models", "pull", REPO, stdin=b"n\n")
    assert (no.code, no.out) == (1, "")
    assert "nothing was pulled" in no.err
    assert hub.ranges() == []
    assert slmtui("models", "pull", REPO, stdin=b"y\n").code == 0


def test_an_interruption_keeps_what_came(
    slmtui: Slmtui, hub: FakeHub, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_self: object, _phase: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(download.Download, "_tell", interrupted)
        ran = slmtui("models", "pull", REPO, "--yes")
    assert (ran.code, ran.out) == (130, "")
    assert "the same command goes on from there" in ran.err
    (part,) = (home / "hub").rglob("*.incomplete")
    assert part.stat().st_size > 0
    assert slmtui("models", "pull", REPO, "--yes").code == 0


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("owner/Nobody", 2, "the hub has no repository owner/Nobody"),
        ("nonsense", 2, "is not in `slmtui models list --known`"),
        (f"{REPO}:Q2_K", 2, "has no Q2_K; it has Q4_K_M"),
    ],
)
def test_what_is_not_there_is_said(slmtui: Slmtui, hub: FakeHub, name: str, code: int, said: str) -> None:
    ran = slmtui("models", "pull", name, "--yes")
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_a_wrong_file_fails(slmtui: Slmtui, hub: FakeHub, home: Path) -> None:
    hub.sent[NAME] = bytes(len(hub.files[NAME]))
    ran = slmtui("models", "pull", REPO, "--yes")
    assert (ran.code, ran.out) == (1, "")
    assert "SHA-256 is wrong, and it was removed" in ran.err
    assert list((home / "hub").rglob("*.gguf")) == []


def test_offline_is_said(slmtui: Slmtui, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    ran = slmtui("models", "pull", "qwen3-0.6b", "--yes")
    assert (ran.code, ran.out) == (1, "")
    assert "http://127.0.0.1:9 cannot be reached" in ran.err
    assert "Traceback" not in ran.err


def test_the_short_list(slmtui: Slmtui) -> None:
    lines = slmtui("models", "list", "--known").out.splitlines()
    assert lines[0].split()[:4] == ["NAME", "CLASS", "SIZE", "LICENCE"]
    assert any(line.startswith("qwen3-0.6b ") and "apache-2.0" in line for line in lines)
    listed = json.loads(slmtui("models", "list", "--known", "--json").out)
    assert {"name", "repository", "licence", "size"} <= set(listed[0])
