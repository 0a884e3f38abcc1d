import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest

import slmtui.tui.format
from sessions.records import TurnRecords
from sessions.report.data import Report, read_report
from sessions.report.figures import Figures
from sessions.report.html import PAGE, to_html
from sessions.report.items import expected_text
from sessions.report.palette import COLOURS
from sessions.report.text_room import CHARACTERS, Room, cut
from sessions.store import Store
from tests.sessions.comparisons import ARMS, comparison, keep_run
from tests.sessions.conftest import Opener
from tests.sessions.pages import Page

FIGURES = Figures(slmtui.tui.format)
HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\u202e{{ 7 * 7 }}\ud800"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture
def report(store: Store) -> Report:
    """A run of six items under three arms, with a comparison that has something in every field."""
    run = keep_run(store)
    return replace(read_report(store, run.id), comparison=comparison())


def test_the_verdicts_stand_at_the_top_in_the_words_of_the_comparison(store: Store) -> None:
    report = read_report(store, keep_run(store, 20).id)
    page = Page(to_html(report, FIGURES))
    verdicts = page.named("verdicts").all("li")
    said = [each.all("strong")[0].text + each.text for each in verdicts]
    assert said == [pair.text for pair in report.comparison.pairs]
    assert len(said) == 3
    doubts = [each.whole_text for each in page.named("doubts").all("li")]
    assert doubts == [*report.comparison.audits, *report.comparison.notes]
    assert page.all("section")[0].attributes["id"] == "verdicts"


def test_the_page_needs_nothing_else(report: Report) -> None:
    text = to_html(report, FIGURES)
    page = Page(text)
    assert not {"link", "img", "iframe", "object", "embed", "base"} & {each.tag for each in page.every()}
    assert not [each for each in page.every() if {"src", "style", "srcset", "onclick"} & set(each.attributes)]
    assert {each.attributes["href"][0] for each in page.all("a")} == {"#"}
    assert not re.search(r"url\(|@import|https?:|//cdn", text.replace("http-equiv", ""))


def test_the_policy_lets_the_pages_own_style_and_script_run_and_nothing_else(report: Report) -> None:
    page = Page(to_html(report, FIGURES))
    (policy,) = [each.attributes["content"] for each in page.all("meta") if "http-equiv" in each.attributes]
    hashes = {
        tag: f"'sha256-{b64encode(sha256(page.all(tag)[0].text.encode()).digest()).decode()}'"
        for tag in ("style", "script")
    }
    assert policy == (
        f"default-src 'none'; style-src {hashes['style']}; script-src {hashes['script']}; base-uri 'none';"
        " form-action 'none'"
    )


def hostile(report: Report) -> Report:
    """Return the report with hostile text in every place that is not ours."""
    items = tuple(replace(each, prompt=HOSTILE, expected=HOSTILE, skill=HOSTILE) for each in report.items)
    attempts = tuple(replace(each, extracted=HOSTILE, cause=HOSTILE) for each in report.attempts)
    turns = {
        ident: TurnRecords(
            replace(records.turn, answer=HOSTILE, model=HOSTILE),
            [replace(each, text=HOSTILE + "x", agent=HOSTILE) for each in records.calls],
            [replace(each, result=HOSTILE, arguments=HOSTILE) for each in records.tool_calls],
        )
        for ident, records in report.turns.items()
    }
    sets = tuple(replace(each, title=HOSTILE, licence=HOSTILE) for each in report.run.data_sets)
    run = replace(report.run, title=HOSTILE, command=HOSTILE, data_sets=sets, plan={HOSTILE: HOSTILE})
    (pair,) = report.comparison.pairs
    found = replace(report.comparison, notes=(HOSTILE,), pairs=(replace(pair, text=HOSTILE),))
    return replace(report, run=run, items=items, attempts=attempts, turns=turns, comparison=found)


def test_no_text_of_others_is_markup_or_a_control_character(report: Report) -> None:
    text = to_html(hostile(report), FIGURES)
    page = Page(text)
    assert len(page.all("script")) == 1
    assert not page.all("img")
    assert "<script>alert" not in text
    assert "49" not in page.named("verdicts").whole_text
    assert "alert(1)" in page.named("verdicts").whole_text
    assert not CONTROL.search(text)
    text.encode()


def test_an_arms_name_is_only_text_in_charts_too(store: Store) -> None:
    arms = ("base", '<b>&"x')
    report = read_report(store, keep_run(store, 3, arms).id)
    page = Page(to_html(report, FIGURES))
    assert not page.all("b")
    assert any('<b>&"x' in each.whole_text for svg in page.all("svg") for each in svg.all("title"))


def test_the_same_store_gives_the_same_bytes(store: Store, open_store: Opener) -> None:
    run = keep_run(store, 4)
    first = to_html(read_report(store, run.id), FIGURES)
    assert to_html(read_report(open_store("another"), "last"), FIGURES) == first


def test_a_run_of_a_thousand_long_attempts_stays_small_and_says_what_is_cut(store: Store) -> None:
    run = keep_run(store, 4)
    report = read_report(store, run.id)
    long = "Why not <em>this</em> & that? " * 400
    turns = {
        ident: TurnRecords(
            replace(records.turn, answer=long),
            [replace(each, text=long) for each in records.calls],
            [replace(each, result=long) for each in records.tool_calls],
        )
        for ident, records in report.turns.items()
    }
    copies = range(84)  # of 12 attempts each
    items = tuple(
        replace(each, item=f"{each.item}/{n}", prompt=long) for n in copies for each in report.items
    )
    attempts = tuple(replace(each, item=f"{each.item}/{n}") for n in copies for each in report.attempts)
    many = replace(report, items=items, attempts=attempts, turns=turns)
    assert len(many.attempts) > 1000
    text = to_html(many, FIGURES)
    assert len(text.encode()) < 3_000_000
    assert "characters cut)" in text


@pytest.mark.parametrize("attempts", [0, 1, 300, 1000, 100_000])
def test_attempts_share_the_room_of_a_page(attempts: int) -> None:
    room = Room.of(attempts)
    assert 400 <= room.attempt <= 8000
    assert room.attempt * attempts <= max(CHARACTERS, 400 * attempts)
    assert room.each(3) * 3 <= room.attempt
    assert room.each(1000) == 120


def test_a_cut_text_tells_how_much_is_missing() -> None:
    assert cut("a" * 100, 10) == "a" * 10 + " … (90 characters cut)"
    assert cut("a" * 30, 10) == "a" * 30  # the words would be longer than what they stand for


def test_every_table_has_a_caption_and_every_row_a_name(report: Report) -> None:
    tables = Page(to_html(report, FIGURES)).all("table")
    assert len(tables) > 10
    for each in tables:
        assert each.all("caption")[0].whole_text
        rows = each.all("tbody")[0].all("tr")
        assert all(row.children[0].attributes.get("scope") == "row" for row in rows)
        widths = {len(row.children) for row in each.all("tr")}
        assert len(widths) == 1


def test_an_arm_has_one_colour_and_shape_everywhere(report: Report) -> None:
    page = Page(to_html(report, FIGURES))
    marks: dict[str, set[tuple[str, str]]] = {}
    for each in page.every():
        key = each.children[0] if each.children and "key" in each.children[0].classes else None
        words = each.text.strip().removesuffix(":").split(":")[0].split(" (")[0]
        if key is not None and words in ARMS:
            (path,) = key.all("path")
            marks.setdefault(words, set()).add((path.attributes["class"], path.attributes["d"]))
    assert {arm: len(found) for arm, found in marks.items()} == dict.fromkeys(ARMS, 1)
    assert len(set.union(*marks.values())) == len(ARMS)


def test_pictures_say_in_words_what_they_show(report: Report) -> None:
    charts = [each for each in Page(to_html(report, FIGURES)).all("svg") if "chart" in each.classes]
    assert len(charts) == 2 + 3 + 5 + 1  # fronts; data set, skill, level; what was spent; latency
    for each in charts:
        assert each.attributes["role"] == "img"
        title, description = each.children[:2]
        assert (title.tag, description.tag) == ("title", "desc")
        assert each.attributes["aria-label"] == f"{title.text}. {description.text}"
        assert len(description.text) > 10


def test_an_item_shows_what_every_arm_made_of_it(store: Store) -> None:
    run = keep_run(store, 3, ("base", "multi"))
    report = read_report(store, run.id)
    page = Page(to_html(report, FIGURES))
    items = [each for each in page.all("details") if "item" in each.classes]
    assert [each.attributes["id"] for each in items] == ["i1", "i2", "i3"]
    text = items[0].whole_text
    assert "What is 2 miles in km? (0)" in text
    assert "3.2187 (number)" in text
    _, multi = [each for each in items[0].all("section") if "attempt" in each.classes]
    steps = [each.text.strip() for each in multi.all("li")]
    assert [step.split(" ")[0] for step in steps] == ["router", "units", "convert", "assistant"]
    assert steps[2] == 'convert {"value":2,"to":"km"}'
    assert [pre.text for pre in multi.all("pre")] == ["3.2 km", "3.2 km"]  # the answer and the tool's result
    states = {attempt.arm: attempt.state for attempt in report.by_item[report.items[0].item]}
    assert items[0].attributes["data-states"] == f"0:{states['base']} 1:{states['multi']}"


def test_regressions_lead_to_their_items(report: Report) -> None:
    page = Page(to_html(report, FIGURES))
    (link,) = page.named("regressions").all("a")
    assert link.text == "mine/0"
    assert page.named(link.attributes["href"][1:]).attributes["data-part"] == "0"


def test_repeats_stand_beside_each_other(store: Store) -> None:
    page = Page(to_html(read_report(store, keep_run(store, 2, repeats=2).id), FIGURES))
    (item, _) = [each for each in page.all("details") if "item" in each.classes]
    assert [
        each.attributes["aria-label"].split(":")[0] for each in item.all("summary")[0].all("span")[1:7]
    ] == [*ARMS, *(f"{arm} (repeat 2)" for arm in ARMS)]
    assert "base (repeat 2): " in item.whole_text


def test_a_run_without_attempts_has_a_report(store: Store) -> None:
    whole = keep_run(store, 2)
    run = store.suites.create("", "slmtui bench", {}, whole.arms, whole.data_sets, [])
    text = to_html(read_report(store, run.id), FIGURES)
    assert Page(text).named("made")
    assert not [each for each in Page(text).all("svg") if "chart" in each.classes]


def test_attempts_of_a_deleted_session_are_reported_without_their_turns(store: Store) -> None:
    run = keep_run(store, 2)
    store.delete(run.arms[0].session)
    report = read_report(store, run.id)
    assert len(report.attempts) == 6
    assert len(report.turns) == 4
    assert "its turn is no longer stored" in to_html(report, FIGURES)


def test_an_unscored_comparison_has_costs_and_no_accuracy(report: Report) -> None:
    unscored = replace(report, comparison=comparison(scored=False))
    headings = [each.text for each in Page(to_html(unscored, FIGURES)).all("h2")]
    assert "Costs" in headings
    assert "Accuracy" not in headings


@pytest.mark.parametrize(
    ("expected", "shown"),
    [
        ('{"kind": "number", "value": "3.2", "relative": 0.01}', "3.2 (number)"),
        ('{"kind": "calls", "calls": [{"name": "f"}]}', '[{"name": "f"}] (calls)'),
        ("{}", ""),
        ("no JSON", "no JSON"),
        ("[1]", "[1]"),
    ],
)
def test_an_expected_answer_in_words(expected: str, shown: str) -> None:
    assert expected_text(expected) == shown


def test_parts_of_the_page_are_listed_at_its_top(report: Report) -> None:
    page = Page(to_html(report, FIGURES))
    (nav,) = page.all("nav")
    links = {link.attributes["href"][1:]: link.text for link in nav.all("a")}
    assert list(links)[:3] == ["verdicts", "doubts", "fronts"]
    assert list(links)[-1] == "items"
    for ident, heading in links.items():
        assert page.named(ident).all("h2")[0].text == heading


def test_an_arm_that_has_not_attempted_an_item_keeps_its_place(report: Report) -> None:
    item = report.items[0].item
    first = report.by_item[item][0]
    left = replace(report, attempts=tuple(each for each in report.attempts if each != first))
    page = Page(to_html(left, FIGURES))
    row = next(each for each in page.all("details") if "item" in each.classes)
    chips = [each for each in row.all("span") if "chip" in each.classes]
    assert [each.attributes["aria-label"].split(":")[0] for each in chips] == list(report.arms)
    assert (chips[0].text, chips[0].attributes["aria-label"]) == ("·", f"{first.arm}: not attempted")


def test_every_resource_of_the_tables_is_explained(store: Store) -> None:
    page = Page(to_html(read_report(store, keep_run(store).id), FIGURES))
    told = {row.children[0].text: row.whole_text for row in page.named("names").all("tr")[1:]}
    named = [row.children[0].text for row in page.named("costs").all("tr") if row.children[0].tag == "th"]
    shown = {name.split(" (")[0] for name in named if name != "Resource"}
    assert shown <= set(told)
    assert "From the prompt to the end of the turn." in told["wall_s"]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_colours_stand_out_from_the_ground_by_day_and_night() -> None:
    style = (PAGE / "page.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{([^}]+--[^}]+)\}", style)
    light, dark = (dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in blocks)
    marks = re.findall(r"\.c\d \{ --mark: (?:var\(--(\w+)\)|(#[0-9a-f]{6})); \}", style)
    assert len(marks) == COLOURS
    for scheme in (light, dark):
        for name, colour in marks:
            assert contrast(colour or scheme[name], scheme["ground"]) >= 3, (name, colour)
        for name in ("text", "faint", "link"):
            assert contrast(scheme[name], scheme["ground"]) >= 4.5, name
        assert contrast(scheme["text"], scheme["raised"]) >= 4.5
