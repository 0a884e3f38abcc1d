import os
import socket
from pathlib import Path

import pytest

from slmtui.engine.endpoint import Card, Endpoint, EndpointError, Peer, key_of, may_talk, peer_of, prepare
from slmtui.engine.protocol import Load, Lora, Threads

posix = pytest.mark.skipif(os.name == "nt", reason="users and modes of POSIX")


@posix
def test_link_and_file_in_place_of_the_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name in ("file", "link"):
        with pytest.raises(EndpointError, match=name):
            prepare(tmp_path / name)


def test_key_names_what_makes_an_engine(tmp_path: Path) -> None:
    model = tmp_path / "m.gguf"
    model.write_bytes(b"1")
    load = Load(str(model))
    other = [
        Load(str(tmp_path / "other.gguf")),
        Load(str(model), context=512),
        Load(str(model), kv_type="q8_0", flash_attention=True),
        Load(str(model), lora=(Lora(str(model)),)),
        Load(str(model), threads=Threads(2, 2)),
    ]
    assert len({key_of(each) for each in (load, *other)}) == len(other) + 1
    # Threads that were measured are the same wish as none.
    assert key_of(Load(str(model), threads=Threads(2, 2, "measured", 40.0))) == key_of(load)
    key = key_of(load)
    model.write_bytes(b"another model under the same name")
    assert key_of(load) != key


def test_long_folder_is_met_over_tcp(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90)
    assert Endpoint(deep).place(Load("m")).tcp


@pytest.mark.parametrize("content", [b"", b"{}", b"not JSON", b'{"token":1,"pid":1,"port":1,"log":""}'])
def test_card_that_cannot_be_read_is_no_card(tmp_path: Path, content: bytes) -> None:
    place = Endpoint(tmp_path / "run").place(Load("m"))
    assert place.read_card() is None
    place.card.write_bytes(content)
    assert place.read_card() is None
    card = Card("t", 1, 2, "log")
    place.write_card(card)
    assert place.read_card() == card
    place.clear()
    place.clear()
    assert place.read_card() is None


@posix
def test_only_the_same_user_may_talk() -> None:
    here, there = socket.socketpair()
    with here, there:
        assert peer_of(here) in {None, Peer(os.getpid(), os.getuid())}
    assert may_talk(None)
    assert may_talk(Peer(1, os.geteuid()))
    assert not may_talk(Peer(1, os.geteuid() + 1))
