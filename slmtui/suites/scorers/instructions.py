"""Instructions that can be checked on the answer alone, as IFEval has them.

Strictly, the answer follows them all. Flexibly (IFEval's "loose"), each is followed by the answer or by it
without its first line, its last line, its asterisks, or several of these. An empty answer follows none.
"""

from slmtui.suites.item import Instruction, Item, Outcome, Score
from slmtui.suites.scorers.instruction_checks import CHECKS
from slmtui.suites.suite import SuiteError


def score_instructions(item: Item, outcome: Outcome) -> Score:
    """Check every instruction; `extracted` names those not followed. Raises `SuiteError`."""
    instructions = item.expected.instructions
    missed = [each.name for each in instructions if not _followed(each, outcome.answer)]
    variants = _variants(outcome.answer)
    flexible = all(any(_followed(each, variant) for variant in variants) for each in instructions)
    return Score(not missed, flexible, f"not followed: {', '.join(missed)}" if missed else "")


def check_instruction(instruction: Instruction) -> None:
    """Raise `SuiteError` for an instruction that is not known or lacks a parameter."""
    _followed(instruction, "An answer.")


def _followed(instruction: Instruction, answer: str) -> bool:
    check = CHECKS.get(instruction.name)
    if check is None:
        raise SuiteError(
            f"there is no instruction {instruction.name!r}; known are: {', '.join(sorted(CHECKS))}"
        )
    try:
        return bool(answer.strip()) and check(answer, instruction.parameters)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        why = (
            f"lacks {error}" if isinstance(error, KeyError) else f"has a parameter of a wrong type ({error})"
        )
        raise SuiteError(f"the instruction {instruction.name} {why}") from error


def _variants(answer: str) -> list[str]:
    lines = answer.split("\n")
    shortened = (answer, "\n".join(lines[1:]), "\n".join(lines[:-1]), "\n".join(lines[1:-1]))
    stripped = [each.strip() for each in shortened[1:]]
    return [variant for each in (answer, *stripped) for variant in (each, each.replace("*", ""))]
