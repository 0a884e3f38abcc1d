import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.tui.state.attachments import (
    CAP,
    AttachmentError,
    attachments_of,
    fenced,
    mention,
    with_attachments,
)
from slmtui.tui.state.composing import compose
from slmtui.tui.state.folded_paste import FoldedPastes


def test_a_named_file_goes_below_the_prompt(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "notes.txt").write_text("milk\nbread", encoding="utf-8")
    composed = compose("What is in @sub/notes.txt?", FoldedPastes(), tmp_path)
    assert composed.text == "What is in @sub/notes.txt?\n\n@sub/notes.txt\n```\nmilk\nbread\n```"


def test_names_with_blanks_are_quoted_and_each_file_goes_once(tmp_path: Path) -> None:
    (tmp_path / "my notes.txt").write_text("x", encoding="utf-8")
    draft = f"{mention('my notes.txt')} and again {mention('my notes.txt')}"
    (only,) = attachments_of(draft, tmp_path)
    assert (only.path, only.text) == ("my notes.txt", "x")


def test_what_is_no_file_is_text(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    draft = f"@bob me@x.org @folder @pipe @ @{'x' * 5_000} @a/\0"
    assert attachments_of(draft, tmp_path) == ()


def test_a_mention_in_a_folded_paste_is_text(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("secret", encoding="utf-8")
    pastes = FoldedPastes()
    draft = pastes.fold("read @notes.txt", 3)
    assert compose(draft, pastes, tmp_path).text == "read @notes.txt"


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"\x7fELF\0", "not a text file"), (b"caf\xe9", "UTF-8"), (b"x" * (CAP + 1), "larger than 256 kB")],
)
def test_what_cannot_go_is_refused_with_the_reason(tmp_path: Path, data: bytes, why: str) -> None:
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(AttachmentError, match=f"@file is not attached: .*{why}"):
        attachments_of("@file", tmp_path)


def test_files_outside_the_folder_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    outside = tmp_path / "outside.txt"
    outside.write_text("x", encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    for name in ("../outside.txt", str(outside), "link.txt"):
        with pytest.raises(AttachmentError, match="outside the folder"):
            attachments_of(f"@{name}", folder)


def test_a_file_that_cannot_be_opened_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "locked").write_text("x", encoding="utf-8")

    def refuse(*_args: object, **_named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(AttachmentError, match="cannot be read: Permission denied"):
        attachments_of("@locked", tmp_path)


def test_what_could_not_be_seen_is_taken_out_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "evil").write_bytes("\ufeffa\x1b[31mb\u202ec\r\n\td".encode())
    (only,) = attachments_of("@evil", tmp_path)
    assert only.text == "a[31mbc\n\td"


@given(st.text(alphabet="`a\n @", max_size=60))
def test_no_file_can_close_its_fence(text: str) -> None:
    fence, *lines, last = fenced(text).split("\n")
    assert re.fullmatch("`{3,}", fence)
    assert last == fence
    assert not any(fence in line for line in lines)
    assert "\n".join(lines) == text.removesuffix("\n")


def test_without_files_a_prompt_is_itself() -> None:
    assert with_attachments("prompt", ()) == "prompt"
