"""Words that occur in bylines, and words that look like parts of one but are not."""

import re

from cacnp_archive.parsing.select import tokens

ROLES = tokens(
    "adviser advisers advisor advisors advisory aide analista analyst analysts asesor asesora "
    "assistant assistants associate associates attorney author bureau chair chairman chairwoman "
    "chief co-host cohost columnist communications consultant coordinator coordinators "
    "correspondent correspondents counsel dean deputy development director directora directors "
    "editor editors expert experta experto experts fellow fellows founder historian host intern "
    "interns internship investigador investigadora journalist lead lecturer manager managers "
    "member members officer officers outreach policy president producer professor program "
    "reporter reporters research researcher researchers scholar scholars scientist scientists "
    "scoville secretary senior specialist specialists staff strategist student students "
    "treasurer vice volunteer writer writers "
)
"""Words of positions; a part of a byline with one of them is a role, not a name."""

OWN_BODIES = tokens("board center centre council group project")
"""Organisations in the positions at the Center."""

OFFICES = tokens(
    "ambassador congressional governor majority minister minority mayor president secretary "
    "speaker spokesman spokesperson spokeswoman"
)
"""Words of positions that do not exist at the Center."""

TERMS = frozenset({"spring", "summer", "fall", "autumn", "winter"})
"""Seasons, for the term of an intern: `Fall 2025`."""

RANKS = tokens(
    "adm admiral amb ambassador ambassadors brig brigadier capt captain cdr cmdr col colonel "
    "cong congressman congresswoman dr gen general generals gov governor hon lieutenant lt ltg "
    "maj major mr mrs ms prof professor rear rep representative representatives reps ret sen "
    "senator senators sens sgt vadm vice "
)
"""Ranks and titles before a name, without full stops."""

VERBS = tokens("authored compiled edited posted prepared revised submitted updated written")
"""Verbs before "by" at the start of a byline."""

CREDITS = {"prepared": "prepared", "compiled": "compiled", "edited": "edited"} | dict.fromkeys(
    ("updated", "revised"), "updated"
)
"""Verbs with a credit other than "author"."""

DEGREES = tokens("ph.d phd m.d md mph m.p.h j.d jd m.a ma b.a ba m.s ms.c msc mba esq d.phil dphil")
"""Degrees after a name, in lower case without the last full stop."""

RANK_PREFIXES = tokens("former ret retired the then u.s ")
"""Words before a rank."""

GIVEN_NAMES = tokens("april august autumn bill dawn dean eve india israel june may summer will ")
"""Given names that are also ordinary words, such as months."""

OFFERS = tokens("article click download pdf printable view")
"""First words of lines that offer the text in another format."""

COMMON_GIVEN_NAMES = tokens(
    "adam alan alex alice amanda amy andrea andrew angela ann anna anne anthony barbara ben "
    "benjamin bill bob brian carl carol caroline catherine charles chase chris christina "
    "christopher claire dana daniel david dean diana donald dorothy edward eleanor elizabeth "
    "ellen emily emma eric erin frank gary george gordon grace greg hannah harold helen henry "
    "jack jackson jacob james jane janet jason jeff jennifer jessica jill jim joan joe john "
    "joseph julia julie karen kate katherine kathleen katie keith kelly kenneth kevin laura "
    "lauren linda lisa lucy margaret maria mark martha martin mary matthew maya melissa michael "
    "michelle mike molly nancy natalie nicholas nicole oliver olivia pamela patricia patrick "
    "paul peter philip rachel rebecca richard robert roger ronald rose ruth ryan samantha "
    "samuel sandra sara sarah scott sharon simon sophia stephanie stephen steven susan tara "
    "theresa thomas tim timothy tom victoria virginia walter will william zoe "
)
"""Given names after which an ordinary word is a family name, as in `Samantha Power`."""

OUTLET_ENDS = tokens(
    "beacon beast bulletin capital-journal chronicle courier daily defense dispatch enquirer "
    "examiner gazette globe guardian herald inquirer inquisitr journal journal-constitution "
    "ledger magazine mercury monitor nation news newswire observer online patriot post press "
    "quarterly radio record register report republic review sentinel standard star star-tribune "
    "sun telegraph television times times-dispatch today tribune tv union-tribune weekly "
)
"""Last words of the names of newspapers and magazines."""

OUTLETS = tokens(
    "abc ap afp bbc bloomberg cbs cnbc cnn c-span forbes huffpost inkstick msnbc nbc newsmax "
    "newsweek npr pbs politico politifact reuters salon slate time upi vox voa wired yonhap"
)
"""Outlets of one word, in lower case."""

BROADCASTERS = tokens(
    "abc afp ap bbc bloomberg c-span cbs cnbc cnn fox msnbc nbc npr pbs politico politifact "
    "reuters upi voa yonhap "
)
"""Outlets whose names may have one or two more words: `BBC Mundo`."""

OUTLET_NAMES = frozenset({
    "agence france-presse", "al jazeera", "associated press", "bulletin of the atomic scientists",
    "bulletin of atomic scientists", "carnegie council", "christian science monitor",
    "cipher brief", "defense one", "fox news", "foreign affairs", "foreign policy", "hill",
    "huffington post", "inkstick media", "intercept", "just security", "mother jones", "nation",
    "national interest", "atlantic", "responsible statecraft", "roll call", "san diego union",
    "stars and stripes", "the world", "voice of america", "war on the rocks",
})  # fmt: skip
"""Outlets that cannot be recognised by the words of their names, in lower case without "the"."""

ROLE_CONNECTORS = tokens("a and at for in of on our the to with &")
"""Lower-case words within a position."""

ELSEWHERE = re.compile(
    r"letter to the editor|statement|remarks|testimony|interview|speech|photo|video|presentation"
    r"|op-?ed|column|editorial|press (?:call|conference)|(?<!briefing )\bbooks?\b|\bfilm\b"
    r"|\bnovel\b|\breviews? of\b|\bquotes? of\b|documentary|lecture|keynote|foreword|assistance"
    r"|courtesy|translat",
    re.IGNORECASE,
)
"""Matches words after which "by" names the author of another work."""

NOT_BEFORE_BY = tokens(
    "accompanied adopted approved artwork authorized backed cartoon championed commissioned "
    "credit delivered directed drawing drawn endorsed graphic graphics hosted illustrated "
    "illustration illustrations image images interviewed introduced introduction issued joined "
    "made moderated music narrated offered opposed organized painting passed picture pictures "
    "presented produced proposed published quote reported reporting reviewed said sent shared "
    "shot signed spoken sponsored supported taken testified transcribed transcript voted "
)
"""Words directly before a "by" that names somebody who did not write the text."""

SELDOM_BEFORE_BY = tokens(
    "amendment amendments bill bills comment comments decision letter letters plan plans proposal "
    "proposals question questions resolution resolutions threat threats tweet tweets visit vote "
    "votes"
)
"""Words directly before a "by" that names an author only if it is somebody at the Center."""

SENTENCE_STARTS = tokens(
    "a after again all although an and another any are as at because before both but by despite "
    "during each earlier even every few following for from given had has have he her here his "
    "how however i if in instead is it its just last late later like many more most much my "
    "never next no not note nothing now of on once one only or originally our over published "
    "she since so some soon still that the their then there these they this those though "
    "through thus to today tomorrow two under until updated was we were what when where whether "
    "which while who why will with without yes yesterday yet you your"
)
"""Words that begin or join sentences and are not part of names."""

NOT_NAMES = tokens(
    "abundance accident acclaim accord accounts act administration advance africa agencies "
    "agreement air alamos all alliances allies alone amendment amendments america american "
    "americans analysis analysts annual appointment april arms army arsenal article asia asian "
    "attack attorney august authority average baghdad balance ballot ballots beijing bill "
    "biological bipartisan boeing bombers bottom britain british broad budget bureau business "
    "cabinet canada capitol chance chemical china chinese choice christmas civilian click "
    "climate coast coincidence cold common comparison conference consensus consent constitution "
    "contact contract contrast control convention country courtesy cruise current custom cuts "
    "dawn day deal december decree default defense definition degrees delegation demand "
    "democratic democrats design dint diplomacy direct disarmament doing download dozen dusk "
    "early east easter editorial eight election elections eleven energy europe european eve "
    "evening every executive extension extraordinary fact fall far fate february federal fiat "
    "final fiscal five fools force foreign four france friday full general geneva germany "
    "global government great ground grumman half hanukkah hiroshima historic holiday homeland "
    "hour human illustration image improving increasing india indian inference information "
    "instinct international invitation iran iranian iraq israel israeli itself january japan "
    "japanese jewish joint july june kabul kiev korea korean kremlin kyiv labor laws leaps "
    "legal letter line livermore lockheed lot mail majority making mandate march may means "
    "meter midday middle midnight military millions minority minute missile missiles mistake "
    "monday month moonlight moscow mountain multiple mutual nagasaki national nations nato "
    "natural nature navy necessity new news night nine non-proliferation nonproliferation noon "
    "north northern november nuclear nukes number numbers october official op-ed order ordinary "
    "other overwhelming pakistan parity passover pdf peace pentagon people phone photo plan "
    "point popular power presidential press prime printable process proxy public putting "
    "pyongyang question questions rail ramadan random raytheon reason recent recess "
    "recommendation reducing refusing regular report republican republicans reputation request "
    "requiring resolution road roll rote royal rule rules russia russian sanctions saturday sea "
    "sealed secretary section security senior seoul september seven sheer sight signing simple "
    "six skies sleight some south southern soviet space spending standard standards standing "
    "state statement states statute stealth step steps strategic sum sunday sunrise sunset "
    "supreme sword syria table taking tehran ten test testimony text thanksgiving thousand "
    "thousands threat three thursday time times tradition treaties treaty trick tuesday turn "
    "tweet twelve twenty two ukraine unanimous united using view virtue voice vote voting war "
    "warheads washington water way weapon weapons wednesday week weekend western wide word "
    "working year years york "
)
"""Capitalised words of headlines and prose that are not part of a person's name."""
