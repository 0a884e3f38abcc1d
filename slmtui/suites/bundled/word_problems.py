"""Word problems for the calculator: a short story with numbers, and one number asked for."""

import random

from slmtui.suites.bundled.arithmetic import DIFFERENCE, PRODUCT, QUOTIENT, computed, price, whole
from slmtui.suites.bundled.wordings import Blanks, Written, wordings


def _shopping(rng: random.Random) -> Blanks:
    return {"a": rng.randint(2, 9), "b": price(rng, 2, 12), "c": price(rng, 1, 6)}


def _change(rng: random.Random) -> Blanks:
    a, b = rng.randint(2, 6), rng.randint(3, 9)
    return {"a": a, "b": b, "c": rng.choice((60, 80, 100))}


def _discount(rng: random.Random) -> Blanks:
    return {"a": rng.randint(6, 30) * 10, "b": rng.choice((10, 15, 20, 30, 35, 40))}


def _rope(rng: random.Random) -> Blanks:
    b, c = rng.randint(4, 9), rng.randint(3, 12)
    return {"a": b * c + rng.randint(6, 40), "b": b, "c": c}


def _eggs(rng: random.Random) -> Blanks:
    boxes, c, d = rng.randint(2, 6), rng.choice((6, 10, 12)), rng.randint(3, 8)
    return {"a": c * boxes, "b": rng.randint(4, 6), "c": c, "d": d}


def _leak(rng: random.Random) -> Blanks:
    c, more = rng.randint(3, 14), rng.randint(12, 30)
    return {"a": more * rng.randint(20, 60), "b": c + more, "c": c}


def _pupils(rng: random.Random) -> Blanks:
    a = rng.randint(12, 45) * 20
    b = rng.choice((15, 25, 30, 35, 45))
    return {"a": a, "b": b, "c": rng.randint(21, a // 4)}


def _picked(rng: random.Random) -> Blanks:
    k, b = rng.randint(2, 6), rng.randint(13, 34)
    return {"a": (k + 1) * rng.randint(2, 5), "b": b, "k": k}


def _read(rng: random.Random) -> Blanks:
    a, b, c = rng.randint(14, 45), rng.randint(3, 9), rng.randint(11, 60)
    return {"a": a, "b": b, "c": c, "d": a * b + c + rng.randint(30, 200)}


def _marbles(rng: random.Random) -> Blanks:
    a, b = rng.randint(4, 12), rng.randint(12, 35)
    return {"x": rng.randint(7, 15), "a": a, "b": b, "c": rng.randint(11, a * b - 5)}


_BEDS = whole(x=(4, 9), a=(12, 45), b=(2, 3), c=(11, 38), d=(4, 6))

_FIRST: tuple[Written, ...] = (
    (
        "easy",
        "{name} picked {a} apples, but {b} of them were rotten and thrown away. How many good apples remain?",
        computed(whole(a=(60, 98), b=(13, 55)), lambda a, b: a - b),
    ),
    (
        "easy",
        "There are {b} pages in each booklet. If {name} prints {a} booklets, how many pages are printed?",
        PRODUCT,
    ),
    (
        "easy",
        "A school splits {a} pupils evenly over {b} buses. How many pupils ride in each bus?",
        QUOTIENT,
    ),
    (
        "medium",
        "{name} buys {a} sandwiches for ${b} each and one juice for ${c}. What does it all cost?",
        computed(_shopping, lambda a, b, c: a * b + c),
    ),
    (
        "medium",
        "A bike has a price of ${a}. In the sale it gets {b}% cheaper. How much does it cost in the sale?",
        computed(_discount, lambda a, b: a - a * b / 100),
    ),
    (
        "medium",
        "A library owned {a} comics. It lent out {b} and then bought {c} more. How many does it have now?",
        computed(whole(a=(80, 140), b=(15, 40), c=(12, 60)), lambda a, b, c: a - b + c),
    ),
    ("easy", "{name} saves ${b} every week. How much will be saved after {a} weeks?", PRODUCT),
    (
        "medium",
        "In {a} rows there stand {b} trees each, and {c} more trees grow by the gate. "
        "How many trees are there?",
        computed(whole(a=(3, 9), b=(12, 40), c=(15, 90)), lambda a, b, c: a * b + c),
    ),
    (
        "medium",
        "{name} paid for {a} tickets at ${b} apiece with a ${c} note. How much change is due?",
        computed(_change, lambda a, b, c: c - a * b),
    ),
    (
        "easy",
        "{name} ran {a} km in spring and {b} km in autumn. By how many km was spring longer?",
        DIFFERENCE,
    ),
)

_ADDED: tuple[Written, ...] = (
    (
        "easy",
        "Of {a} seats on the ferry {b} are taken. How many passengers can still sit down?",
        computed(whole(a=(210, 690), b=(25, 190)), lambda a, b: a - b),
    ),
    ("easy", "Every one of {a} lanterns holds {b} candles. How many candles burn on the pier?", PRODUCT),
    ("easy", "{name} pours {a} litres of cider into {b} barrels alike. What does a barrel hold?", QUOTIENT),
    (
        "easy",
        "{name} counted {a} swallows and {b} sparrows on the wires. How many birds sat there?",
        computed(whole(a=(24, 97), b=(36, 180)), lambda a, b: a + b),
    ),
    (
        "easy",
        "The lighthouse has {a} steps and the church tower {b}. How many fewer does the tower have?",
        computed(whole(a=(210, 390), b=(45, 190)), lambda a, b: a - b),
    ),
    (
        "easy",
        "A printer fills {b} sheets a minute. How many sheets lie in its tray after {a} minutes?",
        PRODUCT,
    ),
    (
        "medium",
        "{name} owned ${c} and then worked {b} hours for ${a} an hour. How many dollars are that now?",
        computed(whole(a=(12, 28), b=(3, 14), c=(25, 190)), lambda a, b, c: c + a * b),
    ),
    (
        "medium",
        "A tin has {a} red crayons and {b} blue ones. How many crayons are in {c} tins of the kind?",
        computed(whole(a=(7, 24), b=(6, 19), c=(5, 16)), lambda a, b, c: (a + b) * c),
    ),
    (
        "medium",
        "From a roll of {a} m of cloth a tailor cuts {b} pieces of {c} m. How many metres stay on the roll?",
        computed(_rope, lambda a, b, c: a - b * c),
    ),
    (
        "medium",
        "A museum had {a} visitors on Friday and twice as many on Saturday. How many came on both days?",
        computed(whole(a=(120, 880)), lambda a: 3 * a),
    ),
    (
        "hard",
        "{name}, who is {x} years old, gets {a} bags of {b} marbles and gives {c} marbles to a cousin. "
        "How many marbles does {name} keep?",
        computed(_marbles, lambda x, a, b, c: a * b - c),  # noqa: ARG005 - x is in the story alone
    ),
    (
        "hard",
        "On a farm {a} hens lay {b} eggs each in a week, and {c} eggs go into a box. "
        "How many boxes are full after {d} weeks?",
        computed(_eggs, lambda a, b, c, d: a * b * d / c),
    ),
    (
        "hard",
        "{name} is paid ${a} an hour, works {b} hours on each of {c} days, and spends ${d} on the train. "
        "What remains?",
        computed(whole(a=(13, 29), b=(4, 9), c=(3, 6), d=(12, 75)), lambda a, b, c, d: a * b * c - d),
    ),
    (
        "hard",
        "A dealer got {a} lamps for ${b} apiece and sold every one of them at ${c}, after {d} weeks in the "
        "window. How much did the dealer gain?",
        computed(
            whole(a=(14, 60), b=(11, 35), c=(41, 88), d=(2, 9)),
            lambda a, b, c, d: a * (c - b),  # noqa: ARG005 - d is in the story alone
        ),
    ),
    (
        "hard",
        "A basin of {a} litres is empty. {b} litres run in every minute, and {c} litres leak out meanwhile. "
        "After how many minutes is it full?",
        computed(_leak, lambda a, b, c: a / (b - c)),
    ),
    (
        "hard",
        "An inn of {x} floors has {a} rooms with {b} beds and {c} rooms with {d} beds. "
        "How many guests can sleep there?",
        computed(_BEDS, lambda x, a, b, c, d: a * b + c * d),  # noqa: ARG005 - x is in the story alone
    ),
    (
        "hard",
        "A coat for ${a} is reduced by {b}%, and {name} has a voucher of ${c} as well. "
        "What is left to pay for two such coats with the one voucher?",
        computed(
            lambda rng: _discount(rng) | {"c": rng.randint(5, 30)},
            lambda a, b, c: 2 * (a - a * b / 100) - c,
        ),
    ),
    (
        "hard",
        "Of {a} pupils {b}% walk to school and {c} take the bus; all others cycle. How many cycle?",
        computed(_pupils, lambda a, b, c: a - a * b / 100 - c),
    ),
    (
        "hard",
        "{name} and {k} friends pick {a} baskets of {b} plums and share them out evenly. "
        "How many plums does everyone get?",
        computed(_picked, lambda a, b, k: a * b / (k + 1)),
    ),
    (
        "hard",
        "A novel has {d} pages. {name} reads {a} pages on each of {b} days, then {c} pages on a Sunday. "
        "How many pages are still unread?",
        computed(_read, lambda a, b, c, d: d - a * b - c),
    ),
    (
        "hard",
        "A field is {a} m long and {b} m wide. What does a fence all around it cost at ${c} a metre?",
        computed(whole(a=(35, 120), b=(21, 80), c=(6, 24)), lambda a, b, c: 2 * (a + b) * c),
    ),
    (
        "hard",
        "{name} fills {a} jars with {b} g of honey each, sells {c} of the jars, and eats nothing. "
        "How many grams of honey are unsold?",
        computed(whole(a=(25, 60), b=(210, 480), c=(4, 21)), lambda a, b, c: (a - c) * b),
    ),
)

WORDINGS = wordings("word problems", "calculator", _FIRST, _ADDED)
