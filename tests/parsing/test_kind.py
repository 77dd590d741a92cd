import pytest

from cacnp_archive.model.records import Kind
from cacnp_archive.parsing.page.kind import Evidence, kind_of


@pytest.mark.parametrize(
    ("evidence", "kind"),
    [
        (Evidence("Front and Center: May 13"), Kind.NEWSLETTER),
        (Evidence("Front and Center: 1/3 – 1/17"), Kind.NEWSLETTER),
        (Evidence("Front & Center August 26"), Kind.NEWSLETTER),
        (Evidence("A reset", categories=("Front and Center",)), Kind.POST),
        (Evidence("Op-ed: Less is enough"), Kind.OP_ED),
        (Evidence("[Op-Ed] After the launch"), Kind.OP_ED),
        (Evidence("Director Ann Roe’s Op-Ed in The Brief"), Kind.OP_ED),
        (
            Evidence("Enough", blocks=("Director Ann Roe co-authored an op-ed in The Hill.",)),
            Kind.OP_ED,
        ),
        (
            Evidence("Enough", blocks=("by Ann Roe\nPublished in The Post on May 2, 2008",)),
            Kind.OP_ED,
        ),
        (Evidence("Fact Sheet: Space"), Kind.FACT_SHEET),
        (Evidence("Factsheet on Space"), Kind.FACT_SHEET),
        (Evidence("Space", categories=("Factsheets on Missile Defense",)), Kind.FACT_SHEET),
        (Evidence("Summary: Defense Authorization Act"), Kind.FACT_SHEET),
        (Evidence("The vote", blocks=("FOR IMMEDIATE RELEASE", "Ann Roe")), Kind.PRESS_RELEASE),
        (Evidence("The vote", blocks=("(JUNE 9–WASHINGTON) The Center",)), Kind.PRESS_RELEASE),
        (Evidence("The vote", blocks=("Washington, DC – The Center",)), Kind.PRESS_RELEASE),
        (Evidence("The vote", blocks=("(April 26, 2019 – WASHINGTON) The",)), Kind.PRESS_RELEASE),
        (Evidence("The vote", categories=("Press Releases",)), Kind.PRESS_RELEASE),
        (Evidence("Half-life", blocks=("Download the podcast on iTunes.",)), Kind.PODCAST),
        (Evidence("Half-life", categories=("Podcast",)), Kind.PODCAST),
        (Evidence("Episode 3", embeds=("https://w.soundcloud.com/player/?url=1",)), Kind.PODCAST),
        (Evidence("Video: At 51"), Kind.VIDEO),
        (
            Evidence(
                "At 51", blocks=("One sentence.",), embeds=("https://www.youtube.com/embed/1",)
            ),
            Kind.VIDEO,
        ),
        (
            Evidence("On the radio", blocks=("Program Coordinator Ann Roe was a guest on WXYZ.",)),
            Kind.MEDIA_MENTION,
        ),
        (
            Evidence(
                "A deal", blocks=("Senior Policy Director Ann Roe spoke with The Post about it.",)
            ),
            Kind.MEDIA_MENTION,
        ),
        (Evidence("Ann Roe Quoted in The Hill"), Kind.MEDIA_MENTION),
        (Evidence("In the News: The deal"), Kind.MEDIA_MENTION),
        (Evidence("The deal", categories=("Press & In the News on Asia",)), Kind.MEDIA_MENTION),
        (
            Evidence("The deal", categories=("Press & In the News on Asia",), has_byline=True),
            Kind.POST,
        ),
        (
            Evidence("On Monday", blocks=("On Monday, the president spoke with the press.",)),
            Kind.POST,
        ),
        (
            Evidence("Fifty-one", text_chars=500, embeds=("https://www.youtube.com/embed/1",)),
            Kind.POST,
        ),
    ],
)
def test_kind_follows_from_the_visible_evidence(evidence: Evidence, kind: Kind) -> None:
    assert kind_of(evidence) is kind
