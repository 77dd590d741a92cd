"""The words that bylines are made of, and those that only look as if they were."""

from cacnp_archive.parsing.select import tokens

ROLES = tokens(
    "adviser advisers advisor advisors aide analyst analysts assistant assistants associate "
    "associates attorney author chair chairman chairwoman chief columnist communications "
    "consultant coordinator coordinators counsel dean deputy development director directors "
    "editor editors expert experts fellow fellows founder historian intern interns "
    "internship lead lecturer manager managers member members officer officers outreach policy "
    "president producer professor program research researcher researchers scholar scholars "
    "scientist scientists scoville secretary senior specialist specialists staff strategist "
    "student students treasurer vice volunteer writer"
)
"""Words of a position; a part of a byline with one of them is a role, not a name."""

BODIES = tokens(
    "academy agency alliance association board bureau campaign center centre coalition college "
    "commission committee congress council department division endowment federation force "
    "foundation group house initiative institute institution journal laboratory league magazine "
    "ministry network office organisation organization party project review school senate "
    "service society today union university world"
)
"""Words of organisations; a part of a byline with one of them is an affiliation, not a name."""

TERMS = frozenset({"spring", "summer", "fall", "autumn", "winter"})
"""Seasons: an intern's term, as in `Fall 2025`."""

RANKS = tokens(
    "adm admiral amb ambassador brig brigadier capt captain cdr cmdr col colonel cong "
    "congressman congresswoman dr gen general gov governor hon lieutenant lt ltg maj major mr "
    "mrs ms prof professor rear rep representative ret sen senator sgt vadm vice"
)
"""Ranks and titles in front of a name, without their full stops."""

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})

PARTICLES = tokens("al bin da de del den der di du el la le van von")
"""Lower-case parts of names."""

VERBS = frozenset({"prepared", "updated", "written", "compiled", "edited"})
"""What may stand before "by" at the head of a byline."""

ROLE_VERBS = frozenset({"prepared", "updated", "compiled", "edited"})
"""Of these, those that say more than that the person wrote the text."""

SENTENCE_STARTS = tokens(
    "a after again all although an and another any are as at because before both but by despite "
    "during each earlier even every few following for from given had has have he her here his "
    "how however i if in instead is it its just last late later like many more most much my "
    "never next no not note nothing now of on once one only or originally our over published "
    "she since so some soon still that the their then there these they this those though "
    "through thus to today tomorrow two under until updated was we were what when where whether "
    "which while who why will with without yes yesterday yet you your"
)
"""Words that begin or join sentences and are part of no name."""

NOT_NAMES = tokens(
    "act africa agreement amendment america american americans analysis arms army "
    "article asia asian august bill biological britain british budget chemical china "
    "chinese coast cold comparison contact contrast control country day deal december "
    "defense democratic democrats diplomacy doing early east editorial energy europe european "
    "executive extension fact far february federal fiscal force foreign france friday "
    "germany government historic homeland hour human india indian information "
    "international iran iranian iraq israel israeli itself january japan japanese july "
    "korea korean letter majority march means middle military millions minute missile "
    "missiles mistake monday month moscow nations nato navy new news non-proliferation "
    "nonproliferation north northern november nuclear number october op-ed order "
    "pakistan peace pentagon people phone photo plan point power press pyongyang question "
    "questions reason recent report republican republicans resolution russia russian sanctions "
    "saturday secretary section security seoul september south southern soviet space "
    "spending state statement states strategic sunday syria table tehran test testimony threat "
    "thursday time times treaty tuesday turn ukraine united voice vote war "
    "washington way weapon weapons wednesday week western word year years york"
)
"""Capitalised words of headlines and prose that are part of no person's name."""
