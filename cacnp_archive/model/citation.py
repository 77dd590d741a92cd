"""Cite an archived page so that the footnote can be verified: BibTeX, CSL-JSON, RIS, plain text.

Each form names the original address, when it was captured, and the WARC record with its digest.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PUBLISHER = "Center for Arms Control and Non-Proliferation"

_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?")
_PARTICLES = {"al", "da", "de", "del", "der", "di", "du", "la", "le", "van", "von"}
_OFFICE = re.compile(r"\b(?:Board|Center|Coalition|Committee|Council|Editors?|Fund|Staff|Team)\b")
_TEX = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says."""

    title: str
    authors: tuple[str, ...]
    published_on: str | None
    """YYYY-MM-DD, YYYY-MM or YYYY."""
    url: str
    """The original address, as captured."""
    captured_at: str
    """ISO 8601, UTC."""
    record_id: str
    """WARC-Record-ID."""
    warc_file: str
    digest: str
    """Of the entity: `sha256:` and hexadecimal digits."""

    @property
    def proof(self) -> str:
        """The sentence by which a reader finds the record, and sees that it is the same."""
        return (
            f"Archived {self.captured_at}, WARC record {self.record_id} in {self.warc_file}, "
            f"entity {self.digest}"
        )

    @property
    def key(self) -> str:
        """A key made of author, year and title, of letters and digits alone."""
        family = split_name(self.authors[0])[1] if self.authors else "cacnp"
        words = re.findall(r"[a-z0-9]{4,}", _plain(self.title)) or ["page"]
        year = (self.published_on or self.captured_at)[:4]
        return f"{re.sub('[^a-z0-9]', '', _plain(family))}{year}{words[0]}"


def split_name(name: str) -> tuple[str, str, str]:
    """Return given name, family name, suffix; what is no person's name is all family name.

    >>> split_name("Robert G. Gard, Jr.")
    ('Robert G.', 'Gard', 'Jr.')
    >>> split_name("Willem van der Meer")
    ('Willem', 'van der Meer', '')
    >>> split_name("Center Staff")
    ('', 'Center Staff', '')
    """
    words = name.replace(",", " ").split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    if len(words) < 2 or _OFFICE.search(name):
        return "", name, ""
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:]), suffix


def as_text(citation: Citation) -> str:
    """Return it as a footnote."""
    names = ", ".join(citation.authors)
    parts = [
        f"{names}, " if names else "",
        f"“{_line(citation.title)},” {PUBLISHER}",
        f", {citation.published_on}" if citation.published_on else "",
        f", {citation.url}. {citation.proof}.",
    ]
    return _line("".join(parts)) + "\n"


def as_bibtex(citation: Citation) -> str:
    """Return it as an entry of BibLaTeX's type `online`, which BibTeX's styles take as `misc`."""
    fields = {
        "author": " and ".join(_tex_name(name) for name in citation.authors),
        "title": f"{{{_tex(citation.title)}}}",
        "organization": _tex(PUBLISHER),
        "date": citation.published_on or "",
        "year": (citation.published_on or "")[:4],
        "url": _tex_address(citation.url),
        "urldate": citation.captured_at[:10],
        "note": _tex(citation.proof),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@online{{{citation.key},", *lines, "}"]) + "\n"


def as_csl(citation: Citation) -> str:
    """Return it as CSL-JSON, a list of one item."""
    item: dict[str, Any] = {
        "id": citation.key,
        "type": "webpage",
        "title": _line(citation.title),
        "author": [_csl_name(name) for name in citation.authors],
        "container-title": PUBLISHER,
        "URL": citation.url,
        "accessed": _csl_date(citation.captured_at[:10]),
        "note": citation.proof,
    }
    if citation.published_on:
        item["issued"] = _csl_date(citation.published_on)
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def as_ris(citation: Citation) -> str:
    """Return it as RIS; lines end in CR LF, as the format wants."""
    lines = [("TY", "ELEC")]
    for name in citation.authors:
        given, family, suffix = split_name(name)
        lines.append(("AU", ", ".join(part for part in (family, given, suffix) if part)))
    lines += [("TI", citation.title), ("PB", PUBLISHER)]
    if citation.published_on:
        lines.append(("PY", citation.published_on[:4]))
        lines.append(("DA", citation.published_on.replace("-", "/")))
    lines += [
        ("UR", citation.url),
        ("Y2", citation.captured_at[:10].replace("-", "/")),
        ("N1", citation.proof),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in lines)


FORMS: dict[str, Callable[[Citation], str]] = {
    "text": as_text,
    "bibtex": as_bibtex,
    "csl": as_csl,
    "ris": as_ris,
}
MEDIA_TYPES = {
    "text": "text/plain",
    "bibtex": "application/x-bibtex",
    "csl": "application/vnd.citationstyles.csl+json",
    "ris": "application/x-research-info-systems",
}


def _line(text: str) -> str:
    """Return a text in one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in _line(text))


def _tex_address(url: str) -> str:
    r"""Return an address for a field that BibTeX's styles print with \url."""
    return _line(url).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _tex_name(name: str) -> str:
    given, family, suffix = split_name(name)
    if not given:
        return f"{{{_tex(family)}}}"
    return ", ".join(_tex(part) for part in (family, suffix, given) if part)


def _csl_name(name: str) -> dict[str, str]:
    given, family, suffix = split_name(name)
    if not given:
        return {"literal": _line(family)}
    parts = {"given": given, "family": family, "suffix": suffix}
    return {key: _line(value) for key, value in parts.items() if value}


def _csl_date(date: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in date.split("-")]]}
