"""What the pages say: the values that parsers return and the database keeps.

Texts are as printed, with white space folded and entities resolved. Dates and times are ISO 8601
strings as the page gives them: a page may tell a date, a time without an offset, or an instant,
and a stored datetime could not keep apart what it did not say.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of content that the site publishes."""

    POST = "post"
    MEDIA_MENTION = "media mention"
    OP_ED = "op-ed"
    PRESS_RELEASE = "press release"
    FACT_SHEET = "fact sheet"
    PODCAST = "podcast"
    VIDEO = "video"
    NEWSLETTER = "newsletter"
    PAGE = "page"


class LinkKind(StrEnum):
    """Where a link leads to."""

    OUTBOUND = "outbound"
    """A page of another host."""
    INTERNAL = "internal"
    """A page of the site."""
    DOCUMENT = "document"
    """A PDF or office file, wherever it lies."""
    MEDIA = "media"
    """An image, sound or film file, wherever it lies."""
    EMBED = "embed"
    """A frame in the page: a player, a form, a widget."""
    MAIL = "mail"
    """An e-mail address."""


class RequisiteKind(StrEnum):
    """What a page needs a file for."""

    IMAGE = "image"
    STYLE = "style"
    SCRIPT = "script"
    FONT = "font"
    MEDIA = "media"
    DOCUMENT = "document"


class Credit(StrEnum):
    """What a byline says that a person did."""

    AUTHOR = "author"
    PREPARED = "prepared"
    UPDATED = "updated"
    """Brought up to date, or revised, what somebody else wrote."""
    COMPILED = "compiled"
    EDITED = "edited"


class MentionKind(StrEnum):
    """What a text reports that somebody of the Center did elsewhere."""

    QUOTED = "quoted"
    """Quoted or cited."""
    SPOKE = "spoke"
    """Spoke with, or told, a reporter or an audience."""
    INTERVIEWED = "interviewed"
    GUEST = "guest"
    """Was on a programme, or joined one."""
    HOST = "host"
    """Leads the conversation: an episode of the Center's podcast."""
    WROTE = "wrote"
    """Wrote an op-ed, letter or article that appeared there."""
    CO_WROTE = "co-wrote"
    SIGNED = "signed"
    """Signed a letter or statement."""
    NAMED = "named"
    """Mentioned, featured or profiled."""


class MediaKind(StrEnum):
    """What a medium is for the senses."""

    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person whom the page names as its author, in the place where it does so."""

    name: str
    """The name alone: no rank, role, asterisk or "by"."""
    printed: str
    """The byline as printed, from "by" to the end of what belongs to it."""
    role: str | None = None
    """Position or term, as printed: `Policy Intern, Fall 2025`."""
    found_in: str = "body"
    """Where the byline stood: `body`, `entry-meta` or `title`."""
    person: str | None = None
    """The one spelling used for the person, whose names vary; None when none was looked for."""
    rank: str | None = None
    """Rank or title, as printed before the name: `Lt. Gen.`, `Amb.`, `Dr.`, `former Rep.`."""
    credit: Credit = Credit.AUTHOR
    """What the person did: only `author` is the author in the first sense."""
    asterisk: bool = False
    """Whether an asterisk stands at the name: a guest, whom a note at the end presents."""
    outlet: str | None = None
    """Where the piece appeared, as the byline or the line next to it says; None on most posts."""
    date: str | None = None
    """The date that the byline bears: ISO 8601, YYYY-MM when no day is printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A person of the Center whom a text reports as quoted or heard elsewhere: no author of it."""

    name: str
    """The name alone, as printed first: no rank or role."""
    person: str
    """The one spelling used for the person."""
    kind: MentionKind
    rank: str | None = None
    """Rank or title, as printed before the name."""
    role: str | None = None
    """Position, as printed: `Senior Policy Director`."""
    outlet: str | None = None
    """Newspaper, programme or podcast, as printed; None when the text does not name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category the article is filed under."""

    name: str
    url: str | None = None
    """Canonical address of its archive; None when printed without a link."""
    primary: bool = False
    """Whether the breadcrumb leads through it to the article (its last step)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryStep:
    """One edge of the category tree, as a breadcrumb shows it."""

    name: str
    url: str
    parent_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A category as REST tells it."""

    wordpress_id: int
    name: str
    url: str
    """Canonical address of its archive."""
    parent_id: int | None = None
    """WordPress id of the category above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag: its slug always, its name and address where the page prints them."""

    name: str
    """As printed in the entry's footer, else made from the slug of its class (`tag-new-start`)."""
    slug: str
    url: str | None = None
    wordpress_id: int | None = None
    """Where REST tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A term of the site's taxonomy of people: who wrote the article or is quoted in it."""

    name: str
    """As printed, else made from the slug of its class (`people-john-erath`)."""
    slug: str
    url: str | None = None
    """Canonical address of the person's archive; None when the page does not link to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link in the body of an article, in document order."""

    target_url: str
    """Absolute, resolved as a browser would; fragment kept."""
    host: str
    """Host and, when not the default, port of the target, in lower case; "" for mail."""
    kind: LinkKind
    anchor_text: str
    """Text of the link; for an image link the alternative text; for an embed its title."""
    context: str
    """The sentence around the link, or its line in a list or table; at most 300 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """A player, post, form or other frame of another site, in document order."""

    url: str
    """Absolute address of the frame; of a quoted post, the address of the post."""
    provider: str
    """`youtube`, `vimeo`, `soundcloud`, `twitter`...; of one not known here, its host."""
    embed_id: str | None = None
    """What the provider calls it, where the address tells: a film's or a track's ID."""
    title: str = ""
    """The title that the frame has in the markup; "" when it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaItem:
    """An image, sound or film that the article shows or plays, in document order."""

    url: str
    """Absolute address of the file in the size that the page asks for."""
    kind: MediaKind
    alt: str | None = None
    """Alternative text of an image: "" when it is printed empty, None when there is none."""
    caption: str | None = None
    """The text that the markup puts under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePart:
    """A further part of an article that the site prints on several pages (`<!--nextpage-->`).

    The first part is the Article itself, which says how many there are. The whole body is that of
    the Article and of its parts by number, separated by an empty line.
    """

    article_url: str
    """Canonical address of the article: that of its first part."""
    number: int
    """Which part it is: 2 or more."""
    part_count: int
    """How many parts there are, as this page says."""
    wordpress_id: int | None = None
    """The same as the article's."""
    body_text: str = ""
    links: tuple[Link, ...] = ()
    embeds: tuple[Embed, ...] = ()
    media: tuple[MediaItem, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one source says of an article: its head, its REST answer, an entry of a feed."""

    source: str
    """`json-ld`, `open-graph`, `meta`; others as the maker of the opinion calls them."""
    field: str
    """A field of Article, or `categories`, `tags`, `authors` for one name of these."""
    value: str
    """As the source says it, entities resolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A field of an article of which a source says something else."""

    field: str
    source: str
    extracted_value: str | None
    reported_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requisite:
    """A file that a page needs to look and work as it did."""

    url: str
    """Absolute, without fragment."""
    kind: RequisiteKind


class ChangeKind(StrEnum):
    """What a crawl detects about an article."""

    ADDED = "added"
    EDITED = "edited"
    EDITED_SILENTLY = "edited silently"
    """The content changed, and the stated date of modification did not."""
    MOVED = "moved"
    GONE = "gone"
    RETURNED = "returned"


class ListName(StrEnum):
    """The lists of itself that the site publishes for machines."""

    SITEMAP = "sitemap"
    REST = "rest"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """What a list says of one address; None where it says nothing."""

    list_name: ListName
    url: str
    """Absolute, without fragment."""
    wordpress_id: int | None = None
    title: str | None = None
    """As text."""
    published_at: str | None = None
    """ISO 8601."""
    modified_at: str | None = None
    """ISO 8601: a day, or an instant."""
    categories: tuple[str | int, ...] = ()
    """Names (feed), or WordPress ids (REST)."""


PARSER_DIED = "parser-died"
"""Code of a problem: parsing a capture ended the process that parsed it."""

PARSER_FAULT = "parser-fault"
"""Code of a problem: a parser raised an unexpected exception."""

SAVE_FAULT = "save-fault"
"""Code of a problem: the database did not accept what was parsed."""

NOT_FOUND_PAGE = "not-found-page"
"""Code of a problem, and reason of an article's departure: "not found" with status 200."""

INCREDIBLE_TIMES = "incredible-times"
"""Code of a problem: a sitemap states new times of change for most of its URLs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in a capture that could not be read."""

    code: str
    """A word of the documented vocabulary: `no-title`, `no-date`, `unreadable`..."""
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One piece of content, as one capture shows it. What the page lacks is None."""

    url: str
    """Canonical address."""
    kind: Kind
    title: str | None
    """"" when the page prints an empty title; None when it has no place for one."""
    wordpress_id: int | None = None
    """The post ID: stable when the slug changes."""
    published_at: str | None = None
    """ISO 8601, with time and offset where the markup has them."""
    published_on: str | None = None
    """The printed date line as YYYY-MM-DD."""
    modified_at: str | None = None
    """ISO 8601, as the page's metadata say."""
    updated_note: str | None = None
    """What the article says of its last update, as printed: `Updated March 2021`."""
    language: str | None = None
    """BCP 47 tag of the document's `lang`, failing that of its `og:locale`."""
    body_language: str | None = None
    """BCP 47 tag of the text where it surely is of another language than the document."""
    body_text: str = ""
    """Text of the entry: blocks separated by an empty line, `<br>` by a line break."""
    authors: tuple[Author, ...] = ()
    mentions: tuple[Mention, ...] = ()
    categories: tuple[Category, ...] = ()
    category_steps: tuple[CategoryStep, ...] = ()
    tags: tuple[Tag, ...] = ()
    people: tuple[Person, ...] = ()
    links: tuple[Link, ...] = ()
    embeds: tuple[Embed, ...] = ()
    media: tuple[MediaItem, ...] = ()
    documents: tuple[str, ...] = ()
    """Addresses of the PDFs and office files that it links to or shows, each once, no fragment."""
    part_count: int = 1
    """On how many pages it is printed; this is the first of them."""
    opinions: tuple[Opinion, ...] = ()
    """What the page's head says of it."""

    @property
    def word_count(self) -> int:
        """Words of the body, by white space."""
        return len(self.body_text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A PDF, as one capture shows it. What the file does not say is None."""

    url: str
    """The address it was captured at."""
    page_count: int
    pages: tuple[str, ...]
    """Text of each page, from the first, in lines as printed; "" for a page without text.

    Fewer than `page_count` when the document is too long to be read whole.
    """
    title: str | None = None
    """As its maker says: often the name of a file in a word processor."""
    author: str | None = None
    """As its maker says: often who owned the word processor."""
    created_at: str | None = None
    """ISO 8601, as exact as the file says; without an offset when it has none."""
    modified_at: str | None = None
    """Likewise."""
    language: str | None = None
    """BCP 47 tag of the whole document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFile:
    """A sound file, as one capture shows it. What the file does not say is None."""

    url: str
    """The address it was captured at."""
    seconds: float | None = None
    """How long it plays; reckoned from its size and bit rate when it has no table of contents."""
    title: str | None = None
    artist: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that the parsers find in one capture."""

    article: Article | None = None
    document: Document | None = None
    audio_file: AudioFile | None = None
    part: ArticlePart | None = None
    """Set when the page is a further part of an article; `article` is None then."""
    links: tuple[str, ...] = ()
    """Addresses that the capture leads to, absolute, in order, each once."""
    requisites: tuple[Requisite, ...] = ()
    problems: tuple[Problem, ...] = ()
    tags: tuple[Tag, ...] = ()
    """Tags that the capture names outside an article: the archive of one, or REST's list of all."""
    categories: tuple[Term, ...] = ()
    """Categories that REST lists."""
    entries: tuple[ListEntry, ...] = ()
    """What a list says of the addresses it names; they are not repeated in `links`."""
    next_page: str | None = None
    """Where a list of several pages goes on."""
    people: tuple[Person, ...] = ()
    """The person whose archive the page is, with the name as printed there."""
