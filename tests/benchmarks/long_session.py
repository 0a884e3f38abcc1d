"""Long sessions for the benchmark of the screen: Markdown answers of some 150 tokens, some with tools."""

from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.options import AppOptions
from tests.slmtui.tui.scripted import Script

LAST = "the-last-answer"
"""A word that only the last answer of a session has."""

ANSWER = """The mill stands **below the weir**, where the river is narrow. Number {number} of its books says:

- the wheel turns from March until the *first frost* of the year,
- a sack of wheat gives three quarters of a sack of flour,
- whoever brings less than a sack waits for a neighbour.

```python
def flour(sacks: float) -> float:
    return sacks * 0.75
```

So `flour(8)` is **6 sacks**, less what the miller keeps. People who live upstream bring their wheat
by boat, and take the flour home on the road, for the boat goes only one way. {last}
"""


def keep_long(store: Store, turns: int) -> str:
    """Store a session with so many finished turns, every fifth with a tool, and return its id."""
    session = store.create_session(f"{turns} turns")
    for number in range(turns):
        _keep_turn(store, session, number, LAST if number == turns - 1 else "")
    return session


def _keep_turn(store: Store, session: str, number: int, last: str) -> None:
    tools = number % 5 == 4
    prompt = f"What do the books of the mill say, number {number}?"
    request = TurnRequest(session, "single" if tools else "base", prompt, (), AppOptions().sampling)
    turn = f"{session}{number:06d}"
    script = Script(request, turn)
    if tools:
        arguments = {"expression": f"{number} * 0.75"}
        script.call("agent", [("call", '{"tool": "calculator"}')], prompt=420)
        script.tool("agent", "calculator", arguments, str(number * 0.75)).meter(joules=2.0)
    script.call("agent" if tools else "base", [("answer", ANSWER.format(number=number, last=last))])
    store.append(session, turn, script.meter(joules=4.0).end())
