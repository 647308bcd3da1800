"""Where a careful person would hesitate over a number, seen from what stands around it.

Every rule says why in words; none changes what is read. A hesitation too many costs a look at the answer, one too few
a wrong number that nobody questions: what no rule explains is a hesitation.
"""

import re

from ctlab.problems.text.spoken_numbers import PARTS

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b"
)
_SCALE_ELSEWHERE = (
    r"mil|mille|millones|mill?iard(?:en|i|s)?|Tsd|Tausend|Mio|Mrd|Millionen|тыс|тысячи?|тысяч|млн|млрд|миллион\w{0,2}"
)
_REFERENCE = (
    r"(?:step|steps|part|question|problem|exercise|equation|eq|figure|fig|table|page|chapter|section|line|row|option|case"
    r"|note|item|choice|method|rule|level|route|highway|interstate|boeing|airbus|flight|room|gate|bus|apartment|windows)"
)
_ARTICLE = r"(?: the| a| his| her| their)?"
# "The sum of 18" is 18 as often as it is still to be calculated, and then a second number stands there.
_FUNCTION_OF = (
    r"square|cube|root|factorial|logarithm|log|reciprocal|inverse|absolute value|magnitude|opposite|negation|negative"
    r"|sine|cosine|tangent|floor|ceiling|double|triple"
)
_FUNCTION = r"abs|sqrt|cbrt|floor|ceil|ceiling|round|log|ln|exp|sin|cos|tan|factorial|int"
_PART = rf"(?:{'|'.join(part for part in PARTS if not part.endswith('s') and part != 'half')})s?"
# What follows a number and says that it goes on.
_AFTER = (
    ("a length in feet and inches", re.compile(r"['\u2032]\s?\d")),
    (
        "a bound, not a value",
        re.compile(r"\+(?![\w$(\s])|\s(?:\w+\s)?or (?:more|less|fewer|higher|lower|above|below)\b"),
    ),
    (
        "the number goes on",
        re.compile(r"[,.'_]\d|[ ]?√|[ ]?\\?sqrt|[ ]?(?:π|pi\b)|[xyznBDG](?!\w)|\s?[rR]\s?\d|[ ]?\\"),
    ),
    # 1h30 and 5ft6, 0b11 and 0xFF; 18m2 and 6cm3 are units.
    (
        "the number goes on",
        re.compile(r"\s?h\s?\d|[A-Za-z]{1,4}+(?![23](?!\d))\d|[xX][A-Fa-f]{1,8}\b|\spoint\s\w"),
    ),
    (
        "a scale or a unit that is not read",
        re.compile(
            r"\s?[‰‱]|\s(?:per ?mille|bps|basis points?)\b|\s\(?(?:in )?(?:base (?:\d|[a-z])|binary\b|octal\b|hexa?)"
            rf"|\s?(?:{_SCALE_ELSEWHERE})(?!\w)|\s?(?:[十百万萬億亿兆십백천만억조]|千(?![克米瓦卡]))"
        ),
    ),
    ("a time of day or a ratio", re.compile(r" ?: ?\d|\s?(?:[ap]\.?m\b|o'clock)", re.IGNORECASE)),
    ("a ratio", re.compile(r"\s?(?:%|\w{1,12})?\s?(?:out of|in every|in)\s(?:the\s|every\s|all\s)?\d", re.IGNORECASE)),
    ("a date", re.compile(rf"(?:st|nd|rd|th)?(?: of)? {_MONTH}|/\d{{1,4}}/\d|-\d\d?-\d")),
    (
        "something is still to be calculated",
        re.compile(
            r"\s(?:\w+\s)?as (?:many|much|old|tall|long|big|large|far|fast|heavy|high)\b"
            r"|\s(?:squared|cubed|factorial|(?:doubl|tripl|quadrupl|halv)ed|choose|modulo|mod)\b"
            r"|\s(?:to the (?:\w+ )?power"
            r"|(?:multiplied|subtracted|added|raised|divided|increased|reduced) (?:to|by|from))\b"
        ),
    ),
    (
        "something is still to be calculated",
        re.compile(
            r"\s?\+\s?[$(]?\w|\*[$(\d]|\s\*\s?[$(\w]|\s?[/^]\s?[$(\d]|\^\w|\s-\s[$(\w]|\s?[xX]\s?[$(]?\d"
            r"|\s(?:plus|minus|times|divided by)\s[$(]?\w|\s(?:\w+\s)?(?:less|more|fewer) than [$]?\d"
        ),
    ),
    ("a range", re.compile(r"\s?(?:-|–|—|~|\.{2,3}|to\b)\s?[$€£¥]?\d")),
    ("a part, or so many of them", re.compile(r"[ -](?:quarters|halves)\sof\b")),
    ("a margin of error", re.compile(r"\s?(?:±|\+/-)")),
)
# What stands before it.
_BEFORE = (
    ("the number goes on", re.compile(r"\d[,.'_]$|(?:^|\s),$|[√^]\(?$|sqrt[({]?$|\blog\s?$|\bpoint $")),
    ("several numbers side by side", re.compile(r"\d\s?\|{1,2}\s?[$€£¥]?$")),
    ("a dash that may be a sign", re.compile(r"(?<!-)--[$€£¥]?$")),
    ("a time of day or a ratio", re.compile(r"\d ?: ?$")),
    ("a range", re.compile(r"\d[a-z%]{0,8}\s?(?:-|–|—|~|\.{2,3}|\bto)\s?[$€£¥]?$|\bbetween [$€£¥]?$")),
    ("a margin of error", re.compile(r"(?:±|\+/-)\s?$")),
    ("a date", re.compile(rf"\b{_MONTH} $|\d[/-]$")),
    (
        "something is still to be calculated",
        re.compile(
            r"[\d)]\s?[*+/]\s?[$(]?$|\d\s?[xX]\s?[$(]?$|\d\s?-\s[$(]?$"
            r"|\d(?: \w+)? (?:plus|minus|times|over|divided by) $"
        ),
    ),
    (
        "something is still to be calculated",
        re.compile(
            rf"\b(?:twice|thrice|(?:doubl|tripl|quadrupl)e)(?: of)?{_ARTICLE} [$€£¥]?$|\b(?:{_FUNCTION}) ?\([$€£¥]?$"
            rf"|\b(?:sin|cos|tan|ln|log|sqrt|abs)\d{{0,2}} $|\b[a-z]\($|\b(?:{_FUNCTION_OF}) of{_ARTICLE} [$€£¥]?$"
            # -(-5), minus -5 and ⌊5.5⌋; |-5| is looked for where the number is known.
            r"|-\s?[(\[{]\s?$|\b(?:minus|negative)\s\(?$|(?:[⌊⌈]|\\l(?:vert|floor|ceil))\s?$",
            re.IGNORECASE,
        ),
    ),
    (
        "a bound, not a value",
        re.compile(
            r"(?:\b(?:more|less|fewer|greater|higher|lower|larger|smaller|longer|shorter|other) than(?: or equal to)?"
            r"|\bat (?:least|most)|\b(?:over|under|above|below|exceeds?|exceeding|up to|almost|nearly)"
            r"|m(?:ini|axi)mum of"
            r"|(?<![<>])[<>≤≥≠]=?|\\[gl]eq?)\s?[$€£¥]?$",
            re.IGNORECASE,
        ),
    ),
    ("it is denied", re.compile(r"(?:\bnot|n't)(?: equal to| just| only)? [$€£¥]?$", re.IGNORECASE)),
    (
        "some of a number",
        re.compile(
            rf"\b(?:none|neither|one|any|each|some|most|both|either|half|out|{_PART}) of{_ARTICLE} [$€£¥]?$"
            r"|\bhalf [$€£¥]?$",
            re.IGNORECASE,
        ),
    ),
    ("the number of a step or of a thing", re.compile(rf"\b{_REFERENCE} ?#?\(?$|\b(?:[Nn]o\.|#) ?$", re.IGNORECASE)),
    (
        "nothing certain is said",
        re.compile(r"(?:\b(?:cannot|can't|unable|impossible|undefined|unknown|unclear)\b[^\n]{0,40}$)", re.IGNORECASE),
    ),
)
_DECADE = re.compile(r"\b(?:the|his|her|their|my|our|mid|early|late)[ -](?:(?:mid|early|late)[ -])?'?$", re.IGNORECASE)
_PLURAL = re.compile(r"'?s\b")
# "3 quarters" are coins as often; "1 third grader" is no part.
_COUNTED = re.compile(r"-?\d+[ -](?:quarters?|hal(?:f|ves))")
_ONE_ORDINAL = re.compile(rf"[ -]{_PART}\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_IN_YEAR = re.compile(r"\b(?:in|since|until|by|of|year) $")
_NAMED = re.compile(rf"\b(?i:{_REFERENCE}) ?#?\(?(?:\d{{1,4}} ?(?:of|/|-|to|and|,) ?)?$")
_NO_NAME = r"(?!(?:Total|Final|Answer|Result|About|Around|Only|Just|So|Thus|Hence|Therefore|Then|Finally|Rs|RM)\b)"
_MODEL = re.compile(r"\b[A-Z]\w*-$")  # F-16, COVID-19
_TITLED = re.compile(rf"\s*{_NO_NAME}[A-Z][a-z]+ \d+\W*")
_NAME = re.compile(rf"(?<![.!?:\n*#>|])(?<![.!?:]\s)(?<=[\w,] ){_NO_NAME}[A-Z][a-z]+ $")
# How a second number follows the first: what makes both of them answers, and what makes the second an explanation.
_SECOND = re.compile(
    r"(?P<both>\b(?:and|or|plus|to|out of|vs|versus)\b|&|^\s*[,/:;|+*x-]\s*$|^\s*$)"
    r"|(?P<explains>[(\[]|\b(?:since|because|as|so|which|that|where|when|while|if|not|rather|instead|after|before|given"
    r"|assuming|considering|using|than|though|although|leaving|i\.e|meaning|check|verify)\b|[;—]"
    r"|(?<=\w\s)(?:for|in|on|at|per|every|each|with|from|during|within|by|over|under|left)\b)",
    re.IGNORECASE,
)
_LIST = re.compile(r"^\s*$|(?:^|\s)(?:and|or|to|&)\s+[$€£¥]?$|^\s*[,;/&|]\s*[$€£¥]?$|[\u2460-\u2473]")
_AND_ANOTHER = re.compile(r"\b(?:and|or)\s+[$€£¥]?$")
_UNIT_PAIR = re.compile(
    r"\s?(?:hours?|hrs?|h|minutes?|mins?|days?|weeks?|months?|years?|feet|foot|ft|yards?|pounds?|lbs?|kg|km|m|miles?|dollars?|meters?"
    r"|gallons?|quarts?|cups?|liters?),?\s?",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(
    r"=|^[^,;]*:|\b(?:is|are|was|were|has|have|had|gives?|makes|made|pays?|paid|costs?|earns?|earned|needs?|gets?|got|leaves"
    r"|total|so|thus|therefore|hence|then|equals|holds?|spends?|spent|sold|sells|uses|used|will|can)\b"
    # "which left him with 18" concludes, "has 18 left after 3 days" does not.
    r"|\bleft(?: (?:him|her|them|us|me|it|you))?(?: (?:with|only|just))? [$€£¥]?$",
    re.IGNORECASE,
)
# "18 are left of 30", "18 were sold in 3 days": the second number belongs to the first.
_BELONGS = re.compile(
    r"\b(?:in|on|from|during|within|per|every|each|left of|left out of|left over)"
    r"(?: (?:the|his|her|their|these|those))? [$€£¥]?$",
    re.IGNORECASE,
)
# What begins here explains the number before it, unless a word that only concludes follows.
_EXPLAINS_WHY = re.compile(
    r"\b(?:after|because|since|when|while|if|before|unless|until|although|though)\b", re.IGNORECASE
)
_ONLY_CONCLUDES = re.compile(r"=|\b(?:total|so|thus|therefore|hence|then|equals|leaves|makes|gives?)\b", re.IGNORECASE)
_NEW_CLAUSE = re.compile(r"\b(?:and|but|or)\b", re.IGNORECASE)
_CORRECTS = re.compile(
    r"\b(?:wait|actually|correction|oops|sorry|hmm|mistaken?|should be|let me re)\b"
    r"|\b(?:recalculate|I mean|maybe|perhaps|alternatively)\b|\bno,",
    re.IGNORECASE,
)


def hesitation_at(text: str, start: int, end: int) -> str:
    """Why a person hesitates over the number at ``text[start:end]`` for what touches it; empty where nobody does."""
    after, before = text[end : end + 32], text[max(0, start - 48) : start]
    # Most numbers stand alone; no rule is about what is only blanks and a full stop.
    if after.strip(" .\n") and (reason := next((why for why, rule in _AFTER if rule.match(after)), "")):
        return reason
    if reason := _seen_with_it(text, start, end, before):
        return reason
    return next((why for why, rule in _BEFORE if rule.search(before)), "") if before.strip(" ") else ""


def _seen_with_it(text: str, start: int, end: int, before: str) -> str:
    """Reasons that the number itself and what touches it give together."""
    year = _YEAR.fullmatch(text, start, end)
    if year and _IN_YEAR.search(before):
        return "a year"
    if text[end - 1 : end] == "0" and _PLURAL.match(text, end) and (year or _DECADE.search(before)):
        return "a decade, or a range"
    if text.startswith("-", start) and before.rstrip(" ").endswith("|"):
        closed = text[end : end + 2].lstrip(" ")[:1] in ("|", "")
        return "something is still to be calculated" if closed else ""
    if text[end - 1 : end].isalpha() and _COUNTED.fullmatch(text, start, end):
        return "a part, or so many of them"
    return "the number goes on" if text[start:end] == "1" and _ONE_ORDINAL.match(text, end) else ""


def is_reference(text: str, start: int) -> bool:
    """Whether a number only numbers something: ``step 3``, ``Route 66``."""
    return _NAMED.search(text[max(0, start - 16) : start]) is not None


def is_name(text: str, start: int) -> bool:
    """Whether a capitalised word inside a sentence stands before it, as in ``Apollo 11`` and ``F-16``."""
    before = text[max(0, start - 32) : start]
    if _NAME.search(before) or _MODEL.search(before):
        return True
    return start < 32 and _TITLED.fullmatch(text[:64]) is not None


def explained(link: str) -> bool:
    """Whether what stands between an answer and a second number makes the second an explanation of the first."""
    match = None if _AND_ANOTHER.search(link) else _SECOND.search(link)
    return match is not None and match["explains"] is not None


def listed(link: str) -> bool:
    """Whether two numbers stand side by side: ``24 and``, ``5 or``, ``2 hours`` 30 minutes."""
    words = link.split()
    return (len(words) <= 4 and _LIST.search(link) is not None) or _UNIT_PAIR.fullmatch(link) is not None


def concluded(link: str) -> bool:
    """Whether what stands between two numbers of a sentence makes the second what follows from the first."""
    why = _EXPLAINS_WHY.search(link) or _BELONGS.search(link)
    if why is not None:
        return _ONLY_CONCLUDES.search(link) is not None
    return _CONCLUDES.search(_NEW_CLAUSE.split(link)[-1]) is not None


def corrected(text: str) -> bool:
    """Whether what follows takes an answer back."""
    return _CORRECTS.search(text) is not None
