"""Requests that a short program answers, each with the program, what it shows, and the answer."""

from tools.registry import Example


def _example(request: str, code: str, result: str, answer: str) -> Example:
    return Example(request, {"code": code}, result, answer)


EXAMPLES = (
    _example(
        "What is the sum of the squares of the numbers from 1 to 30?",
        "sum(n * n for n in range(1, 31))",
        "9455",
        "The sum of the squares from 1 to 30 is 9455.",
    ),
    _example(
        "Write Python that lists the prime numbers below 30 and run it",
        "print([n for n in range(2, 30) if all(n % d for d in range(2, n))])",
        "[2, 3, 5, 7, 11, 13, 17, 19, 23, 29]",
        "The primes below 30 are [2, 3, 5, 7, 11, 13, 17, 19, 23, 29].",
    ),
    _example(
        "What is the 40th Fibonacci number?",
        "a, b = 0, 1\nfor _ in range(40):\n    a, b = b, a + b\nprint(a)",
        "102334155",
        "The 40th Fibonacci number is 102334155.",
    ),
    _example(
        "How many of the numbers below 1000 can be divided by 7?",
        "len([n for n in range(1, 1000) if n % 7 == 0])",
        "142",
        "142 of the numbers below 1000 can be divided by 7.",
    ),
    _example(
        "run this code: print('ab' * 4)",
        "print('ab' * 4)",
        "abababab",
        "The code prints abababab.",
    ),
    _example(
        "What does [n % 3 for n in range(7)] give in Python?",
        "[n % 3 for n in range(7)]",
        "[0, 1, 2, 0, 1, 2, 0]",
        "It gives [0, 1, 2, 0, 1, 2, 0].",
    ),
    _example(
        "What is the median of 17, 4, 22, 9 and 13?",
        "sorted([17, 4, 22, 9, 13])[2]",
        "13",
        "The median is 13.",
    ),
    _example(
        "What is the largest common divisor of 462 and 1071? Use Python.",
        "import math\nmath.gcd(462, 1071)",
        "21",
        "The largest common divisor of 462 and 1071 is 21.",
    ),
    _example(
        "If I save 50 euros a month at 4% a year, paid monthly, what have I after 3 years? Simulate it.",
        "total = 0\nfor month in range(36):\n    total = (total + 50) * (1 + 0.04 / 12)\nround(total, 2)",
        "1915.44",
        "After 3 years you have 1915.44 euros.",
    ),
    _example(
        "How do you write 1994 in binary?",
        "bin(1994)[2:]",
        "11111001010",
        "1994 in binary is 11111001010.",
    ),
)
