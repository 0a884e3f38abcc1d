"""The right call for every wording of the bundled suite that one call of a tool answers, by its text."""

EXPRESSIONS = {
    "What do you get if you multiply {a} by {b}?": "{a} * {b}",
    "{a} x {b}": "{a} * {b}",
    "please work out {a} + {b} for me": "{a} + {b}",
    "I need the total of {a} and {b}.": "{a} + {b}",
    "Subtract {b} from {a}.": "{a} - {b}",
    "whats {a} minus {b}": "{a} - {b}",
    "Divide {a} by {b} and give me the result.": "{a} / {b}",
    "How much is {a} percent of {b}?": "{a}% of {b}",
    "Compute the square root of {a}.": "sqrt({a})",
    "Evaluate ({a} + {b}) * {c}": "({a} + {b}) * {c}",
    "Add {b} to {a}.": "{a} + {b}",
    "What is left of {a} after taking away {b}?": "{a} - {b}",
    "By how much does {a} exceed {b}?": "{a} - {b}",
    "{a} and {b} together make what number?": "{a} + {b}",
    "{a} * {b} - {c} * {d}": "{a} * {b} - {c} * {d}",
    "What is the difference between {a} times {b} and {c} times {d}?": "{a} * {b} - {c} * {d}",
    "Evaluate (({a} + {b}) * {c} - {d}) * 4": "(({a} + {b}) * {c} - {d}) * 4",
    "Take {a} percent of {b}, then add {c}.": "{a}% of {b} + {c}",
    "Multiply {a} by {b}, take away {c}, and halve what is left.": "({a} * {b} - {c}) / 2",
    "What is the square of {a} plus the square of {b}?": "{a}^2 + {b}^2",
    "work out {a} * {b} + {c} please": "{a} * {b} + {c}",
    "How much is {c} less {b} times {a}?": "{c} - {b} * {a}",
    "Divide the sum of {a} and {b} by {c}.": "({a} + {b}) / {c}",
    "How much is {a}% of {b}% of {c}?": "{a}% of ({b}% of {c})",
    "Find the average of {a}, {b}, {c} and {d}.": "({a} + {b} + {c} + {d}) / 4",
    "I have to add {a}, {b}, {c} and {d}. What comes out?": "{a} + {b} + {c} + {d}",
    "{name} picked {a} apples, but {b} of them were rotten and thrown away. How many good apples remain?": (
        "{a} - {b}"
    ),
    "There are {b} pages in each booklet. If {name} prints {a} booklets, how many pages are printed?": (
        "{a} * {b}"
    ),
    "A school splits {a} pupils evenly over {b} buses. How many pupils ride in each bus?": "{a} / {b}",
    "{name} buys {a} sandwiches for ${b} each and one juice for ${c}. What does it all cost?": (
        "{a} * {b} + {c}"
    ),
    "A bike has a price of ${a}. In the sale it gets {b}% cheaper. How much does it cost in the sale?": (
        "{a} - {b}%"
    ),
    "A library owned {a} comics. It lent out {b} and then bought {c} more. How many does it have now?": (
        "{a} - {b} + {c}"
    ),
    "{name} saves ${b} every week. How much will be saved after {a} weeks?": "{a} * {b}",
    "In {a} rows there stand {b} trees each, and {c} more trees grow by the gate. "
    "How many trees are there?": "{a} * {b} + {c}",
    "{name} paid for {a} tickets at ${b} apiece with a ${c} note. How much change is due?": "{c} - {a} * {b}",
    "{name} ran {a} km in spring and {b} km in autumn. By how many km was spring longer?": "{a} - {b}",
    "Of {a} seats on the ferry {b} are taken. How many passengers can still sit down?": "{a} - {b}",
    "Every one of {a} lanterns holds {b} candles. How many candles burn on the pier?": "{a} * {b}",
    "{name} pours {a} litres of cider into {b} barrels alike. What does a barrel hold?": "{a} / {b}",
    "{name} counted {a} swallows and {b} sparrows on the wires. How many birds sat there?": "{a} + {b}",
    "The lighthouse has {a} steps and the church tower {b}. How many fewer does the tower have?": "{a} - {b}",
    "A printer fills {b} sheets a minute. How many sheets lie in its tray after {a} minutes?": "{a} * {b}",
    "{name} owned ${c} and then worked {b} hours for ${a} an hour. How many dollars are that now?": (
        "{c} + {b} * {a}"
    ),
    "A tin has {a} red crayons and {b} blue ones. How many crayons are in {c} tins of the kind?": (
        "({a} + {b}) * {c}"
    ),
    "From a roll of {a} m of cloth a tailor cuts {b} pieces of {c} m. How many metres stay on the roll?": (
        "{a} - {b} * {c}"
    ),
    "A museum had {a} visitors on Friday and twice as many on Saturday. How many came on both days?": (
        "{a} + 2 * {a}"
    ),
    "{name}, who is {x} years old, gets {a} bags of {b} marbles and gives {c} marbles to a cousin. "
    "How many marbles does {name} keep?": "{a} * {b} - {c}",
    "On a farm {a} hens lay {b} eggs each in a week, and {c} eggs go into a box. "
    "How many boxes are full after {d} weeks?": "{a} * {b} * {d} / {c}",
    "{name} is paid ${a} an hour, works {b} hours on each of {c} days, and spends ${d} on the train. "
    "What remains?": "{a} * {b} * {c} - {d}",
    "A dealer got {a} lamps for ${b} apiece and sold every one of them at ${c}, after {d} weeks in the "
    "window. How much did the dealer gain?": "{a} * {c} - {a} * {b}",
    "A basin of {a} litres is empty. {b} litres run in every minute, and {c} litres leak out meanwhile. "
    "After how many minutes is it full?": "{a} / ({b} - {c})",
    "An inn of {x} floors has {a} rooms with {b} beds and {c} rooms with {d} beds. "
    "How many guests can sleep there?": "{a} * {b} + {c} * {d}",
    "A coat for ${a} is reduced by {b}%, and {name} has a voucher of ${c} as well. "
    "What is left to pay for two such coats with the one voucher?": "({a} - {b}%) * 2 - {c}",
    "Of {a} pupils {b}% walk to school and {c} take the bus; all others cycle. How many cycle?": (
        "{a} - {b}% of {a} - {c}"
    ),
    "{name} and {k} friends pick {a} baskets of {b} plums and share them out evenly. "
    "How many plums does everyone get?": "{a} * {b} / ({k} + 1)",
    "A novel has {d} pages. {name} reads {a} pages on each of {b} days, then {c} pages on a Sunday. "
    "How many pages are still unread?": "{d} - {a} * {b} - {c}",
    "A field is {a} m long and {b} m wide. What does a fence all around it cost at ${c} a metre?": (
        "2 * ({a} + {b}) * {c}"
    ),
    "{name} fills {a} jars with {b} g of honey each, sells {c} of the jars, and eats nothing. "
    "How many grams of honey are unsold?": "{a} * {b} - {c} * {b}",
}

WANTED = {
    "Who is the tenant of the building with the gate code {x}?": "tenant",
    "What is the door colour of the building that {x} is the tenant of?": "door colour",
    "Who takes care of the building whose alarm code is {x}?": "caretaker",
    "What is the alarm code of the building that is painted {x}?": "alarm code",
    "Where lies the spare key of the building with {x} as its caretaker?": "spare key",
}
"""What is to be looked up of the place that a first search leads to."""

MEASURES = {
    "Work out the average of the column {k} in {t}.": "average",
    "Add up the column {k} of {t}.": "sum",
    "Give me the total {k} in the table {t}": "sum",
    "What's the highest {k} in {t}?": "max",
    "lowest {k} in {t}": "min",
    "Look at {t}: what is the mean of {k}?": "average",
    "In {t}, what is the largest value of {k}?": "max",
    "Tell me the number of {r} in {t} whose {g} is {v}.": "count",
    "Count the rows of {t} where {g} is {v}.": "count",
    "What is the average {k} of those with {g} {v} in {t}?": "average",
    "Sum the {k} in {t} for {g} {v}.": "sum",
    "Which total of {k} does {t} have where {g} equals {v}?": "sum",
    "What is the smallest {k} for {g} {v} in {t}?": "min",
    "Who has the highest {k} in {t}?": "max",
    "According to {t}, whose {k} is the lowest?": "min",
    "How old is the oldest of the {v} team in {t}?": "max",
    "{t}: which sum does the {k} column come to?": "sum",
    "Of all the {k} figures in {t}, name the smallest.": "min",
    "Name whoever earns most in the {v} team, from {t}.": "max",
    "Who is the youngest in the {v} team of {t}?": "min",
}
"""The measure that `table_figure` is asked for."""

QUERIES = {
    "Take only {x} from {v} in {t}: what is the sum of {k}?": (
        "SELECT sum({k}) FROM sales WHERE town = '{v}' AND fruit = '{x}'"
    ),
    "By {t}, what is the average {k} of {x} in {v}?": (
        "SELECT avg({k}) FROM sales WHERE town = '{v}' AND fruit = '{x}'"
    ),
    "In {t}, what is the largest {k} for both town {v} and fruit {x}?": (
        "SELECT max({k}) FROM sales WHERE town = '{v}' AND fruit = '{x}'"
    ),
    "What did {v} take in with {x}? In {t}, add up boxes times price.": (
        "SELECT sum(boxes * price) FROM sales WHERE town = '{v}' AND fruit = '{x}'"
    ),
    "Which town sold the most boxes of {x}, all rows of {t} together?": (
        "SELECT town FROM sales WHERE fruit = '{x}' GROUP BY town ORDER BY sum(boxes) DESC LIMIT 1"
    ),
    "In how many rows of {t} is the price above {n} with {m} boxes or more?": (
        "SELECT count(*) FROM sales WHERE price > {n} AND boxes >= {m}"
    ),
    "How many of the {v} team earn more than {n}, going by {t}?": (
        "SELECT count(*) FROM staff WHERE team = '{v}' AND salary > {n}"
    ),
    "Among those in {t} with a salary above {n}, who is the oldest?": (
        "SELECT name FROM staff WHERE salary > {n} ORDER BY age DESC LIMIT 1"
    ),
    "What do all in {t} who are {n} or older earn together?": (
        "SELECT sum(salary) FROM staff WHERE age >= {n}"
    ),
}

COUNTED = {
    "Count the letter {c} in {w}.": ("{w}", "occurrences", "{c}"),
    "How often do you find the letter {c} in the word {w}?": ("{w}", "occurrences", "{c}"),
    "number of {c}'s in {w}": ("{w}", "occurrences", "{c}"),
    "The word {w} has how many times the letter {c}?": ("{w}", "occurrences", "{c}"),
    "Tell me how many letters {w} has.": ("{w}", "letters", ""),
    "How many letters does it take to write {w}?": ("{w}", "letters", ""),
    "{w} has how many letters": ("{w}", "letters", ""),
    "How many words does this sentence have: {s}?": ("{s}", "words", ""),
    "Give me the number of words in '{s}'.": ("{s}", "words", ""),
    "word count of: {s}": ("{s}", "words", ""),
    "In the sentence '{s}', how often is there a letter {c}?": ("{s}", "occurrences", "{c}"),
    "Go through this and count each {c}: {s}": ("{s}", "occurrences", "{c}"),
    "Of how many words is this made up: {s}": ("{s}", "words", ""),
    "'{s}' - I need its number of words": ("{s}", "words", ""),
}
"""The text, what is counted, and of what."""

ORDERS = {
    "Put these words into alphabetical order: {l}": "alphabetical",
    "Please alphabetize {l}.": "alphabetical",
    "{l} - sort them from A to Z": "alphabetical",
    "I need this guest list in alphabetical order: {l}": "alphabetical",
    "Alphabetical order for these people, please: {l}": "alphabetical",
    "Arrange the numbers {l} in increasing order.": "numeric ascending",
    "{l}: order them from low to high": "numeric ascending",
    "Which is the right order, smallest first, of {l}?": "numeric ascending",
    "Sort the results {l} in descending order.": "numeric descending",
    "Rank {l} with the biggest first": "numeric descending",
    "These ten go into the index by their letters: {l}": "alphabetical",
    "From Z to A, please: {l}": "reverse alphabetical",
    "Ten invoices came in, {l}. List them upwards by number.": "numeric ascending",
    "List {l} from the highest down to the lowest.": "numeric descending",
}

COMPARISONS = {
    "Is '{a}' written exactly like '{b}'?": "equal",
    "Are these two spellings equal, {a} and {b}?": "equal",
    "yes or no: {a} and {b} are the same text": "equal",
    "Which has more letters, {a} or {b}?": "longer",
    "Tell me the longer one of {a} and {b}.": "longer",
    "Does {a} or {b} stand first in a dictionary?": "alphabetically first",
    "{a} or {b}: which is earlier in the alphabet?": "alphabetically first",
    "At which character do {a} and {b} begin to differ?": "first difference",
    "Two keys, {a} and {b}: which is the first place where they part?": "first difference",
    "Give the number of the first character at which {a} and {b} are not alike.": "first difference",
    "Yes or no, is key {a} identical with key {b}?": "equal",
    "Check whether {a} equals {b}, letter for letter, and say yes or no.": "equal",
}
