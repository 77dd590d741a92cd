"""The records that parsers return and the database stores.

Texts are as printed, with white space folded and character references decoded. Dates and times are
ISO 8601 strings as precise as the page: it may give a date, a time without an offset, or an exact
time, and a datetime could not tell these apart.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from cacnp_archive.model.layouts import Layout
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.wall import Wall


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
    """What a link points to."""

    OUTBOUND = "outbound"
    """A page on another host."""
    INTERNAL = "internal"
    """A page of the site."""
    DOCUMENT = "document"
    """A PDF or office file on any host."""
    MEDIA = "media"
    """An image, audio or video file on any host."""
    EMBED = "embed"
    """An iframe or other embed: a player, a form, a widget."""
    MAIL = "mail"
    """An e-mail address."""


class EmbedKind(StrEnum):
    """What an embed shows."""

    PLAYER = "player"
    POST = "post"
    """A post of a social network."""
    DOCUMENT = "document"
    WIDGET = "widget"
    """A chart, map or timeline."""
    FORM = "form"
    FRAME = "frame"
    """A frame of an unknown provider."""


class RequisiteKind(StrEnum):
    """How a page uses a file that it needs."""

    IMAGE = "image"
    STYLE = "style"
    SCRIPT = "script"
    FONT = "font"
    MEDIA = "media"
    DOCUMENT = "document"
    FRAME = "frame"
    """A page of the site itself that is shown within the page, or another file in a frame."""
    OEMBED = "oembed"
    """A provider's description of an embed."""


class Credit(StrEnum):
    """What a person did, according to the byline."""

    AUTHOR = "author"
    PREPARED = "prepared"
    UPDATED = "updated"
    """Updated or revised a text by somebody else."""
    COMPILED = "compiled"
    EDITED = "edited"


class MentionKind(StrEnum):
    """What somebody at the Center did elsewhere, according to the text."""

    QUOTED = "quoted"
    """Quoted or cited."""
    SPOKE = "spoke"
    """Spoke to a reporter or an audience."""
    INTERVIEWED = "interviewed"
    GUEST = "guest"
    """Was a guest on a programme."""
    HOST = "host"
    """Hosted an episode of the Center's podcast."""
    WROTE = "wrote"
    """Wrote an op-ed, letter or article that appeared there."""
    CO_WROTE = "co-wrote"
    SIGNED = "signed"
    """Signed a letter or statement."""
    NAMED = "named"
    """Mentioned, featured or profiled."""


class MediaKind(StrEnum):
    """The type of a media item."""

    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person whom the page names as an author, with the byline that says so."""

    name: str
    """The name alone, without rank, role, asterisk or "by"."""
    printed: str
    """The byline as printed, from "by" to its end."""
    role: str | None = None
    """Position or term, as printed: `Policy Intern, Fall 2025`."""
    found_in: str = "body"
    """Where the byline was found: `body`, `entry-meta` or `title`."""
    person: str | None = None
    """The canonical spelling of the person's name; None when it was not looked up."""
    rank: str | None = None
    """Rank or title, as printed before the name: `Lt. Gen.`, `Amb.`, `Dr.`, `former Rep.`."""
    credit: Credit = Credit.AUTHOR
    """What the person did; only `author` means that the person wrote the text."""
    asterisk: bool = False
    """Whether the name has an asterisk: a guest author, introduced in a note at the end."""
    outlet: str | None = None
    """Where the piece was published, as printed in or next to the byline; None for most posts."""
    date: str | None = None
    """The date in the byline: ISO 8601, YYYY-MM when no day is printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A person at the Center who was quoted or appeared elsewhere; not an author of the text."""

    name: str
    """The name alone, as first printed, without rank or role."""
    person: str
    """The canonical spelling of the person's name."""
    kind: MentionKind
    rank: str | None = None
    """Rank or title, as printed before the name."""
    role: str | None = None
    """Position, as printed: `Senior Policy Director`."""
    outlet: str | None = None
    """Newspaper, programme or podcast, as printed; None when the text does not name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category that the article is assigned to."""

    name: str
    url: str | None = None
    """Canonical URL of its archive page; None when printed without a link."""
    primary: bool = False
    """Whether it is the last step of the breadcrumb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryStep:
    """One edge of the category tree, as shown by a breadcrumb."""

    name: str
    url: str
    parent_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A category as returned by the REST API (WordPress: a term of a taxonomy)."""

    wordpress_id: int
    name: str
    url: str
    """Canonical URL of its archive page."""
    parent_id: int | None = None
    """WordPress ID of the parent category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag: always with its slug, and with name and URL where the page prints them."""

    name: str
    """As printed in the entry's footer, else derived from the class (`tag-new-start`)."""
    slug: str
    url: str | None = None
    wordpress_id: int | None = None
    """Known only from the REST API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A term of the site's taxonomy of people: who wrote the article or is quoted in it."""

    name: str
    """As printed, else derived from the class (`people-john-erath`)."""
    slug: str
    url: str | None = None
    """Canonical URL of the person's archive page; None when the page does not link to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link in the body of an article, in document order."""

    target_url: str
    """Absolute URL, resolved as a browser does, with its fragment."""
    host: str
    """Host of the target in lower case, with any non-default port; "" for mail."""
    kind: LinkKind
    anchor_text: str
    """Text of the link; alternative text of a linked image; title of an embed."""
    context: str
    """The sentence around the link, or its line in a list or table: at most 300 characters."""
    is_furniture: bool = False
    """Whether it cites nothing: a share button, a link in a menu or list of podcast directories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """Content of another site in an entry: a player, post, form or other iframe."""

    url: str
    """Absolute URL of the iframe, or of the quoted post."""
    provider: str
    """`youtube`, `vimeo`, `soundcloud`, `twitter`...; the host for unknown providers."""
    embed_id: str | None = None
    """The provider's ID of the video or track, if the URL contains it."""
    title: str = ""
    """The `title` attribute; "" when there is none."""
    kind: EmbedKind = EmbedKind.FRAME
    page_url: str | None = None
    """The page at the provider that shows the same to people."""
    oembed_url: str | None = None
    """The provider's description of it."""
    poster_url: str | None = None
    """Its still picture, if the provider has it at a fixed address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedCard:
    """A provider's description of an embed: an oEmbed reply; fields that it lacks are None."""

    url: str
    """The URL of the capture."""
    title: str | None = None
    author: str | None = None
    poster_url: str | None = None
    """Absolute URL of the thumbnail, or of the photo itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaItem:
    """An image, audio or video that is part of the article."""

    url: str
    """Absolute URL of the file, in the size that the page uses."""
    kind: MediaKind
    alt: str | None = None
    """Alternative text of an image; "" when the attribute is empty, None when it is missing."""
    caption: str | None = None
    """The caption, as marked up under the item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePart:
    """Part 2 or later of an article that is split into several pages (`<!--nextpage-->`).

    The first part is the Article itself, with the number of parts. The whole body is the bodies of
    the Article and its parts in order, separated by empty lines.
    """

    article_url: str
    """Canonical URL of the article, which is that of its first part."""
    number: int
    """The number of this part: 2 or more."""
    part_count: int
    """The number of parts, as stated on this page."""
    wordpress_id: int | None = None
    """The same as that of the article."""
    body_text: str = ""
    layout: Layout = Layout.KNOWN
    """How the text was found."""
    text_selector: str | None = None
    """Where it was found: a selector that pages of the same look share; None without a text."""
    links: tuple[Link, ...] = ()
    embeds: tuple[Embed, ...] = ()
    media: tuple[MediaItem, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one source other than the text says about a field of an article."""

    source: str
    """`json-ld`, `open-graph`, `meta` or `title` in the page's head; others for lists."""
    field: str
    """A field of Article; for `categories`, `tags` and `authors`, the value is one name."""
    value: str
    """As stated by the source, with character references decoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A field of an article for which a source states another value."""

    field: str
    source: str
    extracted_value: str | None
    reported_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requisite:
    """A page requisite: a file that a page needs to look and work as it did."""

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
    """The machine-readable lists of its pages that the site publishes."""

    SITEMAP = "sitemap"
    REST = "rest"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """What a list says about one URL; None where it says nothing."""

    list_name: ListName
    url: str
    """Absolute, without fragment."""
    wordpress_id: int | None = None
    title: str | None = None
    """As plain text."""
    published_at: str | None = None
    """ISO 8601."""
    modified_at: str | None = None
    """ISO 8601, a date or a date with time."""
    categories: tuple[str | int, ...] = ()
    """Names (feed) or WordPress IDs (REST)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A part of a capture that could not be read, and why."""

    code: ProblemCode
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One piece of content, as it is in one capture; fields that the page lacks are None."""

    url: str
    """Canonical URL."""
    kind: Kind
    title: str | None
    """"" when the title is empty; None when the page has no element for it."""
    wordpress_id: int | None = None
    """The post ID, which stays the same when the slug changes."""
    published_at: str | None = None
    """ISO 8601, with time and offset where the markup has them."""
    published_on: str | None = None
    """The printed date line as YYYY-MM-DD."""
    modified_at: str | None = None
    """ISO 8601, from the page's metadata."""
    updated_note: str | None = None
    """The article's own note on its last update, as printed: `Updated March 2021`."""
    language: str | None = None
    """BCP 47 tag from the document's `lang`, else from its `og:locale`."""
    body_language: str | None = None
    """BCP 47 tag of the text, if it is certainly in another language than the document."""
    body_text: str = ""
    """Text of the entry: blocks separated by empty lines, `<br>` as a line break."""
    layout: Layout = Layout.KNOWN
    """How the text was found."""
    text_selector: str | None = None
    """Where it was found: a selector that pages of the same look share; None without a text."""
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
    """URLs of the PDFs and office files that it links to or embeds, each once, no fragment."""
    part_count: int = 1
    """The number of pages that it is split into; this is the first."""
    opinions: tuple[Opinion, ...] = ()
    """What the page's head says about it."""

    @property
    def word_count(self) -> int:
        """The number of words in the body, split at white space."""
        return len(self.body_text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A PDF, as it is in one capture; fields that the file lacks are None."""

    url: str
    """The URL of the capture."""
    page_count: int
    pages: tuple[str, ...]
    """Text of each page from the first, in lines as printed; "" for a page without text.

    Shorter than `page_count` when the document is too long to be read whole.
    """
    title: str | None = None
    """From the PDF metadata: often the name of a word processor file."""
    author: str | None = None
    """From the PDF metadata: often the registered owner of the word processor."""
    created_at: str | None = None
    """ISO 8601, as precise as in the file; without an offset when the file has none."""
    modified_at: str | None = None
    """ISO 8601, like `created_at`."""
    language: str | None = None
    """BCP 47 tag of the whole document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFile:
    """An audio file, as it is in one capture; fields that the file lacks are None."""

    url: str
    """The URL of the capture."""
    seconds: float | None = None
    """Duration; estimated from size and bit rate when the file has no table of contents."""
    title: str | None = None
    artist: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that the parsers found in one capture."""

    article: Article | None = None
    document: Document | None = None
    audio_file: AudioFile | None = None
    embed_card: EmbedCard | None = None
    part: ArticlePart | None = None
    """Set, instead of `article`, when the page is part 2 or later of an article."""
    links: tuple[str, ...] = ()
    """Absolute URLs that the capture links to, in order, each once."""
    lists: tuple[str, ...] = ()
    """Absolute URLs of the lists that a list names: by a sitemap index or robots.txt."""
    requisites: tuple[Requisite, ...] = ()
    problems: tuple[Problem, ...] = ()
    tags: tuple[Tag, ...] = ()
    """Tags outside an article: from the archive page of a tag, or from the REST API's list."""
    categories: tuple[Term, ...] = ()
    """Categories listed by the REST API."""
    entries: tuple[ListEntry, ...] = ()
    """What a list says about its URLs; these are not repeated in `links`."""
    next_page: str | None = None
    """URL of the next page of a list or listing."""
    people: tuple[Person, ...] = ()
    """From the archive page of a person: that person, with the name printed there."""
    wall: Wall | None = None
    """Set if this is, or may be, an answer in place of the page; then it may say nothing else."""
    signature: str | None = field(default=None, compare=False)
    """What identifies an answer that is no page of the site, wherever it is served; else None."""

    @classmethod
    def with_problem(cls, code: ProblemCode, detail: str) -> "Reading":
        """Return a reading that holds nothing but one problem."""
        return cls(problems=(Problem(code=code, detail=detail),))
