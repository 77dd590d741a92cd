"""Citations of archived pages that can be verified: as BibTeX, CSL-JSON, RIS and plain text.

Each format names the original URL, the time of capture, and the WARC record with its digest.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cacnp_archive.model.person_names import split_name

PUBLISHER = "Center for Arms Control and Non-Proliferation"

_TEX = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """The data of a citation."""

    title: str
    authors: tuple[str, ...]
    published_on: str | None
    """YYYY-MM-DD, YYYY-MM or YYYY."""
    url: str
    """The original URL, as captured."""
    captured_at: str
    """ISO 8601, UTC."""
    record_id: str
    """WARC-Record-ID."""
    warc_file: str
    digest: str
    """SHA-256 of the content: `sha256:` and hexadecimal digits."""

    @property
    def proof(self) -> str:
        """A sentence by which a reader finds the WARC record and verifies it."""
        return (
            f"Archived {self.captured_at}, WARC record {self.record_id} in {self.warc_file}, "
            f"entity {self.digest}"
        )

    @property
    def key(self) -> str:
        """A citation key of author, year and title, with only letters and digits."""
        family = split_name(self.authors[0])[1] if self.authors else "cacnp"
        words = re.findall(r"[a-z0-9]{4,}", _plain(self.title)) or ["page"]
        year = (self.published_on or self.captured_at)[:4]
        return f"{re.sub('[^a-z0-9]', '', _plain(family))}{year}{words[0]}"


def as_text(citation: Citation) -> str:
    """Return a footnote."""
    names = ", ".join(citation.authors)
    parts = [
        f"{names}, " if names else "",
        f"“{_line(citation.title)},” {PUBLISHER}",
        f", {citation.published_on}" if citation.published_on else "",
        f", {citation.url}. {citation.proof}.",
    ]
    return _line("".join(parts)) + "\n"


def as_bibtex(citation: Citation) -> str:
    """Return a BibLaTeX entry of type `online`, which BibTeX styles treat as `misc`."""
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
    """Return CSL-JSON: a list of one item."""
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
    """Return RIS; lines end with CR LF, as the format requires."""
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
    """Return a text as one line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in _line(text))


def _tex_address(url: str) -> str:
    r"""Return a URL for a field that BibTeX styles print with \url."""
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
