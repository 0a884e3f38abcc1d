import pytest

from slmtui.cli.signs import PLAIN, boxed, writable

SAID = "−4.4 points (−13.7 to +4.3), ×1.50, 3 ÷ 2 · ±3 … – → ’"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "cp1252", "no-such-encoding"])
def test_no_sign_of_a_figure_is_lost(encoding: str) -> None:
    text = writable(SAID, encoding)
    assert len(text) == len(SAID)
    assert text.startswith("-4.4 points (-13.7 to +4.3)")
    if encoding != "no-such-encoding":
        assert "?" not in text.encode(encoding, errors="replace").decode(encoding)


def test_what_can_be_written_stays() -> None:
    assert writable(SAID, "utf-8") == SAID
    assert "×1.50" in writable(SAID, "latin-1")
    assert all(len(plain) == 1 for plain in PLAIN.values())


def test_charts_have_lines_or_letters() -> None:
    assert boxed("┌─┐│", "cp437") == "┌─┐│"
    assert boxed("┌─┐│", "ascii") == "+-+|"
