"""How versions are told, in a terminal and on a page alike."""

from cacnp_archive.commands.diff.article import ArticleDiff
from cacnp_archive.display.words import moment, plural
from cacnp_archive.storage.queries.versions import ArticleHistory, Version


def facts(version: Version) -> list[str]:
    """Return what is known of a version, apart from its text, in lines."""
    lines = [
        f"first seen {moment(version.first_seen_at)}, last seen {moment(version.last_seen_at)}",
        f"stated as modified {version.modified_at}"
        if version.modified_at
        else "no stated time of modification",
    ]
    if version.is_silent:
        why = (
            "stated time of modification did not" if version.modified_at else "page states no time"
        )
        lines.append(f"edited silently: the content changed, the {why}")
    lines.append(f"record {version.warc_record_id} in {version.warc_file}")
    if version.source.record_id != version.warc_record_id:
        lines.append(f"a revisit of {version.source.record_id} in {version.source.warc_file}")
    return lines


def only_version(article: ArticleHistory) -> str:
    """Return why there is nothing to compare."""
    version = article.versions[-1]
    return (
        f"There is one version only: it was the same from {moment(version.first_seen_at)} "
        f"to {moment(version.last_seen_at)}."
    )


def state(article: ArticleHistory) -> str:
    """Return what became of an article, and where else it has versions; empty when neither."""
    said = []
    if article.moved_from:
        said.append(f"Moved from {', '.join(article.moved_from)}: its earlier versions are there.")
    if article.gone_at is not None and article.gone_reason == "moved":
        said.append(f"Moved to {article.moved_to}: its later versions are there.")
    elif article.gone_at is not None:
        said.append(f"Gone since {moment(article.gone_at)}: {article.gone_reason}.")
    return " ".join(said)


def coarse(diff: ArticleDiff) -> str:
    """Return a warning where not everything was compared by words; else empty."""
    return (
        "So much has changed that some of it is told by whole paragraphs."
        if diff.text.is_coarse
        else ""
    )


def unchanged(number: int) -> str:
    """Return what stands in place of paragraphs that did not change.

    >>> unchanged(1), unchanged(12)
    ('1 paragraph unchanged', '12 paragraphs unchanged')
    """
    return f"{plural(number, 'paragraph')} unchanged"
