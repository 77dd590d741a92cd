"""Render the report as one HTML file that needs nothing else: no network, script or font."""

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
from cacnp_archive.commands.report.wording import changes_in_brief, field_name, reasons
from cacnp_archive.display import words
from cacnp_archive.display.html import templates_of
from cacnp_archive.display.printable import printable

OPEN = 25
"""Changes of one kind that are shown at once; a click shows the others."""

LISTED = 1000
"""At most this many changes of one kind and missing files are listed; the JSON has all."""


def page(report: Report) -> str:
    """Return the report as an HTML document, which is well-formed XML as well.

    The same report gives the same text.
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
        )
    }
    environment.filters |= {
        "field_name": field_name,
        "reasons": reasons,
        "is_web": _is_web,
        "breakable": _breakable,
    }
    return environment.get_template("template.html").render(
        report=report,
        changes=changes_in_brief(report.change_counts),
        charts=_charts(report),
        open=OPEN,
        listed=LISTED,
        undated=UNDATED,
    )


def _charts(report: Report) -> dict[str, Markup]:
    """Return the charts for which there is data, as markup."""
    charts = {}
    if any(year.name != UNDATED for year in report.years):
        charts["years"] = years_chart(report.years)
    if report.kinds:
        charts["kinds"] = kinds_chart(report.kinds)
    if any(field.read is not None or field.before is not None for field in report.fields):
        charts["fields"] = fields_chart(report.fields, "parsed in this crawl", "all, crawl before")
    if len(report.growth) > 1:
        charts["growth"] = growth_chart(report.growth)
    return {name: Markup(svg) for name, svg in charts.items()}  # noqa: S704 - Vega has escaped it


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def _breakable(url: str) -> Markup:
    """Return an address that may wrap after each of its parts."""
    parts = re.split(r"(?<=[/?&=_-])", printable(url))
    return Markup("<wbr/>").join(parts)
