"""The charts of the report, as SVG with real text and colours that a style sheet can change."""

from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt

from cacnp_archive.commands.report.gather import Comparison, FieldShare
from cacnp_archive.commands.report.wording import field_name
from cacnp_archive.display.chart_style import (
    BLUE,
    FONT,
    INK,
    NAME_WIDTH,
    ROW,
    SAND,
    growth_panels,
    inline_chart,
    svg,
)
from cacnp_archive.model.crawl import ArchiveSize

UNDATED = "undated"


def years_chart(years: Iterable[Comparison]) -> str:
    """Return a bar chart of the articles by year, with gaps for years without any."""
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


def kinds_chart(kinds: Sequence[Comparison]) -> str:
    """Return a bar chart of the articles by kind, the most frequent first."""
    rows = [{"kind": kind.name, "count": kind.now or 0} for kind in kinds]
    most = max(kind.now or 0 for kind in kinds)
    place = inline_chart(rows).encode(
        x=alt.X("count:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.15], nice=False)),
        y=alt.Y("kind:N", title=None, sort="-x").axis(ticks=False, minExtent=NAME_WIDTH),
    )
    numbers = place.mark_text(align="left", dx=4, color=INK, fontSize=13, font=FONT).encode(
        text=alt.Text("count:Q", format=",d")
    )
    return svg(alt.layer(place.mark_bar(color=BLUE), numbers), height=ROW * len(rows))


def fields_chart(fields: Iterable[FieldShare], read: str, before: str) -> str:
    """Return a dot chart: the share of articles that have each field, now and before."""
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
                ticks=False, grid=True, domain=False, minExtent=NAME_WIDTH
            ),
            size=scaled(alt.Size, sizes),
            stroke=scaled(alt.Stroke, lines),
            fill=scaled(alt.Fill, fills),
        ),
        height=ROW * len({row["field"] for row in rows}) + 50,
    )


def growth_chart(sizes: Iterable[ArchiveSize]) -> str:
    """Return the chart of the archive's growth as SVG."""
    return svg(growth_panels(sizes))
