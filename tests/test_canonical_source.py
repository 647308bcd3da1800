"""One form for one program: the same under Python 3.11 to 3.13, another for every other program."""

import ast
import hashlib

import pytest

from ctlab.canonical_source import Home, canonical

# What Pythons tell apart: texts of f-strings, fields of newer grammars, characters of newer Unicode tables.
GRAMMAR = '''
import a.b, c as d
from e import f as g

@g(1)
class C(g, metaclass=d):
    x: int = 1
    """What x is."""

    async def m(self, p, /, q: "C" = 2.5, *r, s=1j, **t) -> None:
        global z
        async with p as (u, *v), q:
            yield [i async for i in r if i], {**t, "k": ...}, {1, 2}, -q[1:2, ::3]
        try:
            (y := await p(*r, **t)).h += 0xFF
        except* (ValueError, OSError) as error:
            raise error from None
        else:
            del y
        finally:
            assert not s, "\\N{ROLLING ON THE FLOOR LAUGHING} \\U0001FAE8 é \\x00" "joined" u"!"

def n(): return lambda *, k=(yield): k if k < 1 <= 2 else b"\\xff" @ k

match n:
    case {"k": [1, *_], **rest} | C(x=None) as whole if rest: pass
    case -1.5: z = f"{z!r:>{g}}" f"{{{z}:{g}.2f}}" "end" f"" f"{z = }"
while True: break
else: continue_ = None
'''


def form(text):
    """Write a module of a package ``pack`` whose parts a and c are modules."""

    def find(home):
        if home.module.partition(".")[0] != "pack":
            return None
        return Home(f"pack.{home.name}", None) if home.module == "pack" and home.name in ("a", "c") else home

    return canonical(ast.parse(text), "pack.main", find)


def test_every_python_writes_the_recorded_form():
    assert hashlib.sha256(form(GRAMMAR).form.encode()).hexdigest()[:16] == "df0d079fbf2b9abb"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = (1,)", "x = (1)"),
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = True"),
        ("x = 'a'", "x = b'a'"),
        ("x = 'None'", "x = None"),
        ("x = {None: 1}", "x = {**1}"),
        ("x = f'{y}'", "x = f'{y!s}'"),
        ("x = f'{y}a'", "x = f'{y:a}'"),
        ("x = y[0,]", "x = y[0]"),
        ("f(x, y)", "f(x)(y)"),
        ("if x:\n    y()\nz()", "if x:\n    y()\n    z()"),
        ("if x:\n    pass\nelse:\n    y()", "if x:\n    y()"),
        ("def f(x, *, y=1): pass", "def f(x, y=1): pass"),
        ("def f(): return", "def f(): return None"),
        ("from pack.a import f", "from a import f"),
        ("from pack.a import f", "from pack.a import g as f"),
        ("if x:\n    from pack.a import f", "from pack.a import f\nif x:\n    pass"),
        ("if not TYPE_CHECKING:\n    x = 1", "if TYPE_CHECKING:\n    x = 1"),
    ],
)
def test_other_programs_have_other_forms(one, other):
    assert form(one).form != form(other).form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 'a' 'b'", 'x = ("ab")'),
        ("x = [1, 2]", "x = [\n  1,  # one\n  2,\n]\n\n"),
        ("def f():\n    '''Do.'''\n    return 1", "def f(): return 1"),
        ("class C:\n    x: int\n    '''Unit.'''", "class C:\n    x: int"),
        ("from b import c\nfrom a import b\nimport z", "import z\nfrom a import b\nfrom b import c"),
        ("if TYPE_CHECKING:\n    from pack.a import f\nelse:\n    f = 1", "f = 1"),
    ],
)
def test_the_same_program_has_the_same_form(one, other):
    assert form(one) == form(other)


def test_names_of_modules_are_in_no_form():
    found = form("from pack import c as see, a\nfrom pack.b import f\nimport pack.d as d\nx = f(d.y, a.z)")
    assert found.targets == ("pack.b", "pack.d", "pack.a", "pack.c")  # names, modules as they are used, then the unused
    assert not {"pack", "see", "d", "a"} & set(found.form.split("\n"))
