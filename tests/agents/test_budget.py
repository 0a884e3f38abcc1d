from agents.budget import Budget, Limits


def budget(limits: Limits, clock: float = 0.0) -> Budget:
    return Budget(limits, lambda: clock)


def test_what_an_agent_spends_the_turn_spends_too() -> None:
    turn = budget(Limits())
    agent = turn.of_agent(Limits())
    agent.spend(steps=1, tokens=20, tool_calls=2, waited=3.0)
    assert (turn.steps, turn.tokens, turn.tool_calls, turn.waited) == (1, 20, 2, 3.0)


def test_the_next_agent_has_limits_of_its_own_within_the_turn_s() -> None:
    turn = budget(Limits(max_tokens=100, max_tool_calls=5))
    first = turn.of_agent(Limits(max_tokens=60, max_tool_calls=3))
    first.spend(tokens=60, tool_calls=3)
    second = turn.of_agent(Limits(max_tokens=60, max_tool_calls=3))
    assert (second.tokens_left, second.tool_calls_left) == (40, 2)


def test_what_is_no_answer_leaves_the_answer_its_share() -> None:
    turn = budget(Limits(max_tokens=400))
    agent = turn.of_agent(Limits(max_tokens=1000))
    assert (agent.tokens_left, agent.tokens_to_act) == (400, 300)
    agent.spend(tokens=299)
    assert (agent.tokens_left, agent.tokens_to_act) == (101, 1)
    assert agent.exceeded() == ("tokens", "299 tokens were written")


def test_agent_that_reports_leaves_the_turn_its_share() -> None:
    turn = budget(Limits(max_tokens=400))
    agent = turn.of_agent(Limits(max_tokens=400), reports=True)
    agent.spend(tokens=agent.tokens_left)
    assert turn.tokens_left == 100


def test_a_turn_always_has_tokens_for_an_answer() -> None:
    turn = budget(Limits(max_tokens=400))
    turn.of_agent(Limits(max_tokens=400)).spend(tokens=400)
    assert turn.tokens_left == 100
    assert turn.exceeded() is not None


def test_seconds_and_joules_of_an_agent_count_from_its_beginning() -> None:
    spent = {"seconds": 50.0, "joules": 70.0}
    turn = Budget(Limits(), lambda: spent["seconds"], lambda: spent["joules"])
    agent = turn.of_agent(Limits(max_seconds=2, max_joules=25))
    assert agent.exceeded() is None
    spent["seconds"] += 2
    assert agent.exceeded() == ("seconds", "2.0 s had passed")
    agent.spend(waited=1.5)
    assert agent.exceeded() is None
    spent["joules"] += 25
    assert agent.exceeded() == ("joules", "25.0 J were spent")


def test_limit_of_the_turn_ends_its_agents() -> None:
    turn = budget(Limits(max_steps=2))
    turn.of_agent(Limits()).spend(steps=2)
    assert turn.of_agent(Limits()).exceeded() == ("steps", "2 steps were made")
