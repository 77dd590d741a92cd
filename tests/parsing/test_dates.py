import pytest

from cacnp_archive.parsing.text.dates import parse_printed_date


@pytest.mark.parametrize(
    ("printed", "known", "expected"),
    [
        ("January 11, 2012", None, "2012-01-11"),
        ("April 05, 2017", None, "2017-04-05"),
        ("Jan. 28, 2012", None, "2012-01-28"),
        ("Wednesday, Sept. 3rd 2014", None, "2014-09-03"),
        ("28 May 2013", None, "2013-05-28"),
        ("2013-05-28", None, "2013-05-28"),
        ("May 4, 2012 by Ann Roe", None, "2012-05-04"),
        ("12/04/2020", None, "2020-12-04"),
        ("3/4/2015 at 9 p.m.", None, "2015-03-04"),
        ("March 3,2015", None, "2015-03-03"),
        ("Tuesday, Sept.3rd , 2015 9:30 EST", None, "2015-09-03"),
        ("21st of June,2016", None, "2016-06-21"),
        ("March 32015", None, None),
        ("12/04/2020", "2020-04-12T15:45:01+00:00", "2020-04-12"),
        ("12/04/2020", "2020-12-04", "2020-12-04"),
        ("25/04/2020", None, "2020-04-25"),
        ("04/25/2020", None, "2020-04-25"),
        ("6. November 2023", "2023-11-06T10:19:06+00:00", "2023-11-06"),
        ("6 de noviembre de 2023", "2023-11-06", "2023-11-06"),
        ("7 de noviembre de 2023", "2023-11-06", None),
        ("6 de noviembre de 2022", "2023-11-06", None),
        ("February 30, 2012", None, None),
        ("October 2012", None, None),
        ("3 days ago", "2023-11-06", None),
        ("", None, None),
    ],
)
def test_printed_dates(printed: str, known: str | None, expected: str | None) -> None:
    assert parse_printed_date(printed, known) == expected
