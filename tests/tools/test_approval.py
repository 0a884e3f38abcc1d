from tools.approval import DENY_ALL, Approvals
from tools.calculator import CALCULATOR
from tools.registry import Effect, Tool


def tool(name: str, effect: Effect) -> Tool:
    return Tool(name, "", {"type": "object", "properties": {}}, (), str, effect)


def test_only_what_has_an_effect_needs_approval_and_once_allowed_none() -> None:
    approvals = Approvals()
    writes, reaches = tool("write", "writes"), tool("reach", "reaches out")
    assert [approvals.needed(each) for each in (CALCULATOR, writes, reaches)] == [False, True, True]
    approvals.allow("write")
    assert [approvals.needed(each) for each in (writes, reaches)] == [False, True]
    assert Approvals().needed(writes)


async def test_where_nobody_can_be_asked_the_answer_is_no() -> None:
    assert await DENY_ALL.ask(tool("write", "writes"), {}) == "no"
