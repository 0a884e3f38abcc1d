"""A report as one HTML file that needs nothing else: no network, no fonts, no scripts from anywhere."""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from sessions.report.data import Report
from sessions.report.drawn import Gallery, galleries
from sessions.report.figures import Figures
from sessions.report.items import SIGNS, UNSCORED, anchors, item_views
from sessions.report.markdown import title
from sessions.report.palette import marks
from sessions.report.sections import Section, sections
from sessions.text import plain

PAGE = files("sessions.report") / "page"

FIRST = ("verdicts", "doubts")
"""The parts that stand before the charts."""


def to_html(report: Report, figures: Figures) -> str:
    """Return the report as a page. The same report gives the same bytes."""
    style, script = (_read(name) for name in ("page.css", "page.js"))
    of_arms = marks(report.arms)
    parts = sections(report, figures)
    charts = galleries(report, of_arms, figures)
    findings = [part for part in parts if part.name in FIRST]
    others = [part for part in parts if part.name not in FIRST]
    every: list[Section | Gallery] = [*findings, *charts, *others]
    return (
        _environment()
        .get_template("page.html")
        .render(
            title=title(report),
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704  # ours
            script=Markup(script),  # noqa: S704  # ours
            report=report,
            marks=of_arms,
            contents=[(each.name, each.heading) for each in every],
            findings=findings,
            parts=others,
            galleries=charts,
            anchors=anchors(report),
            items=item_views(report, of_arms, figures),
            signs=SIGNS,
            unscored=UNSCORED,
        )
    )


def _environment() -> Environment:
    """Return a Jinja environment that escapes every text and leaves control characters out."""
    return Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )


def _policy(style: str, script: str) -> str:
    """Return a policy that lets this very style and script run, and nothing else load or be sent."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none';"
        " form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")
