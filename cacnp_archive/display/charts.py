"""The charts of the archive, for `plot` and the desk.

The same archive gives the same bytes. Altair takes a third of a second to import, so this module is
imported only where a chart is drawn.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert

from cacnp_archive.display.chart_style import (
    BLUE,
    INK,
    ROW,
    VERSION,
    growth_panels,
    inline_chart,
    specification,
)
from cacnp_archive.model.crawl import ArchiveSize
from cacnp_archive.model.errors import UsageError
from cacnp_archive.storage.queries.statistics import Statistics, YearCount

PAPER = "#fdfcf9"
SCALE = 2
"""Pixels of a PNG per pixel of the chart."""

_ONE_AT_A_TIME = threading.Lock()
"""Of two charts drawn in two threads at once, one was seen with an axis title of the other."""

DEFAULT_TOPICS = ("New START", "missile defense", "Iran", "North Korea")
_WIDTH, _HEIGHT = 640, 300
_SHOWN = 15
"""At most this many authors or hosts are shown."""

_COLOURS = (
    "#4a7ba6", "#c08a3e", "#6b8f5e", "#a65a4a", "#7d6b9e",
    "#3f8f8a", "#b5779a", "#8a7b63", "#9aa5ae", "#5d6570",
)  # fmt: skip
_GREY = "#b9b6ae"
_YEARS: dict[str, Any] = {
    "labelAngle": 0,
    "labelOverlap": True,
    "ticks": False,
    "labelSeparation": 8,
}


_COUNTS: dict[str, Any] = {"tickCount": 5, "tickMinStep": 1, "format": ",d", "domain": False}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that can be drawn."""

    title: str
    caption: str
    """One sentence on what it shows."""
    draw: Callable[[Statistics, tuple[str, ...]], tuple[Any, dict[str, int]]]
    """Returns the chart and its sizes; takes topics too, which only one chart uses."""


def svg_of(statistics: Statistics, name: str, words: tuple[str, ...] = ()) -> str:
    """Return a chart as SVG.

    Raises UsageError for an unknown name, a topic that is not understood, and a lack of data.
    """
    with _ONE_AT_A_TIME:
        return str(vl_convert.vegalite_to_svg(_drawn(statistics, name, words), vl_version=VERSION))


def png_of(statistics: Statistics, name: str, words: tuple[str, ...] = ()) -> bytes:
    """Return a chart as PNG; raises UsageError as `svg_of` does."""
    with _ONE_AT_A_TIME:
        drawn = _drawn(statistics, name, words)
        return bytes(vl_convert.vegalite_to_png(drawn, vl_version=VERSION, scale=SCALE))


def _drawn(statistics: Statistics, name: str, words: tuple[str, ...]) -> dict[str, Any]:
    if name not in CHARTS:
        raise UsageError(f"there is no chart {name!r}; there are: {', '.join(CHARTS)}")
    chart, sizes = CHARTS[name].draw(statistics, words)
    drawn = specification(chart, **sizes)
    drawn["config"] = {**drawn["config"], "background": PAPER, "padding": 16}
    return drawn


def _kinds(statistics: Statistics, _words: tuple[str, ...]) -> tuple[Any, dict[str, int]]:
    rows = _filled(statistics.by_kind())
    totals: dict[str, int] = {}
    for row in rows:
        totals[row["name"]] = totals.get(row["name"], 0) + row["count"]
    names = sorted(totals, key=lambda name: (-totals[name], name))
    chart = inline_chart(rows).mark_bar().encode(
        x=alt.X("year:O", title=None).axis(**_YEARS),
        y=alt.Y("count:Q", title="articles").axis(**_COUNTS),
        color=_colours(names, columns=5),
        order=alt.Order("place:Q"),
    )  # fmt: skip
    for row in rows:
        row["place"] = names.index(row["name"])
    return chart, {"width": _WIDTH, "height": _HEIGHT}


def _topics(statistics: Statistics, words: tuple[str, ...]) -> tuple[Any, dict[str, int]]:
    topics = tuple(dict.fromkeys(words or DEFAULT_TOPICS))[: len(_COLOURS)]
    span = [tally.year for tally in statistics.by_kind()]
    rows = _filled(statistics.by_topic(topics), topics, span)
    chart = inline_chart(rows).mark_line(point={"size": 22}).encode(
        x=alt.X("year:O", title=None).axis(**_YEARS),
        y=alt.Y("count:Q", title="matching articles").axis(**_COUNTS),
        color=_colours(topics, columns=5),
    )  # fmt: skip
    return chart, {"width": _WIDTH, "height": _HEIGHT}


def _authors(statistics: Statistics, _words: tuple[str, ...]) -> tuple[Any, dict[str, int]]:
    found = statistics.by_author(_SHOWN)
    names = list(dict.fromkeys(tally.name for tally in found))
    rows = [row for row in _filled(found, names) if row["count"]]
    years = [str(year) for year in _span(tally.year for tally in found)]
    chart = inline_chart(rows).mark_circle(color=BLUE, opacity=0.85).encode(
        x=alt.X("year:O", title=None, scale=alt.Scale(domain=years)).axis(**_YEARS),
        y=alt.Y("name:N", title=None, sort=names).axis(ticks=False, grid=True, domain=False),
        size=alt.Size("count:Q", title="articles", scale=alt.Scale(rangeMin=20, rangeMax=260)),
    )  # fmt: skip
    return chart, {"width": _WIDTH, "height": ROW * max(len(names), 1) + 60}


def _hosts(statistics: Statistics, _words: tuple[str, ...]) -> tuple[Any, dict[str, int]]:
    rows = [{"host": host, "count": count} for host, count in statistics.cited_hosts(_SHOWN)]
    if not rows:
        raise UsageError("there is no data for this chart yet")
    place = inline_chart(rows).encode(
        x=alt.X("count:Q", axis=None, scale=alt.Scale(nice=False)),
        y=alt.Y("host:N", title=None, sort=None).axis(ticks=False, labelLimit=240),
    )
    numbers = place.mark_text(align="left", dx=4, color=INK, fontSize=13).encode(
        text=alt.Text("count:Q", format=",d")
    )
    return alt.layer(place.mark_bar(color=BLUE), numbers), {
        "width": _WIDTH,
        "height": ROW * len(rows),
    }


def _growth(statistics: Statistics, _words: tuple[str, ...]) -> tuple[Any, dict[str, int]]:
    sizes = [ArchiveSize(*row) for row in statistics.sizes()]
    if not sizes:
        raise UsageError("there is no data for this chart yet: no crawl has ended")
    return growth_panels(sizes), {}


def _links(statistics: Statistics, _words: tuple[str, ...]) -> tuple[Any, dict[str, int]]:
    states = {"alive": _COLOURS[0], "dead": _COLOURS[3], "not archived": _GREY}
    rows = _filled(statistics.link_states(), list(states))
    chart = inline_chart(rows).mark_bar().encode(
        x=alt.X("year:O", title=None).axis(**_YEARS),
        y=alt.Y("count:Q", title="links into the site").axis(**_COUNTS),
        color=alt.Color("name:N", title=None).scale(
            domain=list(states), range=list(states.values())
        ),
    )  # fmt: skip
    return chart, {"width": _WIDTH, "height": _HEIGHT}


def _filled(
    found: list[YearCount], names: Iterable[str] | None = None, span: Iterable[int] = ()
) -> list[dict[str, Any]]:
    """Return a row for each name and year, also where there was none of them."""
    counts = {(tally.year, tally.name): tally.count for tally in found}
    years = _span([*span, *(tally.year for tally in found)])
    chosen = list(names) if names is not None else sorted({tally.name for tally in found})
    return [
        {"year": str(year), "name": name, "count": counts.get((year, name), 0)}
        for name in chosen
        for year in years
    ]


def _span(years: Iterable[int]) -> range:
    known = sorted(set(years))
    if not known:
        raise UsageError("there is no data for this chart yet")
    return range(known[0], known[-1] + 1)


def _colours(names: Iterable[str], columns: int) -> alt.Color:
    known = list(names)
    return (
        alt.Color("name:N", title=None, legend=alt.Legend(columns=columns, orient="top"))
        .scale(domain=known, range=[_COLOURS[n % len(_COLOURS)] for n in range(len(known))])
    )  # fmt: skip


CHARTS = {
    "kinds": Chart(
        "Articles by year and kind",
        "How many articles of each kind were published each year.",
        _kinds,
    ),
    "topics": Chart(
        "Topics over time",
        "How many articles of each year match a topic, in the language of the search.",
        _topics,
    ),
    "authors": Chart(
        "Authors over time",
        "Who wrote the most, and when; spellings of a name are folded.",
        _authors,
    ),
    "hosts": Chart("Cited hosts", "Other sites by number of articles that link to them.", _hosts),
    "growth": Chart("Growth of the archive", "The size of the archive after each crawl.", _growth),
    "links": Chart(
        "Links within the site",
        "What the links to the site’s own pages and files lead to now, by year of the article.",
        _links,
    ),
}
