"""The charts of the report, as SVG whose text is text and whose colours a style sheet can change.

The same figures give the same bytes. Altair takes a third of a second to import, so this module is
imported only where a chart is drawn.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import vl_convert

from cacnp_archive.commands.report.gather import Compared, Filled, Size
from cacnp_archive.display.words import field_name

UNDATED = "undated"
FONT = "system-ui, sans-serif"
WIDTH = 440
"""Of a chart, in pixels: narrow, so that it can still be read on a phone."""

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
    "aria": False,  # the page says in words what a chart shows
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


_NAMES, _NUMBERS = 105, 44
"""Room for the labels, in pixels; the reader's font may be wider than the one measured here."""


_POINTS = 40
"""Of more crawls only the line is drawn: points would run into one another."""


def years_chart(years: Iterable[Compared]) -> str:
    """Return the articles by year as bars; years without any stand empty."""
    counts = {int(year.name): year.now or 0 for year in years if year.name != UNDATED}
    span = range(min(counts), max(counts) + 1) if counts else ()
    chart = inline_chart({"year": str(year), "count": counts.get(year, 0)} for year in span)
    return svg(
        chart.mark_bar(color=BLUE).encode(
            x=alt.X("year:O", title=None).axis(labelAngle=0, labelOverlap=True, ticks=False),
            y=alt.Y("count:Q", title=None).axis(tickCount=4, format=",d", domain=False),
        ),
        height=160,
    )


def kinds_chart(kinds: Sequence[Compared]) -> str:
    """Return the articles by kind as bars, the most frequent first."""
    rows = [{"kind": kind.name, "count": kind.now or 0} for kind in kinds]
    most = max(kind.now or 0 for kind in kinds)
    place = inline_chart(rows).encode(
        x=alt.X("count:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.15], nice=False)),
        y=alt.Y("kind:N", title=None, sort="-x").axis(ticks=False, minExtent=_NAMES),
    )
    numbers = place.mark_text(align="left", dx=4, color=INK, fontSize=13, font=FONT).encode(
        text=alt.Text("count:Q", format=",d")
    )
    return svg(alt.layer(place.mark_bar(color=BLUE), numbers), height=ROW * len(rows))


def fields_chart(fields: Iterable[Filled], read: str, before: str) -> str:
    """Return by field what share has it, of what was read and of all before; with two labels."""
    rows = [
        {"field": field_name(field.name), "of": label, "share": value}
        for field in fields
        for label, value in ((before, field.before), (read, field.read))
        if value is not None
    ]
    labels = [label for label in (before, read) if any(row["of"] == label for row in rows)]
    rings = {before: (110, SAND, "transparent"), read: (40, BLUE, BLUE)}
    sizes, lines, fills = zip(*(rings[label] for label in labels), strict=True)
    chart = inline_chart(rows).mark_point(shape="circle", strokeWidth=2, opacity=1)

    def scaled(encoding: Any, values: Sequence[object]) -> Any:
        return encoding("of:N", title=None).scale(domain=labels, range=list(values))

    return svg(
        chart.encode(
            x=alt.X("share:Q", title=None, scale=alt.Scale(domain=[0, 1])).axis(
                format=".0%", tickCount=5
            ),
            y=alt.Y("field:N", title=None, sort=None).axis(
                ticks=False, grid=True, domain=False, minExtent=_NAMES
            ),
            size=scaled(alt.Size, sizes),
            stroke=scaled(alt.Stroke, lines),
            fill=scaled(alt.Fill, fills),
        ),
        height=ROW * len({row["field"] for row in rows}) + 50,
    )


def growth_chart(sizes: Iterable[Size]) -> str:
    """Return how the archive grew from crawl to crawl as SVG."""
    return svg(growth_panels(sizes))


def growth_panels(sizes: Iterable[Size]) -> alt.ConcatChart:
    """Return how the archive grew from crawl to crawl: four lines, each with its own scale."""
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
                tickCount=3, format=",~f", domain=False, minExtent=_NUMBERS
            ),
        )
        .properties(
            width=WIDTH // 2 - _NUMBERS - 12, height=80, title=alt.TitleParams(name, anchor="start")
        )
        for name in list(rows[0])[1:]
    ]
    spacing = {"row": 56, "column": _NUMBERS + 16}
    return alt.concat(*panels, columns=2, bounds="flush", spacing=spacing)


def inline_chart(rows: Iterable[dict[str, Any]]) -> alt.Chart:
    """Return a chart that carries its figures."""
    return alt.Chart(alt.InlineData(values=list(rows)))


def specification(chart: Any, **sizes: Any) -> dict[str, Any]:
    """Return a chart as Vega-Lite in the style of the house; width and height in pixels."""
    if sizes:
        chart = chart.properties(**{"width": WIDTH, **sizes})
    return {**chart.to_dict(), "config": _CONFIG}


def svg(chart: Any, **sizes: Any) -> str:
    """Return a chart as SVG without a background."""
    return str(vl_convert.vegalite_to_svg(specification(chart, **sizes), vl_version=VERSION))


VERSION = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
"""Of Vega-Lite, as vl-convert wants it."""
