import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.tools.table_files import PRODUCTS, write_csv, write_sqlite
from tools.arguments import complaint
from tools.registry import Tool, ToolError
from tools.table_catalogue import MAX_FILES, TablesError, open_tables
from tools.tables import table_tools

Ask = Callable[..., str]


def tools(*paths: Path) -> dict[str, Tool]:
    return {tool.name: tool for tool in table_tools(paths)}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tool]:
    folder = tmp_path_factory.mktemp("tables")
    return tools(write_csv(folder), write_sqlite(folder))


@pytest.fixture
def figure(both: dict[str, Tool]) -> Ask:
    return both["table_figure"].run


@pytest.fixture
def query(both: dict[str, Tool]) -> Ask:
    return both["query_table"].run


def error(ask: Ask, **arguments: str) -> str:
    with pytest.raises(ToolError) as raised:
        ask(**arguments)
    return str(raised.value)


@pytest.mark.parametrize("name", ["table_figure", "query_table"])
def test_the_examples_are_about_these_tables_and_true(both: dict[str, Tool], name: str) -> None:
    tool = both[name]
    assert 8 <= len(tool.examples) <= 14
    assert len({example.request for example in tool.examples}) == len(tool.examples)
    assert any("products" in example.request for example in tool.examples)
    assert any("customers" in example.request for example in tool.examples)
    for example in tool.examples[::4]:
        assert tool.run(**example.arguments) == example.result
    for example in tool.examples:
        assert complaint(example.arguments, tool.parameters) is None
        assert "\n" in example.result or " | " in example.result or example.result in example.answer


def test_the_examples_are_the_same_every_time(tmp_path: Path) -> None:
    path = write_csv(tmp_path)
    first, second = table_tools([path]), table_tools([path])
    assert [tool.examples for tool in first] == [tool.examples for tool in second]
    assert {"What is the average unit price in products?", "total stock of all products"} <= {
        example.request for example in first[0].examples
    }


@pytest.mark.parametrize("text", ["a\nx\n", "7\n1\n", "a,b\n", '"<|im_start|>",{}\n{},"a ""b"" \'c\'"\n'])
def test_the_smallest_tables_give_examples_too(tmp_path: Path, text: str) -> None:
    for tool in table_tools([write_csv(tmp_path, text)]):
        assert tool.examples
        for example in tool.examples:
            assert complaint(example.arguments, tool.parameters) is None
        last = tool.examples[-1]
        assert tool.run(**last.arguments) == last.result


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        ("products count", "5"),
        ("products count stock", "4"),
        ("products sum stock", "252"),
        ("products average unit_price", "241.548"),
        ("products max unit_price", "1204.5 (Cheese)"),
        ("products min stock category=DAIRY", "12 (Cheese)"),
        ("products min name", "Apple"),
        ("products list category", "fruit, dairy, office"),
        ("products list name stock=80", "Pear"),
        ("products list name unit_price=$1,204.50", "Cheese"),
        ("products count category=fruit", "2"),
        ("customers list name city=Oslo", "Ada, Cleo"),
        ("order sum total", "35.3"),
        ("spent max total", "30.3 (Ada)"),
        ("order list note", "(2 bytes), late"),
    ],
)
def test_figures(figure: Ask, arguments: str, result: str) -> None:
    table, measure, *rest = (
        arguments.replace("unit_price", "unit price").replace("unit price", "unit~price").split()
    )
    asked = {"table": table, "measure": measure}
    for each in rest:
        name, equals, value = each.replace("~", " ").partition("=")
        asked |= {"where": name, "equals": value} if equals else {"column": name}
    assert figure(**asked) == result


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"measure": "sum"}, "Say which column to measure: name, category, unit price, stock."),
        (
            {"measure": "sum", "column": "category"},
            "'category' has no numbers; the columns with numbers are: unit price, stock.",
        ),
        ({"measure": "sum", "column": "city"}, "products has no column 'city'; its columns are: name, "),
        ({"measure": "count", "where": "city", "equals": "x"}, "products has no column 'city'"),
        ({"measure": "count", "where": "name"}, "where and equals belong together"),
        ({"measure": "count", "equals": "Milk"}, "where and equals belong together"),
        ({"measure": "count", "where": "category", "equals": "Fruits"}, "did you mean 'fruit'?"),
        (
            {"measure": "count", "where": "category", "equals": "zz"},
            "No row has 'zz' in category: its values are fruit, dairy, office.",
        ),
        ({"measure": "count", "where": "stock", "equals": "many"}, "'stock' has numbers"),
        (
            {"measure": "sum", "column": "stock", "where": "name", "equals": "Pencil"},
            "The column 'stock' is empty there, so it has no sum.",
        ),
    ],
)
def test_errors_of_figures_name_what_there_is(figure: Ask, asked: dict[str, str], says: str) -> None:
    assert says in error(figure, table="products", **asked)


def test_the_schema_holds_a_small_model_to_what_exists(both: dict[str, Tool]) -> None:
    properties = both["table_figure"].parameters["properties"]
    assert properties["table"]["enum"] == ["products", "customers", "order", "spent"]
    assert properties["column"]["enum"] == properties["where"]["enum"]
    assert {"unit price", "city", "total"} <= set(properties["column"]["enum"])
    assert both["query_table"].description == (
        "Answers an SQL query over the user's tables: products(name text, category text,"
        ' "unit price" number, stock number); customers(id number, name text, city text);'
        ' "order"(customer number, total number, note text); spent(name text, total number)'
    )


@pytest.mark.parametrize(
    ("sql", "result"),
    [
        ("SELECT count(*) FROM products;", "5"),
        ("SELECT category, count(*) n FROM products GROUP BY 1 LIMIT 1", "category | n\ndairy | 2"),
        ("SELECT total FROM spent WHERE name = 'Ada'", "30.3"),
        ('SELECT "unit price" AS "how much" FROM products WHERE name = \'Milk\' ORDER BY "how much"', "1.2"),
        ("SELECT name FROM products WHERE name = '\"nobody\"'", "No row fits."),
        ("SELECT p.name, c.name FROM products p, customers c LIMIT 1", "name | name\nApple | Ada"),
        ("WITH a AS (SELECT stock s FROM products) SELECT max(s) FROM a", "120"),
        ("SELECT note FROM \"order\" WHERE note IS NULL", "nothing"),
        ("SELECT 9e999", "a number too large to show"),
        ("SELECT 'a' || char(27) || '[31mb' || char(10) || 'c'", "ab c"),
        ("SELECT '<|im_start|>\u202e'", "<|im_start|>"),
    ],
)  # fmt: skip
def test_queries(query: Ask, sql: str, result: str) -> None:
    assert query(sql=sql) == result


def test_many_rows_and_long_cells_are_cut(query: Ask) -> None:
    shown = query(sql="SELECT a.name FROM products a, products b")
    assert shown.count("\n") == 21
    assert shown.endswith("There are more than these 20 rows: add a condition.")
    assert len(query(sql="SELECT replace(printf('%.1000000c', 'x'), 'x', 'yz')")) == 200


REFUSED = "Only a SELECT over the user's tables can be run, and no recursion."


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT prise FROM products", "There is no column 'prise': the columns are name, "),
        ("SELECT stok FROM products", "There is no column 'stok': did you mean stock?"),
        ("SELECT p.stok FROM products p", "There is no column 'stok': did you mean stock?"),
        ('SELECT sum("unit prices") FROM products', "did you mean \"unit price\"?"),
        ('SELECT count(*) FROM products WHERE name = "zzz"', "a text stands in single quotes"),
        ("SELECT * FROM product", "There is no table 'product': did you mean products?"),
        ("SELECT * FROM zzz", "the tables are products, customers, \"order\", spent."),
        ("SELECT", "The SQL ends too early"),
        ("SELECT * FORM products", "The SQL cannot be read at"),
        ("SELECT 1; SELECT 2", "Write one SELECT statement only."),
        ("SELECT ?", "Write the values into the SQL"),
        ("", REFUSED),
        ("ATTACH '{}/other.db' AS other", REFUSED),
        ("VACUUM INTO '{}/other.db'", REFUSED),
        ("PRAGMA table_info(products)", REFUSED),
        ("SELECT * FROM pragma_table_info('products')", REFUSED),
        ("SELECT * FROM json_each('[1]')", REFUSED),
        ("SELECT * FROM sqlite_master", REFUSED),
        ("SELECT sql FROM shop.sqlite_schema, customers", REFUSED),
        ("DELETE FROM customers", REFUSED),
        ("INSERT INTO customers VALUES (9, 'x', 'y')", REFUSED),
        ("DROP TABLE customers", REFUSED),
        ("CREATE TEMP TABLE t (a)", REFUSED),
        ("BEGIN", REFUSED),
        ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n", REFUSED),
        ("SELECT load_extension('{}/evil.so')", "The function 'load_extension' cannot be used"),
        ("SELECT readfile('/etc/passwd')", "readfile"),
        ("SELECT randomblob(1000000000)", "The function 'randomblob' cannot be used"),
        ("SELECT hex(zeroblob(1000000000))", "The function 'zeroblob' cannot be used"),
        ("SELECT length(hex(printf('%.9000000c', 'x')))", "The query takes too much memory"),
        (f"SELECT {'-' * 10}{'(' * 500}1{')' * 500}", "cannot be read|failed|early"),
        ("SELECT " + "1+" * 900 + "1", "The query failed"),
        ("SELECT count(*) FROM " + ", ".join(f"products p{n}" for n in range(14)), "The query took too long"),
    ],
)  # fmt: skip
def test_hostile_and_mistaken_sql_is_a_sentence(query: Ask, tmp_path: Path, sql: str, says: str) -> None:
    said = error(query, sql=sql.replace("{}", str(tmp_path)))
    assert any(each in said for each in says.split("|"))
    assert said.endswith((".", "?"))
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_a_database_changes(tmp_path: Path) -> None:
    for mode in ("delete", "wal"):
        path = write_sqlite(tmp_path, f"{mode}.db", mode)
        before = path.read_bytes()
        ask = tools(path)["query_table"].run
        assert ask(sql="SELECT count(*) FROM customers") == "3"
        assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["delete.db", "wal.db"]


def test_what_another_program_has_just_written_is_read(tmp_path: Path) -> None:
    path = write_sqlite(tmp_path, mode="wal")
    ask = tools(path)["query_table"].run
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO customers VALUES (4, 'Dag', 'Bergen')")
        connection.commit()
        assert (tmp_path / "shop.db-wal").stat().st_size
        assert ask(sql="SELECT count(*) FROM customers") == "4"


def test_tables_of_one_name_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    paths = [
        write_csv(tmp_path, "x\n1\n", "customers.csv"),
        write_csv(tmp_path / "a", "x\n2\n", "customers.csv"),
        write_sqlite(tmp_path / "b", "2024 shop!.db"),
    ]
    both = tools(*paths)
    assert both["table_figure"].parameters["properties"]["table"]["enum"] == [
        "customers",
        "customers_2",
        "table_2024_shop.customers",
        "order",
        "spent",
    ]
    assert both["table_figure"].run(table="customers_2", measure="sum", column="x") == "2"
    assert both["table_figure"].run(table="table_2024_shop.customers", measure="count") == "3"
    assert both["query_table"].run(sql="SELECT count(*) FROM table_2024_shop.customers") == "3"


def test_a_file_that_goes_away_or_changes_is_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path)
    both = tools(path)
    path.write_text(PRODUCTS.replace("stock", "shelf"), encoding="utf-8")
    assert "no such column" in error(
        both["table_figure"].run, table="products", measure="sum", column="stock"
    )
    path.unlink()
    assert "cannot be read" in error(both["table_figure"].run, table="products", measure="count")
    assert "cannot be read" in error(both["query_table"].run, sql="SELECT * FROM products")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty: it needs a first row"),
        (b"SQLite format 3\0 and no more", "is no SQLite file that can be read"),
        (b"a,b\n1,\0\n", "is not a text file"),
        (",".join("c" * 100_000).encode(), "has 100000 columns, and at most 200"),
        (b'a\n"' + b"x" * 200_000, "field larger than field limit"),
    ],
    ids=["empty", "damaged", "nul", "columns", "cell"],
)
def test_files_that_are_no_tables(tmp_path: Path, data: bytes, says: str) -> None:
    path = write_csv(tmp_path, data, "bad\x1b.csv")
    with pytest.raises(TablesError, match=re.escape("bad\\x1b.csv ")) as raised:
        open_tables([path])
    assert says in str(raised.value)


def test_what_is_left_out_of_a_file_is_told(tmp_path: Path) -> None:
    ragged = tools(write_csv(tmp_path, "a,b\n1,2,3\n"))["query_table"].description
    assert ragged.endswith(
        "b number). In products the cells beyond the last named column are left out, of 1 rows"
    )


def test_the_files_must_be_there_and_few(tmp_path: Path) -> None:
    with pytest.raises(TablesError, match=r"There is no file .*none.csv: name a CSV or SQLite file"):
        open_tables([tmp_path / "none.csv"])
    with pytest.raises(TablesError, match="There is no file"):
        open_tables([tmp_path])
    for count in (0, MAX_FILES + 1):
        with pytest.raises(TablesError, match=f"Name from 1 to {MAX_FILES} files"):
            open_tables([tmp_path] * count)
    with closing(sqlite3.connect(tmp_path / "bare.db")) as connection:
        connection.execute("PRAGMA user_version = 1")
    with pytest.raises(TablesError, match="has no tables"):
        open_tables([tmp_path / "bare.db"])


def test_importing_the_tools_starts_nothing_and_loads_no_sqlite() -> None:
    script = "import sys, tools.tables; print(sorted({'pint', 'regex', 'textual'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
