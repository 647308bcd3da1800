"""What a file might hold, drawn from one that is right: its JSON or TOML with a value, a key or a byte changed."""

import copy
import json
import random
from typing import Any

from benchmarks.fuzz_texts import ODD, answer, number

_HUGE = "\x01huge\x01"
_DEEP = "\x01deep\x01"
_LITERALS = {_HUGE: "9" * 5000, _DEEP: "[" * 400 + "]" * 400}
"""What `json.dumps` cannot or will not write: it stands for itself until the text is there."""


def value(rng: random.Random, depth: int = 0) -> Any:
    """Any JSON value: of the wrong type, too large, too deep, hostile."""
    plain: tuple[Any, ...] = (
        *(None, True, False, 0, 1, -1, 3, 10**6, 10**30, 10**299, 10**400, -(10**400), 2**63, 0.5, -0.0, 1e308),
        *(float("nan"), float("inf"), -float("inf"), "", " ", "1e999", "10e999", "CT0", "CT99999999", "baseline"),
        *("a" * 5000, "\ud800", "\x00", "<b>", "../x", "NaN", "all", "2026-11-26", _HUGE, _DEEP),
        *([], {}, [[]], {"": {}}),
    )
    drawn = rng.randrange(10)
    if drawn < 6 or depth > 3:
        return rng.choice(plain)
    if drawn == 6:
        return rng.choice((answer, number))(rng)
    if drawn == 7:
        return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    if drawn == 8:
        names = rng.choices(("name", "a", "keys", "by", "", *ODD[:9]), k=rng.randrange(4))
        return {name: value(rng, depth + 1) for name in names}
    nested: Any = rng.choice(plain)
    for _ in range(rng.choice((5, 60, 99))):
        nested = rng.choice(([nested], {"a": nested}))
    return nested


def changed(form: Any, rng: random.Random) -> Any:
    """A copy of a form with one to three of its values replaced, taken out, renamed or added."""
    form = copy.deepcopy(form)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        places = list(_places(form))
        if not places or rng.random() < 0.02:
            return value(rng)
        container, key = rng.choice(places)
        match rng.randrange(6):
            case 0:
                del container[key]
            case 1 if isinstance(container, dict):
                container[rng.choice(("x", "", f"{key}s", *ODD[:9]))] = container.pop(key)
            case 2 if isinstance(container, dict):
                container[rng.choice(("seed", "note", "self"))] = value(rng)
            case 3 if isinstance(container, list):
                container.append(copy.deepcopy(container[key]))
            case _:
                container[key] = value(rng)
    return form


def _places(form: Any) -> Any:
    """Every (container, key) of a form."""
    items = form.items() if isinstance(form, dict) else enumerate(form) if isinstance(form, list) else ()
    for key, inside in list(items):
        yield form, key
        yield from _places(inside)


def json_text(form: Any, rng: random.Random) -> bytes:
    """Write a form as JSON, and damage some of the texts: bytes, encodings, keys that stand twice, a cut."""
    text = json.dumps(form, ensure_ascii=rng.random() < 0.8)
    for mark, literal in _LITERALS.items():
        text = text.replace(json.dumps(mark), literal)
    return damaged(text.encode("utf-8", "surrogatepass"), rng)


def damaged(content: bytes, rng: random.Random, share: float = 0.3) -> bytes:
    """Damage a share of contents as disks, editors and people do."""
    if rng.random() >= share:
        return content
    at = rng.randrange(len(content) + 1)
    match rng.randrange(11):
        case 0:
            return content[:at]
        case 1:
            return content[:at] + b"\xff" + content[at:]
        case 2:
            return b"\xef\xbb\xbf" + content
        case 3:
            return content.decode("utf-8", "replace").encode("utf-16")
        case 4:
            return content[:at] + b"[" * 100_000 + content[at:]
        case 5:
            return content[:at] + b"9" * 5000 + content[at:]
        case 6:
            return content[:at] + content[max(0, at - 30) :]
        case 7:
            return content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]
        case 8:
            return content + rng.choice((b"\x00", b"}", b"\n{", b"\n\n", b","))
        case 9:
            return content[:at] + rng.choice((b"NaN", b"null", b"-", b'"', b"1e999", b"{}", b"\\ud800")) + content[at:]
        case _:
            return content[:at] + content[at + rng.randrange(1, 40) :]


def toml_text(text: str, rng: random.Random) -> bytes:
    """Replace values and lines of a TOML text, and damage some of the results."""
    lines = text.splitlines()
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(lines))
        name, equals, rest = lines[at].partition(" = ")
        match rng.randrange(5):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, rng.choice(lines))
            case 2 if equals and "{" in rest:  # one field of an event
                fields = rest.split(", ")
                which = rng.randrange(len(fields))
                fields[which] = f"{fields[which].partition(' = ')[0]} = {_toml_value(rng)}"
                lines[at] = f"{name} = {', '.join(fields)}"
            case 3:
                lines[at] = lines[at].replace(rng.choice(("'", '"', "[", "=", "{")), "", 1)
            case _ if equals:
                lines[at] = f"{name} = {_toml_value(rng)}"
        lines = lines or ["schema = 2"]
    return damaged("\n".join(lines).encode("utf-8", "surrogatepass"), rng, 0.2)


def _toml_value(rng: random.Random) -> str:
    plain = (
        *("0", "1", "-1", "0.1", "1e999", "inf", "nan", "true", "[]", "{}", "[[]]", "[0.1, 0.2]", "{a = 1}"),
        *("9" * 400, "9" * 5000, "0x" + "f" * 4000, "[" * 90 + "]" * 90, "[" * 5000, '"' + "a" * 5000 + '"'),
        *("2026-11-26", "2026-11-26T00:00:00Z", "12:00:00", '""', '"VOID"', '"2026"', '"REFUTED"', '"accepted"'),
        *('"registered"', '["a"]', '"\\u0000"'),
    )
    return rng.choice(plain)
