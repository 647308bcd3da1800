"""Where numbers stand in a text, and what they are worth: the grammar of numbers written in digits.

Read are ``1,234.50``, ``1,50,000``, ``1.234,50``, ``1/3``, ``2 1/2``, ``-$4``, ``1e3``, ``1.2 * 10^3``, ``10^6``,
``$70k``, ``3 million``, ``3万``, ``5%`` and ``3 dozen``. Digits inside a word (``CO2``, ``m3``,
``cm^2``) are no number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

MOST_DIGITS = 100
"""A longer run of digits is not read as a number: arithmetic on it could stall, and no answer has one. Four of 11,276
recorded answers run away into 630 to 1,480 digits; in the others no number has more than 30."""
# 1e999999999 would be a number of a gigabyte; floats, which people copy answers from, end at 1e308. It bounds what is
# written and what that amounts to (10e999 is 1e1000): a number is stored in its shortest form and read back from there.
_MOST_EXPONENT = 999
_WORD_SCALES = {"hundred": 2, "thousand": 3, "lakh": 5, "million": 6, "crore": 7, "billion": 9, "trillion": 12}
# Hundred, thousand, ten thousand and a hundred million of Chinese, Japanese and Korean, which multiply: 2千万.
_MYRIADS = {"百": 2, "千": 3, "천": 3, "万": 4, "萬": 4, "만": 4, "億": 8, "亿": 8, "억": 8}
_SUFFIXES = {"k": 3, "m": 6, "mm": 6, "mn": 6, "mln": 6, "b": 9, "bn": 9, "t": 12, "tn": 12}
# 5m are metres as often as millions and 5b is an option: these count after a currency sign alone; k and M always.
_ONLY_MONEY = frozenset(("m", "b", "B", "t", "T", "MM", "mm"))
_CURRENCY = "$€£¥₹₩₽"
_SIGN_OF_MONEY = rf"(?:(?:[A-Z]{{1,3}})?+[{_CURRENCY}][ ]?|(?:USD|EUR|GBP|CAD|AUD|INR|CNY|JPY|CHF|Rs\.?|RM)[ ]?)"

# Possessive quantifiers throughout: a failed match gives nothing back, so reading stays linear in hostile text.
# Fractions are bounded for the same reason; GSM8K's longest are 10440000/145000 and 10000/100000.
_NUMBER = re.compile(
    rf"""
    (?P<sign> (?<![\w)\]%.\-]) (?<![\d)\]%]\ ) - {_SIGN_OF_MONEY}?+ )?+
    (?<![\d]) (?<!\d\.)
    # Inside a word, unless the word is a currency; x may multiply and an underscore may be Markdown.
    (?:
        (?<![A-WYZa-wyz]) (?<![A-Za-z)][xX_^])
      | (?<=USD) | (?<=EUR) | (?<=GBP) | (?<=INR) | (?<=CHF) | (?<=\bRs) | (?<=\bRM)
    )
    (?:
        (?: (?P<whole>\d{{1,3}}+) [ ] )? (?<!/)(?P<over>\d{{1,12}}+) / (?P<under>\d{{1,6}}+) (?! [\d/] | \.\d )
      |
        10 (?: \^ | \*\* ) \(? (?P<tens> [+-]?+ \d++ ) \)? (?! [\w^] | \.\d )
      |
        # Both separators, or two points: the points can only group.
        (?P<dotted> \d{{1,3}}+ (?: (?: \.\d{{3}} (?!\d) )++ ,\d++ | (?: \.\d{{3}} (?!\d) ){{2,}}+ ) ) (?! [.,]?\d )
      |
        (?P<digits>
            \d{{1,3}}+ (?: ,\d{{3}} (?!\d) )++
          | \d{{1,2}}+ (?: ,\d{{2}} (?!\d) ){{1,5}}+ ,\d{{3}} (?!,?\d)
          | \d++
        )
        (?P<decimals> \.\d++ )?+
        (?:
            [eE] (?P<exponent> [+-]?+ \d++ ) (?!\w)
          |
            [ ]?[*xX][ ]?10[ ]? (?: \^ | \*\* ) [ ]?\(? (?P<power> [+-]?+ \d++ ) \)? (?! [\w^] | \.\d )
        )?+
      |
        (?<![\w.]) (?P<bare> \.\d++ )
    )
    # What begins with none of these is looked at once and not by every branch.
    (?: (?= [ ]?+ [%a-zA-Z百千천万萬만億亿억] ) (?:
        [ ]? (?P<unit> % | (?: percent | per\ cent | pct | dozens? ) \b )
      |
        [ ] (?P<scale> (?i: hundred | thousand | lakh | million | crore | billion | trillion ) ) s? \b
        (?: [ ] (?P<more> (?i: thousand | million | billion | trillion ) ) \b )?
      |
        # 5千克 are kilograms, and 3万5千 goes on.
        [ ]?+ (?P<myriad> [百千천]?+ [万萬만億亿억] | [百千천] ) (?! [\d百千천万萬만億亿억兆조克米瓦卡分] )
      |
        (?P<apart> [ ]? ) (?P<suffix> [kKmMbBtT] | [mM][mMnN] | [mM][lL][nN] | [bB][nN] | [tT][nN] ) (?![\w^/'])
    ) )?+
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A number as it stands in a text."""

    value: Fraction
    """Exact value; the unit is not multiplied in."""
    places: int | None
    """Decimals as written; None when the number is exact."""
    unit: str
    """``%``, ``dozen`` or nothing."""
    start: int
    """First character."""
    end: int
    """One past the last character."""


def scan(spelled: str, start: int = 0) -> Iterator[Written]:
    """Read every number of a spelled text, in order; too many digits and divisions by 0 are passed over."""
    for match in _NUMBER.finditer(spelled, start):
        if (number := _read(match)) is not None:
            yield number


def scan_last(spelled: str, start: int) -> Written | None:
    """Read the last number from ``start`` on; None without any, and where only one begins there: it may be cut."""
    matches = list(_NUMBER.finditer(spelled, start))
    for match in reversed(matches):
        if (start == 0 or match is not matches[0]) and (number := _read(match)) is not None:
            return number
    return None


def _read(match: re.Match[str]) -> Written | None:
    if match.lastgroup == "digits" and len(match["digits"]) <= MOST_DIGITS:  # most numbers are whole and nothing else
        whole = int(match["digits"].replace(",", ""))
        return Written(Fraction(-whole if match["sign"] else whole), None, "", *match.span())
    unit, sign = _unit(match), -1 if match["sign"] else 1
    start, end = match.span()
    if match["over"]:
        value = _fraction(match)
        return None if value is None else Written(sign * value, None, unit, start, end)
    digits, decimals = _digits(match)
    exponent = match["exponent"] or match["power"] or match["tens"] or "0"
    if len(digits) + len(decimals) > MOST_DIGITS or len(exponent) > 4 or abs(int(exponent)) > _MOST_EXPONENT:
        return None
    power = int(exponent) + sum(_WORD_SCALES[word.lower()] for word in (match["scale"], match["more"]) if word)
    power += sum(_MYRIADS[sign] for sign in match["myriad"] or "")
    if match["suffix"]:
        scale = _suffix(match)
        power, end = power + scale, end if scale else match.start("apart")
    if not decimals and not power:
        return Written(Fraction(sign * int(digits)), None, unit, start, end)
    places = len(decimals) - power
    scaled = sign * int(digits + decimals)
    # Written again, 10e999 is 1e1000 and .5e-999 is 5e-1000: what is read must be read again.
    zeros = len(digits + decimals) - len((digits + decimals).rstrip("0"))
    if max(places, zeros - places) > _MOST_EXPONENT:
        return None
    value = Fraction(scaled, 10**places) if places > 0 else Fraction(scaled * 10**-places)
    return Written(value, places if places > 0 else None, unit, start, end)


def _unit(match: re.Match[str]) -> str:
    unit = match["unit"] or ""
    return "%" if unit.startswith("p") else unit.removesuffix("s")


def _fraction(match: re.Match[str]) -> Fraction | None:
    under = int(match["under"])
    if not under:
        return None
    value = Fraction(int(match["over"]), under)
    if not match["whole"]:
        return value
    # "12 5/3" is no mixed number but two numbers side by side.
    return None if value >= 1 else value + int(match["whole"])


def _digits(match: re.Match[str]) -> tuple[str, str]:
    """Digits before and after the decimal point, without what groups them."""
    if match["tens"]:
        return "1", ""
    if match["dotted"]:
        digits, _, decimals = match["dotted"].partition(",")
        return digits.replace(".", ""), decimals
    return (match["digits"] or "").replace(",", ""), (match["decimals"] or match["bare"] or "")[1:]


def _suffix(match: re.Match[str]) -> int:
    """Power of ten of a suffix; 0 where the letter is a unit or a name."""
    suffix = match["suffix"]
    if suffix in _ONLY_MONEY or (match["apart"] and len(suffix) == 1):
        at = match.start("digits") if match["digits"] else match.start()
        before = match.string[max(0, at - 2) : at].rstrip(" ")[-1:]
        if not before or before not in _CURRENCY:
            return 0
    return _SUFFIXES[suffix.lower()]
