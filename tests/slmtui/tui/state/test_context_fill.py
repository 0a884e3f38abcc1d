from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from agents import events as ev
from slmtui.tui.state.context_fill import GROUPS, SIGNS, ContextFills, Fill, cells, fill_of, legend
from tests.strategies import turns

CALL = ev.CallFinished(
    1.0, "c", "base", "answer", "stop", 100, 60, 40, 0, 20,
    (ev.OriginTokens("system", 30, 0), ev.OriginTokens("history", 30, 10), ev.OriginTokens("user", 0, 25)),
    0, 0, 0.1, 0.2, 0.5, 0, 0, 119, 2048, 0,
)  # fmt: skip
COUNTS = st.dictionaries(st.sampled_from(list(SIGNS)), st.integers(0, 200_000))


def words(lines: list[list[tuple[str, str]]]) -> list[str]:
    return ["".join(text for text, _style in line) for line in lines]


def test_what_has_no_origin_is_other_and_the_rest_of_what_is_held_is_output() -> None:
    fill = fill_of(CALL)
    held = {group: count for group, count in fill.groups.items() if count}
    assert held == {"system": 30, "history": 40, "prompt": 25, "other": 5, "output": 19}
    assert (fill.used, fill.size, fill.free, fill.estimated) == (119, 2048, 1929, False)


def test_of_a_prompt_that_was_read_in_part_the_groups_are_estimates() -> None:
    fill = fill_of(replace(CALL, context_used=50, output_tokens=0))
    assert fill.estimated
    assert sum(fill.groups.values()) == 50
    assert fill.groups["output"] == 0
    assert "~" in words(legend(fill, (), 38, 3))[0]


@given(turns())
def test_every_sequence_is_told_exactly(events: list[ev.Event]) -> None:
    contexts = ContextFills()
    last: dict[str, ev.CallFinished] = {}
    for event in events:
        contexts.add(event)
        if isinstance(event, ev.CallFinished) and event.context_used and event.context_size:
            last[event.agent] = event
    assert {agent: fill.used for agent, fill in contexts.fills.items()} == {
        agent: call.context_used for agent, call in last.items()
    }
    assert all(sum(fill.groups.values()) == fill.used for fill in contexts.fills.values())
    most = max((call.context_used for call in last.values()), default=None)
    assert (contexts.fullest.used if contexts.fullest else None) == most


@given(COUNTS, st.integers(1, 400_000), st.integers(8, 120))
def test_a_bar_has_its_width_and_a_cell_for_whatever_is_held(
    groups: dict[str, int], size: int, width: int
) -> None:
    fill = Fill("a", groups, sum(groups.values()), size)  # type: ignore[arg-type]
    bar = cells(fill, width)
    assert sum(wide for _group, wide in bar) == width
    assert all(wide >= 1 for group, wide in bar if group is not None)
    assert {group for group, _wide in bar if group} == {group for group, count in groups.items() if count}


@given(COUNTS, st.integers(1, 400_000), st.text(max_size=20))
def test_a_legend_keeps_its_lines_and_loses_no_token(groups: dict[str, int], size: int, agent: str) -> None:
    used = sum(groups.values())
    fill = Fill(agent, groups, used, size)  # type: ignore[arg-type]
    lines = words(legend(fill, [Fill("another", {"prompt": 7}, 7, size)], 38, 3))
    assert len(lines) == 3
    assert all(cell_len(line) <= 38 for line in lines)
    told = [part for line in lines for part in line.split("  ") if part[:1] in {s for s, _ in SIGNS.values()}]
    assert sum(int("".join(c for c in part if c.isdigit())) for part in told) == used


def test_every_origin_has_a_group_and_every_group_a_glyph_of_its_own() -> None:
    assert set(GROUPS) == set(ev.Origin.__args__)  # type: ignore[attr-defined]
    glyphs = [glyph for glyph, _style in SIGNS.values()]
    assert len(set(glyphs)) == len(glyphs)
    assert {*GROUPS.values(), "output"} == set(SIGNS)
