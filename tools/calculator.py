"""The calculator: arithmetic on what people and small models write."""

from tools.arithmetic import evaluate
from tools.expression import MAX_CHARACTERS, python_source
from tools.number_text import number_text
from tools.registry import Example, Tool


def calculate(expression: str) -> str:
    """Return the value of an arithmetic expression, as text. Raises `ToolError`, which says what is wrong."""
    return number_text(evaluate(python_source(expression)))


def _example(request: str, expression: str, result: str, answer: str) -> Example:
    return Example(request, {"expression": expression}, result, answer)


EXAMPLES = (
    _example("84 * 16 = ?", "84 * 16", "1344", "84 * 16 is 1344."),
    _example("1530 - 468", "1530 - 468", "1062", "1530 - 468 = 1062."),
    _example("How much is 58 times 46?", "58 * 46", "2668", "58 times 46 is 2668."),
    _example("calculate (1,250 + 375) / 5", "(1,250 + 375) / 5", "325", "(1,250 + 375) / 5 = 325."),
    _example("what is 15% of 240", "15% of 240", "36", "15% of 240 is 36."),
    _example(
        "A jacket costs $80 and is 25% off. What is the sale price?",
        "80 - 25%",
        "60",
        "The sale price is $60.",
    ),
    _example(
        "Nadia had 52 stickers and gave 17 of them to her cousin. How many stickers does she have left?",
        "52 - 17",
        "35",
        "Nadia has 35 stickers left.",
    ),
    _example(
        "A baker fills 14 trays with 24 rolls each. How many rolls is that in total?",
        "14 * 24",
        "336",
        "That is 336 rolls in total.",
    ),
    _example(
        "Six friends share a bill of $93.48 equally. How much does each of them pay?",
        "93.48 / 6",
        "15.58",
        "Each of them pays $15.58.",
    ),
    _example(
        "Omar bought 3 notebooks at $4.25 each and a pen for $1.80. How much did he spend altogether?",
        "3 * 4.25 + 1.80",
        "14.55",
        "He spent $14.55 altogether.",
    ),
    _example(
        "The red team scored 128 points and the blue team 79. How many more points did the red team score?",
        "128 - 79",
        "49",
        "The red team scored 49 more points.",
    ),
    _example(
        "The hall had 60 chairs. 18 broke, and then 35 new ones arrived. How many chairs are there now?",
        "60 - 18 + 35",
        "77",
        "There are 77 chairs now.",
    ),
    _example("What's the square root of 1764?", "sqrt(1764)", "42", "The square root of 1764 is 42."),
    _example("2 to the power of 16", "2^16", "65536", "2 to the power of 16 is 65536."),
)

CALCULATOR = Tool(
    name="calculator",
    description="Computes arithmetic: sums, products, shares, percentages, powers and roots.",
    parameters={
        "type": "object",
        "properties": {
            "expression": {
                "type": "string",
                "description": "The arithmetic to compute, such as 12 * (3 + 4) or 15% of 240",
                "maxLength": MAX_CHARACTERS,
                "pattern": "^[0-9A-Za-z+*/().,^%$×÷ -]+$",
            }
        },
        "required": ["expression"],
        "additionalProperties": False,
    },
    examples=EXAMPLES,
    run=calculate,
)
