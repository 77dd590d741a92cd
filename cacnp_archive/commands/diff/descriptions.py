"""Describe versions in words, for the terminal and the HTML page."""

from cacnp_archive.commands.diff.article_diff import ArticleDiff
from cacnp_archive.display.words import moment, plural
from cacnp_archive.storage.queries.versions import ArticleHistory, Version


def describe_version(version: Version) -> list[str]:
    """Return in lines what is known of a version, apart from its text."""
    lines = [
        f"first seen {moment(version.first_seen_at)}, last seen {moment(version.last_seen_at)}",
        f"stated modification time {version.modified_at}"
        if version.modified_at
        else "no stated modification time",
    ]
    if version.is_silent:
        why = "stated time did not" if version.modified_at else "page states no time"
        lines.append(f"edited silently: the content changed, the {why}")
    lines.append(f"record {version.warc_record_id} in {version.warc_file}")
    if version.source.record_id != version.warc_record_id:
        lines.append(f"a revisit of {version.source.record_id} in {version.source.warc_file}")
    return lines


def describe_only_version(article: ArticleHistory) -> str:
    """Return why there is nothing to compare."""
    version = article.versions[-1]
    return (
        f"There is only one version, unchanged from {moment(version.first_seen_at)} "
        f"to {moment(version.last_seen_at)}."
    )


def describe_state(article: ArticleHistory) -> str:
    """Return whether an article moved or is gone; empty when it is where it always was."""
    sentences = []
    if article.moved_from:
        sentences.append(
            f"Moved from {', '.join(article.moved_from)}: its earlier versions are there."
        )
    if article.gone_at is not None and article.gone_reason == "moved":
        sentences.append(f"Moved to {article.moved_to}: its later versions are there.")
    elif article.gone_at is not None:
        sentences.append(f"Gone since {moment(article.gone_at)}: {article.gone_reason}.")
    return " ".join(sentences)


def describe_coarseness(diff: ArticleDiff) -> str:
    """Return a warning when not everything was compared word by word; else empty."""
    return (
        "So much has changed that some of it is compared by whole paragraphs."
        if diff.text.is_coarse
        else ""
    )


def describe_unchanged(number: int) -> str:
    """Return the line that replaces paragraphs that did not change.

    >>> describe_unchanged(1), describe_unchanged(12)
    ('1 paragraph unchanged', '12 paragraphs unchanged')
    """
    return f"{plural(number, 'paragraph')} unchanged"
