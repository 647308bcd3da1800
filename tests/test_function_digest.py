"""What moves the digest of somebody's function, what does not, and of what none can be taken."""

import importlib
import itertools
import sys

import pytest

from ctlab.errors import CtlabError
from ctlab.function_digest import function_digest

COUNT = itertools.count()

PLAIN = """
import re
from functools import cache

UNITS = ("km", "kg")
PATTERN = re.compile("km|kg")
UNUSED = 1
LEAST = 20

def has_unit(problem, text):
    return any(unit in text for unit in UNITS)

def by_pattern(problem, text):
    return PATTERN.search(text) is not None

def helper(text):
    return text.strip()

def calls(problem, text):
    return helper(text) == ""

def longer(problem, text, least=LEAST):
    return len(text) > least

def made(word):
    def inside(problem, text):
        return word in text
    return inside

@cache
def kept(problem, text):
    return helper(text) == ""

says_km = made("km")
short = lambda problem, text: len(text) < 5
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write a module under a name that no other test has, and import it."""
    monkeypatch.syspath_prepend(str(tmp_path))
    names = []

    def write(text, name=""):
        name = name or f"suite_{next(COUNT)}"
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        names.append(name)
        return importlib.import_module(name)

    yield write
    for name in names:
        sys.modules.pop(name, None)


FUNCTIONS = ("has_unit", "by_pattern", "calls", "longer", "says_km", "short", "kept")


def digests(module):
    return {name: function_digest(getattr(module, name)) for name in FUNCTIONS}


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ("def has_unit(problem, text):", "def has_unit(problem, text):\n    '''Say so.'''  # indeed\n", set()),
        ("UNUSED = 1", "UNUSED = 2", set()),
        ("def has_unit", "\n\n\ndef has_unit", set()),
        ("any(unit in text", "all(unit in text", {"has_unit"}),
        ('"kg")\n', '"g")\n', {"has_unit"}),
        ('("km|kg")', '("km|kg", re.IGNORECASE)', {"by_pattern"}),
        ("text.strip()", "text.lstrip()", {"calls", "kept"}),
        ("LEAST = 20", "LEAST = 21", {"longer"}),
        ('made("km")', 'made("kg")', {"says_km"}),
        ("word in text", "word not in text", {"says_km"}),
        ("< 5", "< 6", {"short"}),
    ],
)
def test_what_a_function_says_moves_its_digest_and_nothing_else_does(written, old, new, moved):
    assert PLAIN.count(old) == 1
    before, after = digests(written(PLAIN)), digests(written(PLAIN.replace(old, new)))
    assert {name for name in FUNCTIONS if before[name] != after[name]} == moved


def test_the_name_of_a_function_does_not_count(written):
    module = written(PLAIN)
    renamed = written(PLAIN.replace("def has_unit", "def with_unit"))
    assert function_digest(module.has_unit) == function_digest(renamed.with_unit)


def test_helpers_in_other_files_of_the_suite_count(written):
    helpers = "UNITS = ('km',)\n\ndef has_unit(text):\n    return any(unit in text for unit in UNITS)\n"
    found = []
    for text in (helpers, helpers.replace("km", "kg"), helpers.replace("any(", "all(")):
        name = written(text).__name__
        using = f"import {name} as helpers\nfrom {name} import has_unit\n\n"
        using += "def direct(problem, text):\n    return has_unit(text)\n\n"
        using += "def through(problem, text):\n    return helpers.has_unit(text)\n"
        module = written(using)
        found.append((function_digest(module.direct), function_digest(module.through)))
    assert len({direct for direct, _ in found}) == 3
    assert len({through for _, through in found}) == 3


def test_equal_constants_count_alike_whether_they_are_one_object(written):
    text = "A = ('km', 'kg')\nB = {}\n\ndef f(problem, text):\n    return text in A or text in B\n"
    shared = written(text.format("A"))
    apart = written(text.format("tuple(['km', 'kg'])"))
    assert shared.A is shared.B
    assert apart.A is not apart.B
    assert function_digest(shared.f) == function_digest(apart.f)


def test_what_holds_itself_ends(written):
    module = written("HELD = [str.lower]\nHELD.append(HELD)\n\ndef f(problem, text):\n    return text in HELD\n")
    assert len(function_digest(module.f)) == 16


def test_functions_that_call_each_other_end(written):
    module = written(
        "def even(n):\n    return n == 0 or odd(n - 1)\n\ndef odd(n):\n    return n != 0 and even(n - 1)\n"
    )
    assert function_digest(module.even) != function_digest(module.odd)


def test_of_a_library_the_name_counts(written):
    first = written("import math\n\ndef f(p):\n    return math.sqrt(len(p.question))\n")
    other = written("import math\n\ndef f(p):\n    return math.cbrt(len(p.question))\n")
    assert function_digest(first.f) != function_digest(other.f)
    assert function_digest(len) != function_digest(abs)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "import io\nHELD = io.StringIO()\n\ndef f(p):\n    return HELD.read()\n",
            "it reads a StringIO, which has no form",
        ),
        ("def f(p):\n    from helpers import g\n    return g(p)\n", "f imports inside its body; import at the top of"),
        (
            "def f(p):\n    from . import g\n    return g(p)\n",
            "f imports inside its body; import at the top",
        ),
        ("f, g = lambda p: 1, lambda p: 2\n", "there are 2 lambdas in line 1 of its file; write functions with `def`"),
        ("exec('def f(p): return 1')\n", "the source of f cannot be read; write it in a file of the suite"),
    ],
)
def test_of_what_no_digest_can_be_taken(written, text, message):
    with pytest.raises(CtlabError, match=message):
        function_digest(written(text).f)
