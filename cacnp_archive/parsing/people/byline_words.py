"""Words that occur in bylines, and words that look like parts of one but are not."""

import re

from cacnp_archive.model.outlets import outlet_names
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

VERBS = tokens(
    "authored compiled contributed edited penned posted prepared revised submitted updated written"
)
"""Verbs before "by" at the start of a byline."""

LABEL = re.compile(
    r"[\s*_–—―-]*(?P<label>"
    r"(?:(?:this (?:is|was) )?an? )?guest[ -]"
    r"(?:post|blog|column|essay|article|commentary|piece|contribution|authors?|contributors?"
    r"|writers?|bloggers?|columnists?)(?: (?:is |was )?(?:written )?by\b:?|\s*[:：])"
    r"|(?:words|text|story|article|essay|analysis|commentary|blog(?: post)?|post)"
    r" (?:written )?by\b:?"
    r"|(?:words|text|by-?line|contributors?|written|authored|(?:co-?)?authors?(?:\(s\))?"
    r"|autor(?:a|es|as|in|en)?|auteurs?|autrice|автор(?:ы|и)?|yazar(?:lar)?|tác giả|συγγραφέας"
    r"|लेखक|作者|著者|文|글|작성자|저자|الكاتب|بقلم)\s*[:：])",
    re.IGNORECASE,
)
"""Matches a label that says, as "by" does, that authors follow."""

OTHER_WORK = tokens(
    "art artwork design edited graphic graphics illustration illustrations image images photo "
    "photograph photographs photography photos pictures video videos"
)
"""Words before "by" or a colon in a byline that introduce people who did other work than write."""

SIGNS_OFF = re.compile(
    r"\W*(?:sincerely|respectfully|(?:best |kind |warm )?regards|yours|cordially|best|thank you"
    r"|faithfully|signed)\b[\w ]{0,24}\W*$",
    re.IGNORECASE,
)
"""Matches the line before the signature of a letter."""

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
    "abigail adam adrian ahmed aino aisha akira alan alejandro alex alexander alexandra alexei "
    "ali alice alicia alison amanda amara amelia amy ana anastasia andrea andreas andrei "
    "andres andrew angel angela anita ann anna anne anthony antonio arjun arthur astrid aya "
    "barbara barry beatrice ben benjamin bernard beth bethany bill bob boris brad brandon "
    "brenda brett brian brigitte bruce bryan carl carlos carmen carol caroline casey catherine "
    "cecilia charles charlotte chase chloe chris christian christina christine christopher "
    "cindy claire clara colin craig cynthia cyrus daisy damian dana daniel david dean deborah "
    "dennis derek diana diego dmitri dominic don donald doris dorothy doug douglas duncan "
    "dylan edith edward edwin eleanor elena elias elisabeth elise elizabeth ella ellen elsa "
    "emilia emily emma emmanuel enrique eric erica erik erin esther ethan evelyn fatima "
    "felicia felix fernando fiona florence francis francisco frank franz fred gabriel gabriela "
    "gareth gary gavin geoffrey george gerald gina giovanni gloria gordon grace graham greg "
    "greta guillermo gunnar hannah hans harold harry hassan heather heidi helen helena henrik "
    "henry herbert howard hugh hugo ian ibrahim igor ines ingrid irene isaac isabel isabella "
    "ivan jack jackson jacob jamal james jane janet jason javier jean jeff jennifer jenny "
    "jeremy jerome jerry jesse jessica jill jim joan joanna joe joel johan john jonathan jorge "
    "jose joseph josh joshua joyce juan judith julia julian julie justin karen karin karl "
    "katarina kate katherine kathleen katie katrina keith kelly ken kenneth kevin kim kimberly "
    "kofi kristen kristin kurt kwame kyle lance larry lars laura lauren leah leila lena leo "
    "leon leonard lewis liam lily linda lisa lorenzo louis louise lucas lucia lucy luis luke "
    "lydia maggie magnus malcolm manuel marc marco marcus margaret maria marianne marie marina "
    "mario marjorie mark marlene martha martin mary mateo matt matthew max maya megan melissa "
    "michael michelle miguel mike miranda mohamed mohammed molly monica morgan muhammad nancy "
    "naomi natalie nathan neil nicholas nicola nicole nigel nikolai nina noah nora norman olga "
    "oliver olivia omar oscar otto pablo pamela paola pat patricia patrick paul paula pedro "
    "penny peter phil philip philippe phyllis pierre priya rachel rafael ralph ramon raymond "
    "rebecca rebekah regina rene ricardo richard rick rita robert roberta roberto robin "
    "rodrigo roger ronald rosa rose ross roy russell ruth ryan sabrina salma sam samantha "
    "samir samuel sandra sara sarah scott sean sebastian sergei seth shannon sharon sheila "
    "shirley silvia simon sofia sonia sophia stefan stella stephanie stephen steven stuart "
    "susan sven sylvia tamara tara tatiana ted terry theresa thomas tim timothy tobias todd "
    "tom tony tracy ursula valerie vanessa vera veronica victor victoria vincent virginia "
    "vladimir walter wanda wayne wendy wilhelm will william xavier yolanda yusuf yves yvonne "
    "zara zoe "
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

OUTLET_NAMES = outlet_names() | {"the world"}
"""Known outlets, in lower case without "the"; The World is none without it."""

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
    "dawn day days decade decades deal december decree default defense definition degrees "
    "delegation demand "
    "democratic democrats design dint diplomacy direct disarmament doing download dozen dusk "
    "early east easter editorial eight election elections eleven energy europe european eve "
    "evening every executive extension extraordinary fact fall far fate february federal fiat "
    "final fiscal five fools force foreign four france friday full general geneva germany "
    "global government great ground grumman half hanukkah hiroshima historic holiday homeland "
    "hour hours human illustration image improving increasing india indian inference information "
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
