"""Holds a report's paragraph to its own verdicts, from report.json alone: nothing of ctlab is imported here."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

MOST_WORDS = 160
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NAMES = re.compile(r"CT\d+|\bj [+−] \d+")
_GENERAL = re.compile(r"(CT[^:]*) work alike: CTj carries the result of step j(?: ([+−]) (\d+))?")
_AGAINST = {"carries": "not carried", "exchanges": "not exchanged", "needed": "idle"}


def complaints(report: Mapping[str, Any]) -> list[str]:
    """Say what is wrong with the paragraph of a report; empty where nothing is."""
    said = report["explanation"]
    text, sentences = said["text"], said["sentences"]
    found = [] if text == " ".join(each["text"] for each in sentences) else ["the text is not that of its sentences"]
    if len(text.split()) > MOST_WORDS:
        found.append(f"{len(text.split())} words")
    claims = {row["id"]: row for row in report["claims"]}
    before: set[str] = set()
    for sentence in sentences:
        named = thoughts_of(sentence["text"]) or before
        found += [f"{sentence['text']!r}: {wrong}" for wrong in _unfounded(sentence, claims, named)]
        before = named
    return found + list(_unfounded_generality(report))


def _unfounded(sentence: Mapping[str, Any], claims: Mapping[str, Any], named: set[str]) -> Iterator[str]:
    """Yield numbers that no field has, fields of claims that say nothing, and cells of thoughts not spoken of."""
    founded = set()
    for number in sentence["numbers"]:
        claim = claims.get(number["claim"])
        if claim is None or claim["status"] != "judged" or claim["verdict"] == "VOID":
            yield f"{number['claim']} was not judged"
            continue
        value, cell = _at(claim, number["field"])
        if number["claim"] not in sentence["claims"]:
            yield f"{number['claim']} is not named"
        if not _reads(number["text"], value):
            yield f"{number['text']!r} is not what stands at {number['field']}: {value!r}"
        if cell is not None and cell.get("thought") not in named:
            yield f"{number['field']} is of {cell.get('thought')}"
        founded |= set(_NUMBER.findall(number["text"]))
    yield from (
        f"{number} is no field" for number in _NUMBER.findall(_NAMES.sub("", sentence["text"])) if number not in founded
    )


def _at(claim: Mapping[str, Any], field: str) -> tuple[Any, Mapping[str, Any] | None]:
    """Return what stands at a path, and the cell that it is of."""
    value: Any = claim
    cell = None
    for part in field.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
        if isinstance(value, dict) and "thought" in value:
            cell = value
    return value, cell


def _reads(text: str, value: Any) -> bool:
    """Whether a number reads as a value: a place's level, a count, or percent with as many decimals as are written."""
    if isinstance(value, str):
        return _NUMBER.findall(text) == _NUMBER.findall(value)
    written, decimals = float(text), len(text.partition(".")[2])
    half = 0.5 * 10**-decimals + 1e-9
    return written == value or abs(written - abs(100 * value)) <= half


def thoughts_of(text: str) -> set[str]:
    """Return the thoughts that a text names, those between two of "CT0 to CT4" too."""
    names = set(re.findall(r"CT\d+", text))
    for first, last in re.findall(r"CT(\d+) to CT(\d+)", text):
        names |= {f"CT{k}" for k in range(int(first), int(last) + 1)}
    return names


def _unfounded_generality(report: Mapping[str, Any]) -> Iterator[str]:
    """Hold "CTj carries the result of step j + c" to the roles, and to the cells of every thought."""
    general = _GENERAL.search(report["explanation"]["text"])
    if general is None:
        return
    offset = int(f"{'-' if general[2] == '−' else ''}{general[3] or 0}")
    carried = {(row["thought"], row["step"]) for row in report["roles"] if row["role"] == "carries a step's result"}
    named = thoughts_of(general[1])
    if len(named) < 3:
        yield f"{sorted(named)} are too few to speak of CTj"
    yield from (f"{name} does not carry it" for name in named if (name, int(name[2:]) + offset) not in carried)
    for asks, cell in cells(report):
        step = int(cell["thought"].removeprefix("CT")) + offset
        if cell["value"] == step and cell["label"] == _AGAINST.get(asks):
            yield f"{cell['thought']} at {cell['place']} is {cell['label']}"


def cells(report: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the question and the cell of every judged claim about roles."""
    for claim in report["claims"]:
        details = (claim.get("effect") or {}).get("details") or {}
        if claim["status"] == "judged" and claim["verdict"] != "VOID" and "asks" in details:
            yield from ((details["asks"], cell) for cell in details["cells"])
