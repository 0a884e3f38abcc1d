"""A folder in which the examples of `read_file` are found."""

from pathlib import Path

FILES = {
    "shopping.txt": "Milk, eggs and rye bread.\n",
    "motd.txt": "The printer on floor 2 is out of order.\n",
    "settings.ini": "[server]\nport = 8080\nhost = localhost\n",
    "reports/march.md": "# March\nSales grew by 4 percent.\n",
    "src/hello.py": 'print("Hello, world")\n',
    "todo.md": "- call the plumber\n- renew the library card\n",
}


def write_files(folder: Path) -> Path:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
