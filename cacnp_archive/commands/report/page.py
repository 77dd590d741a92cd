"""Write the report as one HTML file that needs nothing else: no network, no script, no font."""

import re

from markupsafe import Markup

from cacnp_archive.commands.report.crawl_charts import (
    UNDATED,
    fields_chart,
    growth_chart,
    kinds_chart,
    years_chart,
)
from cacnp_archive.commands.report.gather import Report
from cacnp_archive.display import words
from cacnp_archive.display.html import templates_of
from cacnp_archive.display.printable import printable

OPEN = 25
"""Of changes of one kind so many are shown at once, the others when they are asked for."""

LISTED = 1000
"""Of changes and missing files so many are listed; the JSON has all."""


def page(report: Report) -> str:
    """Return the report as an HTML document; the same report gives the same text.

    It is well-formed XML as well, so that any tool can read it.
    """
    environment = templates_of("cacnp_archive.commands.report")
    environment.filters |= {
        name: getattr(words, name)
        for name in (
            "count",
            "share",
            "difference",
            "size",
            "duration",
            "moment",
            "plural",
            "field_name",
            "reasons",
        )
    }
    environment.filters |= {"is_web": _is_web, "breakable": _breakable}
    return environment.get_template("template.html").render(
        report=report,
        verdict=words.verdict(report),
        news=words.news(report),
        charts=_charts(report),
        open=OPEN,
        listed=LISTED,
        undated=UNDATED,
    )


def _charts(report: Report) -> dict[str, Markup]:
    """Return the charts for which there are figures, as markup of our own."""
    charts = {}
    if any(year.name != UNDATED for year in report.years):
        charts["years"] = years_chart(report.years)
    if report.kinds:
        charts["kinds"] = kinds_chart(report.kinds)
    if any(field.read is not None or field.before is not None for field in report.fields):
        charts["fields"] = fields_chart(report.fields, "read in this crawl", "all, crawl before")
    if len(report.growth) > 1:
        charts["growth"] = growth_chart(report.growth)
    return {name: Markup(svg) for name, svg in charts.items()}  # noqa: S704 - Vega has escaped it


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def _breakable(url: str) -> Markup:
    """Return an address that may be broken after each of its parts."""
    parts = re.split(r"(?<=[/?&=_-])", printable(url))
    return Markup("<wbr/>").join(parts)
