"""Files of tables for the tests: a CSV file, and a SQLite file with two tables and a view."""

import sqlite3
from contextlib import closing
from pathlib import Path

PRODUCTS = """\
name,category,unit price,stock
Apple,fruit,0.45,120
Pear,fruit,0.60,80
Milk,dairy,1.20,40
Cheese,dairy,"$1,204.50",12
Pencil,office,0.99,
"""


def write_csv(folder: Path, text: str | bytes = PRODUCTS, name: str = "products.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def write_sqlite(folder: Path, name: str = "shop.db", mode: str = "delete") -> Path:
    path = folder / name
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.executescript(
            """
            CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, city TEXT);
            INSERT INTO customers VALUES (1, 'Ada', 'Oslo'), (2, 'Björn', 'Bergen'), (3, 'Cleo', 'Oslo');
            CREATE TABLE "order" (customer INTEGER, total REAL, note BLOB);
            INSERT INTO "order" VALUES (1, 10.1, x'00ff'), (1, 20.2, NULL), (2, 5, 'late');
            CREATE VIEW spent AS SELECT name, sum(total) AS total FROM customers
                JOIN "order" ON customer = id GROUP BY id;
            CREATE VIEW broken AS SELECT * FROM nowhere;
            """
        )
        connection.commit()
    return path
