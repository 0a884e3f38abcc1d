"""A report as Markdown: the words and tables of the HTML, without charts and items."""

import re
from collections.abc import Iterator

from sessions.report.data import Report
from sessions.report.figures import Figures
from sessions.report.sections import Section, sections
from sessions.report.table import Table
from sessions.text import plain

MARKUP = re.compile(r"([\\`*\[\]|<&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
BLOCK = re.compile(r"^(\d*)([#>+=~-]|(?<=\d)[.)](?=\s|$))")
"""What would begin a heading, a quotation, a list or a rule at the beginning of a line."""


def to_markdown(report: Report, figures: Figures) -> str:
    """Return the report as Markdown. Texts that are not ours are escaped: they format nothing."""
    lines = [f"# {paragraph(title(report))}", ""]
    for section in sections(report, figures):
        lines.extend(_section(section))
    return "\n".join(lines).rstrip() + "\n"


def title(report: Report) -> str:
    """Return the title of a report: the run's own, or its arms and data sets."""
    arms = ", ".join(report.arms)
    data_sets = ", ".join(each.data_set for each in report.run.data_sets)
    return report.run.title or f"{arms} on {data_sets}"


def escaped(text: str) -> str:
    """Return a text on one line that Markdown shows as it is, wherever in a line it stands."""
    return MARKUP.sub(r"\\\1", " ".join(plain(text).split()))


def paragraph(text: str) -> str:
    """Return a text that Markdown shows as it is at the beginning of a line."""
    return BLOCK.sub(r"\1\\\2", escaped(text))


def _section(section: Section) -> Iterator[str]:
    yield from (f"## {paragraph(section.heading)}", "")
    yield from (f"- {paragraph(sentence)}" for sentence in section.sentences)
    if section.sentences:
        yield ""
    for each in section.tables:
        yield from _table(each)


def _table(each: Table) -> Iterator[str]:
    rule = ["---:" if index in each.right else "---" for index in range(len(each.head))]
    yield from (f"{paragraph(each.caption)}:", "")
    for row in (tuple(map(escaped, each.head)), rule, *(tuple(map(escaped, row)) for row in each.rows)):
        yield f"| {' | '.join(row)} |"
    yield ""
