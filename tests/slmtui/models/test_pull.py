"""Pulling models from a hub on the loopback interface."""

import errno
import gzip
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import huggingface_hub
import pytest

from slmtui.models import download
from slmtui.models.download import PullProgress
from slmtui.models.errors import CutOffError, PullError, PullStoppedError, UnknownPullError
from slmtui.models.find import find_models
from slmtui.models.hub import Hub
from slmtui.models.places import usual_places
from slmtui.models.pull import Puller
from slmtui.models.pulling import told
from tests.slmtui.models.gguf_files import write_gguf
from tests.slmtui.models.hub_server import COMMIT, REPO, FakeHub, digest, serving

NAME = "Tiny-Q4_K_M.gguf"


@pytest.fixture
def model(tmp_path: Path) -> bytes:
    return write_gguf(tmp_path / "made" / NAME, strings={"general.license": "mit"}).read_bytes()


@pytest.fixture
def hub(model: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    monkeypatch.setattr(download, "PAUSE_S", 0.0)
    with serving(FakeHub({NAME: model, "README.md": b"# Tiny"})) as served:
        yield served


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "hub"


def puller(hub: FakeHub, cache: Path, free: int = 10**12) -> Puller:
    return Puller(Hub(hub.endpoint), cache, lambda _folder: free)


def pull(hub: FakeHub, cache: Path, **how: Any) -> Path:
    one = puller(hub, cache)
    return one.pull(one.offer(REPO, **how), lambda _progress: None, lambda: False)


def parts(folder: Path) -> list[Path]:
    return [*folder.rglob("*.incomplete"), *folder.rglob("*.part")]


def test_a_model_is_offered_and_pulled_to_where_it_is_found(hub: FakeHub, model: bytes, cache: Path) -> None:
    one = puller(hub, cache)
    offer = one.offer(REPO)
    assert (offer.repository.licence, offer.file.name, offer.file.size) == ("mit", NAME, len(model))
    assert (offer.there, offer.here, told(offer).needed) == (0, False, len(model))
    seen: list[PullProgress] = []
    path = one.pull(offer, seen.append, lambda: False)
    assert path.read_bytes() == model
    assert seen[-1] == PullProgress("pulling", len(model), len(model))
    assert path == cache / "models--owner--Tiny-GGUF" / "snapshots" / COMMIT / NAME
    places = usual_places({"HF_HUB_CACHE": str(cache)}, cache / "no home", "linux")
    assert [found.name for found in find_models(None, places)] == ["owner/Tiny-GGUF/Tiny-Q4_K_M"]
    assert parts(cache) == []


def test_what_was_pulled_is_laid_out_as_the_hubs_own_client_expects(hub: FakeHub, cache: Path) -> None:
    path = pull(hub, cache)
    hub.asked.clear()
    found = huggingface_hub.hf_hub_download(
        REPO, NAME, cache_dir=cache, endpoint=hub.endpoint, local_files_only=True
    )
    assert Path(found) == path
    assert hub.asked == []


def test_what_is_here_is_not_pulled_again(hub: FakeHub, cache: Path) -> None:
    path = pull(hub, cache)
    one = puller(hub, cache)
    hub.asked.clear()
    offer = one.offer(REPO)
    assert (offer.here, told(offer).needed) == (True, 0)
    assert one.pull(offer, lambda _progress: None, lambda: False) == path
    assert hub.ranges() == []


def test_a_blob_that_was_damaged_is_pulled_again(hub: FakeHub, model: bytes, cache: Path) -> None:
    blob = pull(hub, cache).resolve()
    blob.write_bytes(bytes(len(model)))
    assert pull(hub, cache).read_bytes() == model


def test_a_cut_connection_is_taken_up_where_it_ended(hub: FakeHub, model: bytes, cache: Path) -> None:
    hub.cut_after = [1000, 500]
    assert pull(hub, cache).read_bytes() == model
    assert hub.ranges() == ["", "bytes=1000-", "bytes=1500-"]


def test_a_pull_that_was_given_up_goes_on_the_next_time(hub: FakeHub, model: bytes, cache: Path) -> None:
    hub.cut_after = [700, *[0] * download.TRIES]
    with pytest.raises(CutOffError):
        pull(hub, cache)
    assert [part.stat().st_size for part in parts(cache)] == [700]
    hub.asked.clear()
    one = puller(hub, cache)
    offer = one.offer(REPO)
    assert (offer.there, told(offer).needed) == (700, len(model) - 700)
    seen: list[PullProgress] = []
    assert one.pull(offer, seen.append, lambda: False).read_bytes() == model
    assert hub.ranges() == ["bytes=700-"]
    assert seen[0] == PullProgress("checking", 700, len(model))


def test_a_server_that_does_not_go_on_begins_anew(hub: FakeHub, model: bytes, cache: Path) -> None:
    hub.no_ranges, hub.cut_after = True, [1000]
    assert pull(hub, cache).read_bytes() == model


def test_a_part_that_is_longer_than_the_file_is_thrown_away(hub: FakeHub, model: bytes, cache: Path) -> None:
    one = puller(hub, cache)
    offer = one.offer(REPO)
    offer.landing.part.parent.mkdir(parents=True)
    offer.landing.part.write_bytes(bytes(len(model) + 1))
    assert one.pull(offer, lambda _progress: None, lambda: False).read_bytes() == model


@pytest.mark.parametrize("longer", [b"", b"!"])
def test_a_wrong_file_is_refused_and_removed(hub: FakeHub, model: bytes, cache: Path, longer: bytes) -> None:
    hub.sent[NAME] = b"GGUF" + bytes(len(model) - 4) + longer
    with pytest.raises(PullError, match=r"SHA-256 is wrong, and it was removed|longer than the hub says"):
        pull(hub, cache)
    assert [part.stat().st_size for part in parts(cache)] in ([], [0])
    assert find_models(None, usual_places({"HF_HUB_CACHE": str(cache)}, cache, "linux")) == []
    del hub.sent[NAME]
    assert pull(hub, cache).read_bytes() == model


def test_a_part_that_something_else_spoilt_is_seen(hub: FakeHub, cache: Path) -> None:
    one = puller(hub, cache)
    offer = one.offer(REPO)
    offer.landing.part.parent.mkdir(parents=True)
    offer.landing.part.write_bytes(b"not the beginning of it")
    with pytest.raises(PullError, match="SHA-256 is wrong"):
        one.pull(offer, lambda _progress: None, lambda: False)
    assert parts(cache) == []


def test_without_a_checksum_nothing_is_pulled(hub: FakeHub, cache: Path) -> None:
    hub.no_checksum = True
    with pytest.raises(PullError, match="no single SHA-256"):
        puller(hub, cache).offer(REPO)


def test_what_the_hub_does_not_have_is_said(hub: FakeHub, cache: Path) -> None:
    with pytest.raises(UnknownPullError, match="has no repository owner/Nobody"):
        puller(hub, cache).offer("owner/Nobody")
    with pytest.raises(UnknownPullError, match="has no Q2_K; it has Q4_K_M"):
        puller(hub, cache).offer(f"{REPO}:Q2_K")
    with pytest.raises(UnknownPullError, match=r"has no file other\.gguf; it has Tiny-Q4_K_M\.gguf"):
        puller(hub, cache).offer(REPO, "other.gguf")
    hub.error = (404, "EntryNotFound")
    with pytest.raises(UnknownPullError, match="no longer has this file"):
        puller(hub, cache).offer(REPO)


def test_a_gated_model_says_to_log_in(hub: FakeHub, cache: Path) -> None:
    hub.gated, hub.error = True, (401, "GatedRepo")
    with pytest.raises(PullError, match=f"agree at {hub.endpoint}/{REPO}, then run `hf auth login`"):
        puller(hub, cache).offer(REPO)
    hub.error = (403, "")
    with pytest.raises(PullError, match="log in with `hf auth login`"):
        puller(hub, cache).offer(REPO)


def test_a_hub_that_cannot_be_reached_is_said(hub: FakeHub, cache: Path) -> None:
    with pytest.raises(CutOffError, match="cannot be reached"):
        Puller(Hub("http://127.0.0.1:9"), cache).offer(REPO)
    hub.error = (503, "")
    with pytest.raises(PullError, match="overburdened"):
        puller(hub, cache).offer(REPO)


def test_there_must_be_room_before_anything_is_fetched(hub: FakeHub, cache: Path) -> None:
    one = puller(hub, cache, free=1000)
    offer = one.offer(REPO)
    with pytest.raises(PullError, match="there is no room for Tiny-Q4_K_M"):
        one.pull(offer, lambda _progress: None, lambda: False)
    assert hub.ranges() == []


def test_a_disk_that_fills_up_keeps_what_came(
    hub: FakeHub, model: bytes, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    class Full:
        """A file on a disk that has room for 600 bytes."""

        def __init__(self, file: IO[bytes]) -> None:
            self.file, self.left = file, 600

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *_error: object) -> None:
            self.file.close()

        def write(self, data: bytes) -> int:
            self.file.write(data[: self.left])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def opened(path: Path, *args: Any, **kwargs: Any) -> Any:
        file = real(path, *args, **kwargs)
        return Full(file) if path.suffix == ".incomplete" else file

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", opened)
        with pytest.raises(PullError, match="the disk is full"):
            pull(hub, cache)
    assert [part.stat().st_size for part in parts(cache)] == [600]
    assert pull(hub, cache).read_bytes() == model
    assert hub.ranges()[-1] == "bytes=600-"


def test_a_pull_can_be_stopped_and_goes_on(hub: FakeHub, model: bytes, cache: Path) -> None:
    stop = threading.Event()
    hub.hold = threading.Event()
    one = puller(hub, cache)
    offer = one.offer(REPO)

    def progress(at: PullProgress) -> None:
        stop.set()

    with pytest.raises(PullStoppedError, match="what came so far is kept"):
        hub.hold.set()
        one.pull(offer, progress, stop.is_set)
    hub.hold = None
    (part,) = parts(cache)
    assert 0 < part.stat().st_size <= len(model)
    assert pull(hub, cache).read_bytes() == model


def test_two_pulls_at_once_fetch_it_once(hub: FakeHub, model: bytes, cache: Path) -> None:
    hub.hold = threading.Event()
    waits, paths = threading.Event(), []

    def second(at: PullProgress) -> None:
        if at.phase == "waiting":
            waits.set()
            hub.hold.set()  # type: ignore[union-attr]

    first_begun = threading.Event()

    def is_stopped() -> bool:
        return False

    def first() -> None:
        one = puller(hub, cache)
        offer = one.offer(REPO)
        first_begun.set()
        paths.append(one.pull(offer, lambda _progress: None, is_stopped))

    thread = threading.Thread(target=first)
    thread.start()
    assert first_begun.wait(20)
    while not hub.ranges():
        time.sleep(0.01)
    other = puller(hub, cache)
    paths.append(other.pull(other.offer(REPO), second, is_stopped))
    thread.join(20)
    assert waits.is_set()
    assert paths[0] == paths[1]
    assert paths[0].read_bytes() == model
    assert hub.ranges() == [""]


def test_waiting_for_another_pull_can_be_stopped(hub: FakeHub, cache: Path) -> None:
    one = puller(hub, cache)
    offer = one.offer(REPO)
    offer.landing.lock.parent.mkdir(parents=True)
    from huggingface_hub.utils import WeakFileLock  # type: ignore[attr-defined]

    with WeakFileLock(offer.landing.lock), pytest.raises(PullStoppedError):
        one.pull(offer, lambda _progress: None, lambda: True)


def test_a_folder_of_the_users_gets_the_file_alone(
    hub: FakeHub, model: bytes, cache: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    hub.cut_after = [300, *[0] * download.TRIES]
    with pytest.raises(CutOffError):
        pull(hub, cache, folder=folder)
    assert [part.name for part in parts(folder)] == [f"{NAME}.{digest(model)[:12]}.part"]
    assert pull(hub, cache, folder=folder) == folder / NAME
    assert [path.name for path in folder.iterdir()] == [NAME]
    assert pull(hub, cache, folder=folder) == folder / NAME
    (folder / NAME).write_bytes(b"something of the user's")
    with pytest.raises(PullError, match="is another file"):
        pull(hub, cache, folder=folder)
    assert (folder / NAME).read_bytes() == b"something of the user's"


@pytest.mark.parametrize(
    "name", ["../evil.gguf", "/evil.gguf", "a/../../evil.gguf", "a\\evil.gguf", "C:evil.gguf"]
)
def test_a_name_cannot_leave_the_folder(hub: FakeHub, cache: Path, model: bytes, name: str) -> None:
    hub.files = {name: model}
    with pytest.raises(PullError):
        pull(hub, cache)
    assert list(cache.parent.rglob("evil*")) == []


def test_the_token_goes_to_the_hub_and_not_where_it_redirects_to(
    hub: FakeHub, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    pull(hub, cache)
    assert {token for path, token in hub.tokens if not path.startswith("/cdn/")} == {"Bearer hf_secret"}
    assert {token for path, token in hub.tokens if path.startswith("/cdn/")} == {""}


def test_a_body_that_was_compressed_unasked_is_not_unpacked(hub: FakeHub, cache: Path) -> None:
    hub.encoding, hub.sent = "gzip", {NAME: gzip.compress(bytes(20_000_000))}
    client = Hub(hub.endpoint)
    repository = client.repository(REPO)
    with client.read(repository, repository.files[0], 0) as body:
        assert b"".join(body.pieces) == hub.sent[NAME]


def test_a_part_that_is_longer_than_its_file_counts_for_nothing(
    hub: FakeHub, cache: Path, model: bytes
) -> None:
    offer = puller(hub, cache).offer(REPO)
    assert told(replace(offer, there=len(model) + 1)).needed == len(model)


def test_a_folder_that_cannot_be_written_is_said(hub: FakeHub, cache: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PullError, match="cannot be written"):
        pull(hub, cache, folder=tmp_path / "file" / "folder")


def test_licences_are_told_as_the_card_or_the_tags_tell_them(hub: FakeHub, cache: Path) -> None:
    hub.licence, hub.tags = "", ("gguf", "license:llama3.2")
    assert puller(hub, cache).offer(REPO).repository.licence == "llama3.2"
    hub.tags = ()
    assert puller(hub, cache).offer(REPO).repository.licence == ""


def test_an_offer_with_a_commit_that_is_none_is_refused(
    hub: FakeHub, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = hub.info()
    monkeypatch.setattr(FakeHub, "info", lambda _self: info | {"sha": "../../elsewhere"})
    with pytest.raises(PullError, match="which commit"):
        puller(hub, cache).offer(REPO)


def test_an_offer_is_no_longer_good_when_the_file_has_gone(hub: FakeHub, cache: Path) -> None:
    one = puller(hub, cache)
    offer = one.offer(REPO)
    gone = replace(offer, file=replace(offer.file, name="gone-Q4_K_M.gguf"))
    with pytest.raises(UnknownPullError, match="no longer has this file"):
        one.pull(gone, lambda _progress: None, lambda: False)
