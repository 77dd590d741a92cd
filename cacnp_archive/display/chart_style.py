"""The style that all charts share, and the chart of growth, which several pages show.

The same numbers give the same bytes. Altair takes a third of a second to import, so this module is
imported only where a chart is drawn.
"""

from collections.abc import Iterable
from typing import Any

import altair as alt
import vl_convert

from cacnp_archive.model.crawl import ArchiveSize

FONT = "system-ui, sans-serif"
WIDTH = 440
"""Width of a chart in pixels: narrow enough for a phone."""

ROW = 22
"""Height of a bar or a line of dots, in pixels."""

INK, RULE, BLUE, SAND = "#33383d", "#d9d6cf", "#4a7ba6", "#c08a3e"

_AXIS = {
    "labelColor": INK,
    "titleColor": INK,
    "labelFontSize": 13,
    "titleFontSize": 13,
    "titleFontWeight": "normal",
    "domainColor": RULE,
    "tickColor": RULE,
    "gridColor": RULE,
    "labelFont": FONT,
    "titleFont": FONT,
}
_CONFIG = {
    "background": None,
    "font": FONT,
    "aria": False,  # the page describes each chart in words
    "view": {"stroke": None},
    "axis": _AXIS,
    "autosize": {"type": "fit", "contains": "padding"},
    "legend": {
        "labelColor": INK,
        "labelFontSize": 13,
        "labelFont": FONT,
        "orient": "top",
        "columnPadding": 30,
    },
    "title": {"color": INK, "fontSize": 13, "fontWeight": "normal", "font": FONT},
}


NAME_WIDTH, NUMBER_WIDTH = 105, 44
"""Space for the labels, in pixels; the reader's font may be wider than the one measured here."""


_POINTS = 40
"""With more crawls than this only the line is drawn, since the points would overlap."""


def growth_panels(sizes: Iterable[ArchiveSize]) -> alt.ConcatChart:
    """Return a chart of the archive's growth: four lines, each with its own scale."""
    rows = [
        {
            "at": size.at,
            "articles": size.article_count,
            "captures": size.capture_count,
            "WARC files, MB": size.warc_bytes / 1e6,
            "database, MB": size.database_bytes / 1e6,
        }
        for size in sizes
    ]
    point = {"color": BLUE, "size": 25} if len(rows) <= _POINTS else False
    panels = [
        inline_chart({"at": row["at"], "value": row[name]} for row in rows)
        .mark_line(color=BLUE, point=point)
        .encode(
            x=alt.X("at:T", title=None, scale=alt.Scale(type="utc", nice=False)).axis(
                tickCount=3, grid=False, labelOverlap=True, labelFlush=True, labelSeparation=16
            ),
            y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=True)).axis(
                tickCount=3, format=",~f", domain=False, minExtent=NUMBER_WIDTH
            ),
        )
        .properties(
            width=WIDTH // 2 - NUMBER_WIDTH - 12,
            height=80,
            title=alt.TitleParams(name, anchor="start"),
        )
        for name in list(rows[0])[1:]
    ]
    spacing = {"row": 56, "column": NUMBER_WIDTH + 16}
    return alt.concat(*panels, columns=2, bounds="flush", spacing=spacing)


def inline_chart(rows: Iterable[dict[str, Any]]) -> alt.Chart:
    """Return a chart that carries its data."""
    return alt.Chart(alt.InlineData(values=list(rows)))


def specification(chart: Any, **sizes: Any) -> dict[str, Any]:
    """Return a chart as Vega-Lite in the shared style; width and height are in pixels."""
    if sizes:
        chart = chart.properties(**{"width": WIDTH, **sizes})
    return {**chart.to_dict(), "config": _CONFIG}


def svg(chart: Any, **sizes: Any) -> str:
    """Return a chart as SVG without a background."""
    return str(vl_convert.vegalite_to_svg(specification(chart, **sizes), vl_version=VERSION))


VERSION = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
"""The version of Vega-Lite, as vl-convert expects it."""
