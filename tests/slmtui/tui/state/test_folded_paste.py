from hypothesis import given
from hypothesis import strategies as st

from slmtui.tui.state.folded_paste import FoldedPastes, is_long


def test_a_label_says_how_much_it_stands_for() -> None:
    pastes = FoldedPastes()
    label = pastes.fold("line\n" * 1000, 8_217)
    assert label == "[paste 1: 1 000 lines, ~8 200 tokens]"
    assert pastes.fold("one", 1) == "[paste 2: 1 line, ~1 tokens]"
    assert pastes.text_of(label) == "line\n" * 1000


def test_only_labels_that_were_made_are_opened_and_only_once() -> None:
    pastes = FoldedPastes()
    inner = pastes.fold("secret", 1)
    outer = pastes.fold(f"before {inner} after", 5)
    assert pastes.unfolded(f"{outer} [paste 9: 1 line, ~1 tokens]") == (
        f"before {inner} after [paste 9: 1 line, ~1 tokens]"
    )


def test_labels_are_found_in_a_line() -> None:
    pastes = FoldedPastes()
    label = pastes.fold("text", 1)
    line = f"a {label}{label} [paste 7: x] b"
    first = (2, 2 + len(label))
    assert pastes.spans(line) == [first, (first[1], first[1] + len(label))]


@given(st.lists(st.text(), max_size=4), st.text())
def test_what_was_pasted_is_what_comes_out(texts: list[str], between: str) -> None:
    pastes = FoldedPastes()
    plain = between.replace("[", "")
    labels = [pastes.fold(text, len(text)) for text in texts]
    assert pastes.unfolded(plain.join(labels)) == plain.join(texts)


def test_long_is_by_lines_or_by_characters() -> None:
    assert not is_long("\n".join("x" * 10))
    assert is_long("\n".join("x" * 11))
    assert is_long("x" * 2_000)
