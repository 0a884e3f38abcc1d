from collections import Counter
from collections.abc import Generator, Iterable

import pytest

from agents.examples import ExampleStore
from agents.retrieval import terms
from slmtui.settings import Settings
from slmtui.suites.bundled.drawing import seeded
from slmtui.suites.bundled.splits import SPLITS, WORDINGS
from slmtui.suites.bundled.suite import bundled_suite
from slmtui.suites.bundled.world import WORLD
from slmtui.suites.catalogue import find_suite
from slmtui.suites.item import NO_TOOL
from slmtui.suites.world_tools import tools_of
from tests.shared_data import shared
from tools.registry import Toolbox


@pytest.fixture(scope="module")
def toolbox(tmp_path_factory: pytest.TempPathFactory) -> Generator[Toolbox, None, None]:
    tools = tools_of(WORLD, tmp_path_factory.mktemp("home"), Settings())
    yield tools.box()
    tools.close()


def alike(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of the terms of two texts that both have."""
    return sum((one & other).values()) / max(1, sum((one | other).values()))


def nearly_examples(prompts: Iterable[str], tools: Toolbox) -> list[tuple[str, str]]:
    """Return the prompts that have most terms in common with an example of the store, each with it."""
    examples = ExampleStore(tools).nearest("", 100_000, similar=False)
    assert {example.tool for example in examples} == {*tools.names, NO_TOOL}
    stored = [(Counter(terms(example.request)), example.request) for example in examples]
    asked = [(Counter(terms(prompt)), prompt) for prompt in prompts]
    return [
        (prompt, example)
        for wanted, prompt in asked
        for counted, example in stored
        if alike(wanted, counted) > 0.8
    ]


def test_an_example_is_found_to_be_one(toolbox: Toolbox) -> None:
    asked = "How much is 58 times 47?"
    assert [prompt for prompt, _ in nearly_examples([asked, "Who sails to Oslo?"], toolbox)] == [asked]


def test_no_request_of_ours_is_an_example_of_the_store_or_nearly_one(toolbox: Toolbox) -> None:
    asked = {item.prompt for split in SPLITS for item in bundled_suite(split).items}
    asked |= {wording.make(seeded(wording.text))[0] for wording in WORDINGS}
    assert nearly_examples(asked, toolbox) == []


@pytest.mark.parametrize("name", ["svamp", "gsm8k"])
def test_no_word_problem_that_is_measured_is_an_example_of_the_store_or_nearly_one(
    name: str, toolbox: Toolbox
) -> None:
    suite = find_suite(name, split="test", data=shared("data"), mapping={}, seed=1)
    asked = [item.prompt for item in suite.items[:200]]
    assert len(asked) == 200
    assert nearly_examples(asked, toolbox) == []
