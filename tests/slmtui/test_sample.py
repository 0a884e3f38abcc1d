from importlib.resources import files

from slmtui.sample import FILE, read_sample


def test_the_sample_is_a_whole_session_under_the_three_paradigms() -> None:
    sample = read_sample()
    assert [record.paradigm for record in sample.records] == ["base", "single", "multi"] * 2
    assert {record.status for record in sample.records} == {"ok"}
    for record in sample.records:
        assert sample.events(record.turn)[-1].t == record.wall_s
        assert record.prompt_tokens == record.reused_tokens + record.prefilled_tokens
    assert sample.records[4].answer.strip().endswith("10063.")


def test_it_is_small_and_names_no_machine() -> None:
    text = (files("slmtui.sample") / FILE).read_text(encoding="utf-8")
    assert len(text) < 200_000
    assert {record.machine for record in read_sample().records} == {"a machine with 2 cores"}
    assert "/home/" not in text
