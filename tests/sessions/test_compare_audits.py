from dataclasses import replace

from sessions.compare import compare
from sessions.comparison import Pair
from sessions.differences import Arm
from sessions.observation import Observation
from tests.sessions.observed import answers

Y, N = True, False


def pair_of(observations: list[Observation]) -> Pair:
    (pair,) = compare(observations, [], resamples=200).pairs
    return pair


def test_a_ratio_to_a_base_below_the_floor_is_refused() -> None:
    observations = [*answers("base", [Y] * 4 + [N] * 36), *answers("single", [Y] * 30 + [N] * 10)]
    comparison = compare(observations, [], resamples=200)
    (pair,) = comparison.pairs
    assert pair.ratio is None
    assert pair.difference == 0.65
    assert "base is right in 4 of 40, below the floor of 5 right and 5 %" in pair.ratio_note
    assert any(a.startswith(pair.ratio_note) and "paired differences" in a for a in comparison.audits)
    other = pair_of([*answers("base", [Y] * 8 + [N] * 32), *answers("single", [Y] * 24 + [N] * 16)])
    assert (other.ratio, other.ratio_note) == (3.0, "")
    rare = pair_of([*answers("base", [Y] * 5 + [N] * 115), *answers("single", [Y] * 120)])
    assert rare.ratio is None


def test_one_data_set_that_carries_the_difference_is_flagged() -> None:
    observations = [
        *answers("base", [N] * 20, "easy"),
        *answers("single", [Y] * 20, "easy"),
        *answers("base", [Y, N] * 20, "hard"),
        *answers("single", [Y, N] * 20, "hard"),
    ]
    comparison = compare(observations, [], resamples=200)
    easy, hard = comparison.pairs[0].by_data_set
    assert (easy.data_set, easy.n, easy.difference, easy.without) == ("easy", 20, 1.0, 0.0)
    assert easy.flagged
    assert (hard.difference, hard.without) == (0.0, 1.0)
    assert any("+33.3 points, but 0.0 without easy" in audit for audit in comparison.audits)


def test_answers_that_run_into_a_limit_are_told() -> None:
    cut = [replace(each, state="cut") for each in answers("base", [N] * 10)]
    long = answers("single", [N] * 10, output_tokens=lambda n: 256 if n < 8 else 12)
    short = answers("multi", [N] * 10, output_tokens=lambda n: 2)
    said = " ".join(compare([*cut, *long, *short], [], resamples=50).audits)
    assert "base: 10 of 10 answers ran into their limit of tokens" in said
    assert "single: 8 of 10 answers are about as long as its longest (256 tokens)" in said
    assert "multi: " not in said


def test_a_gap_between_the_readings_is_format() -> None:
    observations = [replace(each, flexible=True) for each in answers("base", [Y, N] * 10)]
    said = " ".join(compare(observations, []).audits)
    assert "base: 50.0 % of its answers are right by the flexible reading alone" in said


def test_repeats_that_came_out_alike_say_nothing() -> None:
    once = answers("base", [Y, N, Y], output_tokens=lambda n: n)
    greedy = [*once, *(replace(each, repeat=2) for each in once)]
    assert any("repeats of every item came out alike" in audit for audit in compare(greedy, []).audits)
    other = [*greedy[:-1], replace(greedy[-1], state="wrong", strict=False)]
    assert not any("came out alike" in audit for audit in compare(other, []).audits)
    assert not any("came out alike" in audit for audit in compare(once, []).audits)


def test_arms_that_share_a_remark_are_named_in_one_sentence() -> None:
    cut = [
        replace(each, state="cut", flexible=True)
        for place, name in enumerate(("base", "single", "multi"))
        for each in answers(name, [N] * (10 + place), wall_s=1.0, joules=2.0, energy_source="modelled")
    ]
    audits = compare(cut, [], resamples=50).audits
    (limit,) = [audit for audit in audits if "limit of tokens" in audit]
    assert limit.startswith("base (10 of 10), single (11 of 11), multi (12 of 12): most answers ran into")
    (gap,) = [audit for audit in audits if "flexible" in audit]
    assert gap.startswith("base (100.0 %), single (100.0 %), multi (100.0 %): so many of their answers")
    (energy,) = [audit for audit in audits if audit.startswith("Energy")]
    assert energy.startswith("Energy of base, single, multi: modelled energy is")
    assert "base, single, multi have no right answer: what one costs is not defined." in audits
    (floor,) = [audit for audit in audits if "below the floor" in audit]
    assert floor.count("below the floor") == 2  # of those that another is set against
    assert floor.endswith("ratios of accuracy to them are refused; read the paired differences.")
    assert len(audits) == len(set(audits))


def test_remarks_with_figures_of_their_own_stay_apart() -> None:
    watts = [
        each
        for name, power in (("base", 350.0), ("single", 20.0))
        for each in answers(
            name, [Y] * 6, wall_s=lambda n: 1.0 + n, joules=lambda n, power=power: power * (1 + n),
            energy_source="measured",
        )
    ]  # fmt: skip
    said = [audit for audit in compare(watts, [], resamples=50).audits if audit.startswith("Energy of")]
    assert [audit.split(" (")[0] for audit in said] == [
        "Energy of base: every turn implies 350 W",
        "Energy of single: every turn implies 20 W",
    ]


def test_energy_that_is_time_times_a_constant_is_told() -> None:
    observations = answers(
        "base", [Y] * 6, wall_s=lambda n: 1.0 + n, joules=lambda n: 350.0 * (1 + n), energy_source="measured"
    )
    said = " ".join(compare(observations, []).audits)
    assert "Energy of base: every turn implies 350 W" in said
    assert "Tokens/s is tokens ÷ latency by construction" in said


def test_one_process_served_all_arms() -> None:
    alike = [o for name in ("base", "single") for o in answers(name, [Y] * 3, peak_rss_bytes=1e9)]
    assert any("same peak memory" in audit for audit in compare(alike, []).audits)
    apart = [*alike[:3], *answers("single", [Y] * 3, peak_rss_bytes=2e9)]
    assert not any("same peak memory" in audit for audit in compare(apart, []).audits)


def test_warm_turns_are_noted() -> None:
    observations = answers("base", [Y] * 3, reused_tokens=20)
    warm = Arm("base", conditions={"cold": {"no": 1}})
    assert any("turns of base were not cold" in note for note in compare(observations, [warm]).notes)
    cold = Arm("base", conditions={"cold": {"yes": 1}})
    assert not any("not cold" in note for note in compare(observations, [cold]).notes)


def test_conditions_that_differ_are_noted() -> None:
    sizes = {"base": "8192", "single": "512"}
    notes = compare([], [Arm(name, conditions={"n_ctx": {size: 1}}) for name, size in sizes.items()]).notes
    assert "Turns of several kinds are compared: n_ctx is 512, 8192." in notes


def test_many_data_sets_are_drawn_whole_and_it_says_so() -> None:
    many = [o for name in "abcdefghijkl" for arm in ("base", "single") for o in answers(arm, [Y, N], name)]
    assert any("draws whole data sets, of which there are 12" in note for note in compare(many, []).notes)
    few = [o for o in many if o.data_set in "abc"]
    assert any("items within each of the 3 data sets" in note for note in compare(few, []).notes)
