from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from slmtui.crew import ModelInUse
from slmtui.models.known import KNOWN
from slmtui.models.pulling import Offered, PullState
from slmtui.tui.glyphs import CHOSEN
from slmtui.tui.plain import plain
from slmtui.tui.state.model_details import details_of, fit_words, roles_line, speed_words, together
from slmtui.tui.state.model_list import ModelListState
from slmtui.tui.state.model_rows import head_line, row_line, rows_of
from slmtui.tui.state.pull_line import ended_line, pull_content
from tests.slmtui.tui.scripted_models import BROKEN, ENTRIES, LARGE, QWEN, SMOL, SPEEDS

USES = {SMOL.path: ("in use",), QWEN.path: ("supervisor",)}
OFFERED = Offered("owner/Tiny-GGUF", "Tiny-Q8_0.gguf", 639_000_000, "mit", False, "/hub", 51_000_000_000)


def test_rows_tell_the_facts_in_columns() -> None:
    smol, broken, qwen, large, *rest = rows_of(ENTRIES, KNOWN, SPEEDS, USES, "")
    assert row_line(smol, 100).split() == [
        CHOSEN, "smollm2", "(in", "use)", "135M", "Q4_1", "8", "192", "98", "MB", "~517", "MB", "✓", "31.8",
        "apache-2.0",
    ]  # fmt: skip
    assert row_line(broken, 100).startswith("  broken  ✗ /models/broken.gguf is truncated")
    assert "(supervisor)" in row_line(qwen, 80)
    assert "✗" in row_line(large, 80)
    assert [row.known for row in rest] == list(KNOWN)
    assert "~639 MB" in row_line(next(row for row in rest if row.pull == "qwen3-0.6b"), 80)


def test_the_titles_stand_over_their_columns() -> None:
    (row, *_) = rows_of([SMOL], (), SPEEDS, USES, "")
    for width in (80, 120):
        head, line = head_line(width), row_line(row, width)
        assert head.index("QUANT") == line.index("Q4_1")
        assert head.index("TOK/S") + 5 == line.index("31.8") + 4
    assert head_line(120).index("LICENCE") == row_line(row, 120).index("apache-2.0")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("smol", ["smollm2", "smollm2-360m", "smollm2-1.7b", "smollm3-3b"]),
        ("mit", ["phi-4-huge", "phi-3.5-mini"]),
        ("ollama", ["qwen3-1.7b-q8"]),
        ("nothing", []),
        ("owner/name", ["owner/name"]),
    ],
)
def test_a_query_finds_names_licences_and_sources(query: str, names: list[str]) -> None:
    assert [row.name for row in rows_of(ENTRIES, KNOWN, {}, {}, query)] == names


def test_what_is_here_is_not_offered() -> None:
    path = "/hub/snapshots/c/Qwen3-0.6B-Q8_0.gguf"
    rows = rows_of([replace(QWEN, path=path)], KNOWN, {}, {}, "")
    assert "qwen3-0.6b" not in [row.pull for row in rows]


@given(st.text(), st.text(), st.integers(20, 200))
def test_whatever_a_name_or_a_problem_holds_a_row_is_one_clean_line(
    name: str, problem: str, width: int
) -> None:
    odd = replace(QWEN, name=name, source=problem)
    for entry in (odd, replace(BROKEN, name=name, problem=problem or "wrong")):
        for row in rows_of([entry], (), {}, {entry.path: ("in use", "supervisor")}, ""):
            line = row_line(row, width)
            assert cell_len(line) <= width
            assert plain(line) == line
            assert "\n" not in line
            assert all(plain(each) == each and "\n" not in each for each in details_of(row))


def test_details_say_everything_in_words() -> None:
    (smol, broken, _, large, *_) = rows_of(ENTRIES, KNOWN, SPEEDS, USES, "")
    assert details_of(smol, "Together.") == [
        "smollm2: 134 515 008 parameters, llama · Q4_1 · trained for 8 192 tokens · 98 MB · licence "
        "apache-2.0 · from embedded",
        "Memory ~517 MB at 8 192 tokens: fits in the 6.0 GB that are free.",
        "Speed 31.8 tok/s in its latest turn here, 30.1 tok/s the median of 12.",
        "Together.",
        "/models/smollm2.gguf",
    ]
    assert details_of(broken) == ["broken", "✗ /models/broken.gguf is truncated: fetch it again", broken.key]
    assert "does not fit, ~14.2 GB are missing (6.0 GB are free)" in details_of(large)[1]
    assert "not measured here yet" in details_of(large)[2]
    (known,) = rows_of([], KNOWN[:1], {}, {}, "")
    assert "pulls nothing before you agree" in " ".join(details_of(known))
    assert LARGE.fit is not None
    assert "missing" in fit_words(LARGE.fit)
    assert speed_words(None) == "not measured here yet"


def test_a_model_without_a_chat_template_is_told_of() -> None:
    assert SMOL.facts is not None
    (row,) = rows_of([replace(SMOL, facts=replace(SMOL.facts, chat_template=None))], (), {}, {}, "")
    assert any("no chat template" in line for line in details_of(row))


def test_models_of_roles_are_added_up() -> None:
    main, other = ModelInUse("main", "a", SMOL.path), ModelInUse("supervisor", "b", QWEN.path)
    huge = ModelInUse("specialist", "c", LARGE.path)
    assert together([main], ENTRIES, loaded=True) == ""
    assert together([main, ModelInUse("supervisor", "a", SMOL.path)], ENTRIES, loaded=True) == ""
    assert together([main, ModelInUse("supervisor", "x", "/nowhere")], ENTRIES, loaded=True) == ""
    assert together([main, other], ENTRIES, loaded=True) == (
        "Together 2 models take ~2.8 GB, ~2.3 GB of it still to load: fits in the 6.0 GB that are free."
    )
    assert "does not fit, ~17.0 GB are missing" in together([main, other, huge], ENTRIES, loaded=False)
    assert roles_line([main, other, huge]) == "supervisor: b · specialist: c"


def test_the_mark_stays_on_what_is_wanted_while_the_list_fills() -> None:
    state = ModelListState(QWEN.path)
    state.entries[SMOL.path] = SMOL
    state.search("", KNOWN, ())
    assert state.place == 0
    assert state.told == "looking… 1 here"
    state.entries |= {each.path: each for each in ENTRIES}
    state.looking = False
    state.search("", KNOWN, ())
    row = state.row_at(state.place)
    assert row is not None
    assert row.entry == QWEN
    assert state.row_at(len(ENTRIES)) is None  # the title
    assert state.told == "4 here"


def test_an_empty_list_says_why() -> None:
    state = ModelListState()
    state.search("", (), ())
    assert (state.place, state.nothing("")) == (None, "Looking for models on this machine…")
    state.looking = False
    assert state.nothing("").startswith("No model was found.")
    assert state.nothing("x").startswith("No model here is called that.")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (PullState(), ""),
        (PullState("asking", "tiny"), "Asking the hub for tiny"),
        (
            PullState("offered", "tiny", OFFERED),
            "639 MB · licence mit · to /hub, where 51.0 GB are free. Enter pulls it",
        ),
        (PullState("offered", "tiny", replace(OFFERED, licence="", gated=True)), "none told"),
        (PullState("offered", "tiny", replace(OFFERED, there=1_000_000)), "1 MB of it are here"),
        (PullState("offered", "tiny", replace(OFFERED, here=True)), "is here already"),
        (
            PullState("pulling", "tiny", OFFERED, 319_500_000, 639_000_000, 1e6),
            "50% · 320 MB of 639 MB · 1 MB/s",
        ),
        (PullState("waiting", "tiny", OFFERED), "Waiting for"),
        (PullState("stopping", "tiny"), "Stopping tiny"),
        (PullState("done", "tiny", OFFERED), "is here, checked and complete"),
        (PullState("failed", "tiny", OFFERED, problem="a\x1b[31mb"), "was not pulled: a[31mb"),
        (PullState("stopped", "tiny", OFFERED, problem="stopped; it is kept"), "■ Tiny-Q8_0.gguf: stopped"),
    ],
)
def test_a_pull_is_told_in_words(state: PullState, said: str) -> None:
    assert said in pull_content(state, 120).plain


def test_the_end_of_a_pull_is_told_to_who_does_something_else() -> None:
    assert "f3 shows it" in ended_line(PullState("done", "tiny", OFFERED))
    assert ended_line(PullState("failed", "tiny", problem="no")) == "✗ tiny was not pulled: no"
