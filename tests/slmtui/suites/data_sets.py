"""Tiny data sets in the public formats, with made-up content."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

GSM8K = [
    {"question": "Ann has 3 figs and buys 4.", "answer": "3+4=<<3+4=7>>7\n#### 7"},
    {"question": "How much are 2 at $600?", "answer": "2*600\n#### $1,200"},
]
SVAMP = [
    {
        "ID": f"chal-{at}",
        "Body": "Ann has 3 figs",
        "Question": "How many are left?",
        "Equation": "( 3.0 - 1.0 )",
        "Answer": float(at),
        "Type": "Subtraction",
    }
    for at in range(1, 1001)
]
TRIANGLE = {
    "name": "triangle.area",
    "description": "The area of a triangle.",
    "parameters": {
        "type": "dict",
        "properties": {
            "base": {"type": "float", "description": "In m."},
            "sides": {"type": "tuple", "items": {"type": "float"}, "format": "m"},
            "unit": {"type": "String", "optional": True, "enum": ["m", "cm"]},
            "extra": {"type": "any"},
            "options": {"type": "dict", "properties": {"exact": {"type": "boolean", "default": True}}},
        },
        "required": ["base"],
    },
}
BFCL = [
    {
        "id": f"simple_{at}",
        "question": [[{"role": "system", "content": "Be exact."}, {"role": "user", "content": "How large?"}]],
        "function": [TRIANGLE],
    }
    for at in range(2)
]
BFCL_ANSWERS = [
    {"id": f"simple_{at}", "ground_truth": [{"triangle.area": {"base": [10, 10.5], "unit": ["", "m"]}}]}
    for at in range(2)
]
IFEVAL = [
    {
        "key": 1000,
        "prompt": "Write of figs without commas, in two bullets.",
        "instruction_id_list": ["punctuation:no_comma", "detectable_format:number_bullet_lists"],
        "kwargs": [{"num_bullets": None}, {"num_bullets": 2, "relation": None}],
    },
    {
        "key": 1001,
        "prompt": "Write in Hindi.",
        "instruction_id_list": ["language:response_language"],
        "kwargs": [{"language": "hi"}],
    },
]


def _question(uid: str, kind: str, answer: Any, scale: str = "") -> dict[str, Any]:
    return {"uid": uid, "question": f"What is {uid}?", "answer": answer, "answer_type": kind, "scale": scale}


TATQA = [
    {
        "table": {"uid": "t", "table": [["", "2019", "2018"], ["Sales", "$ 1,452.4", "$ 1,146.2"]]},
        "paragraphs": [{"uid": "p", "order": 1, "text": "Figs are\nin millions."}],
        "questions": [
            _question("change", "arithmetic", 26.71, "percent"),
            _question("sales", "span", ["1,452.4"], "million"),
            _question("loss", "span", ["(12.6)"]),
            _question("what", "span", ["the figs"]),
            _question("which", "multi-span", ["figs", "limes"]),
            _question("how many", "count", "2"),
        ],
    }
]
FINQA = [
    {
        "id": "FIG/2019/page_1.pdf-1",
        "pre_text": ["Figs sold well ."],
        "post_text": ["In millions ."],
        "table": [["", "2019"], ["sales", "$ 100"]],
        "qa": {"question": "by how much did they rise?", "answer": "12.7%", "exe_ans": 0.12716},
    },
    {
        "id": "FIG/2019/page_1.pdf-2",
        "pre_text": [],
        "post_text": [],
        "table": [["sales", "$ 100"]],
        "qa": {"question": "more than before?", "answer": "", "exe_ans": "yes"},
    },
]
MMLU_CSV = 'Which is red?,"a fig, ripe",grass,snow,coal,A\n"Two\nlines?",1,2,3,4,C\n'
MMLU_ROWS = [{"question": "Which is white?", "subject": "botany", "choices": ["fig", "snow"], "answer": 1}]


def lines(path: Path, rows: Iterable[Any]) -> Path:
    """Write rows as JSON lines, and return the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def array(path: Path, rows: list[Any]) -> Path:
    """Write rows as a JSON array, and return the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return path


def all_sets(folder: Path) -> Path:
    """Write every known set into a folder, and return it."""
    lines(folder / "gsm8k" / "test.jsonl", GSM8K)
    lines(folder / "gsm8k" / "train.jsonl", GSM8K[:1])
    array(folder / "svamp" / "SVAMP.json", SVAMP)
    for kind in ("simple", "multiple"):
        lines(folder / f"BFCL_v3_{kind}.json", BFCL)
        lines(folder / "possible_answer" / f"BFCL_v3_{kind}.json", BFCL_ANSWERS)
    lines(folder / "BFCL_v3_parallel_multiple.json", [])
    lines(folder / "BFCL_v3_irrelevance.json", BFCL)
    lines(folder / "ifeval" / "ifeval_input_data.jsonl", IFEVAL)
    array(folder / "tatqa" / "tatqa_dataset_test_gold.json", TATQA)
    array(folder / "finqa" / "test.json", FINQA)
    (folder / "mmlu" / "data" / "test").mkdir(parents=True)
    (folder / "mmlu" / "data" / "test" / "botany_test.csv").write_text(MMLU_CSV)
    (folder / "mmlu" / "data" / "test" / "algebra_test.csv").write_text(MMLU_CSV)
    return folder
