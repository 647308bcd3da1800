"""Keys from source: what decides a value changes its key, and nothing else does, under whatever Python."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from ctlab.errors import CtlabError
from ctlab.source_digest import ROOT, source_digest

LABEL, CHANCE = "ctlab.outcomes.taxonomy", "ctlab.outcomes.chance"
CERTIFICATE, PICTURE = "ctlab.certify.interventions", "ctlab.reporting.figures.attention_flow"
MODULES = (LABEL, CHANCE, CERTIFICATE, PICTURE)
NUMBERS = "problems/text/written_numbers.py"


@pytest.fixture
def copy(tmp_path):
    """Our source elsewhere, to be edited; every call gives another copy, as a process remembers what it read."""

    def make(name):
        root = tmp_path / name / "ctlab"
        shutil.copytree(ROOT, root, ignore=lambda _, names: [n for n in names if "." in n and not n.endswith(".py")])
        return root

    return make


def keys(root=ROOT):
    return [source_digest(module, root=root) for module in MODULES]


def ruff(command, *options):
    subprocess.run([sys.executable, "-m", "ruff", command, "--isolated", "--no-cache", "--quiet", *options], check=True)


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_copy_has_the_same_keys(copy):
    root = copy("same")
    assert keys(root) == keys()


def test_how_a_number_is_read_changes_the_keys_of_labels_and_chance_rates(copy):
    root = copy("edited")
    edit(root / NUMBERS, 'return (match["digits"] or "").replace(",", ""),', 'return (match["digits"] or ""),')
    for module in (LABEL, CHANCE, "ctlab.outcomes.extraction"):
        assert source_digest(module, root=root) != source_digest(module)
    assert source_digest(PICTURE, root=root) == source_digest(PICTURE)


def test_a_check_s_tolerance_and_a_line_of_the_engine_change_the_key_of_certificates(copy):
    tolerance, engine = copy("tolerance"), copy("engine")
    edit(tolerance / "certify" / "interventions.py", "_SOFTMAX = 1e-5", "_SOFTMAX = 1e-4")
    edit(engine / "engine" / "plan.py", "_ENCODED_AT_ONCE = 1024", "_ENCODED_AT_ONCE = 1023")
    keys = {source_digest(CERTIFICATE, root=root) for root in (ROOT, tolerance, engine)}
    assert len(keys) == 3
    assert source_digest(LABEL, root=engine) == source_digest(LABEL)


def test_comments_and_docstrings_change_no_key(copy):
    root = copy("commented")
    for path in root.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r'^( *)"""(?=[A-Z])', r'\1# Another comment.\n\1"""Another docstring: ', text, flags=re.M)
        path.write_text(text, encoding="utf-8")
    assert keys(root) == keys()


@pytest.mark.parametrize("width", [60, 200])
def test_formatting_changes_no_key(copy, width):
    root = copy("formatted")
    before = (root / NUMBERS).read_text(encoding="utf-8")
    ruff("format", f"--line-length={width}", "--config=format.quote-style='single'", root)
    assert (root / NUMBERS).read_text(encoding="utf-8") != before
    assert keys(root) == keys()


@pytest.mark.parametrize(
    ("old", "new"), [("problems.text.numbers", "problems.text.figures"), ("engine.attention", "engine.attending")]
)
def test_a_renamed_module_changes_no_key(copy, old, new):
    root = copy("renamed")
    (root / f"{old.replace('.', '/')}.py").rename(root / f"{new.replace('.', '/')}.py")
    package, _, name = f"ctlab.{old}".rpartition(".")
    renamed = new.rpartition(".")[2]
    for path in root.rglob("*.py"):
        text = path.read_text(encoding="utf-8").replace(f"from ctlab.{old} import", f"from ctlab.{new} import")
        if f"from {package} import {name}\n" in text:  # used by its own name
            text = text.replace(f"from {package} import {name}\n", f"from {package} import {renamed}\n")
            text = re.sub(rf"(?<!\.)\b{name}\.", f"{renamed}.", text)
        path.write_text(text, encoding="utf-8")
    ruff("check", "--select=I", "--fix", root)
    assert keys(root) == keys()


@pytest.fixture
def package(tmp_path):
    """Write a small package; its parts are given by their names, and ``main`` is what is digested."""
    count = iter(range(100))

    def digest(main, **parts):
        root = tmp_path / str(next(count)) / "pack"
        for name, text in {"main": main, "__init__": "", **parts}.items():
            path = root / f"{name.replace('.', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return source_digest("pack.main", root=root)

    return digest


HALF = "def half(x, by=2):\n    return x / by\n"


@pytest.mark.parametrize(
    "changed",
    [
        "def half(x, by=3):\n    return x / by\n",
        "def half(x, by=2.0):\n    return x / by\n",
        "def half(x, by='2'):\n    return x / by\n",
        "def half(x, by=2):\n    return x // by\n",
        "def half(x, *, by=2):\n    return x / by\n",
        "@cache\ndef half(x, by=2):\n    return x / by\n",
        "def half(x, by=2):\n    return (x, by)\n",
        "async def half(x, by=2):\n    return x / by\n",
        "def halves(x, by=2):\n    return x / by\n",
        f"{HALF}LIMIT = 5\n",
    ],
)
def test_what_decides_changes_the_key(package, changed):
    main = "from pack.part import half\n"
    assert package(main, part=HALF) != package(main, part=changed)


@pytest.mark.parametrize(
    "same",
    [
        '"""A docstring."""\n\n# A comment.\n' + HALF,
        'def half(\n    x,\n    by=2,\n):\n    """Half."""\n    return (\n        x / by\n    )\n',
        "def half(x, by=0x2): return x/by",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from pack.nowhere import Name\n\n" + HALF,
    ],
)
def test_what_does_not_decide_leaves_the_key(package, same):
    main = "from pack.part import half\n"
    assert package(main, part=HALF) == package(main, part=same)


@pytest.mark.parametrize(
    "main",
    [
        "from pack.part import half\n",
        "from pack import part\nhalf = part.half\n",
        "import pack.part as part\nhalf = part.half\n",
        "def f():\n    from pack.part import half\n    return half\n",
        "try:\n    from pack.part import half\nexcept ImportError:\n    half = None\n",
        "from pack.through import half\n",
        "from pack.hands.on import half\n",
        "from pack.hands import half\n",
        "from pack.later import half\n",
        "class C:\n    from pack.part import half\n",
    ],
)
def test_every_way_to_import_counts(package, main):
    parts = {
        "through": "from pack.part import half\n",
        "hands.__init__": "from pack.hands.on import half\n",
        "hands.on": "from pack.part import half\n",
        "later.__init__": "from pack.lazy import exports\n__getattr__ = exports(__name__, {'half': 'on'})\n",
        "later.on": "from pack.part import half\n",
        "lazy": "from importlib import import_module\n",
    }
    assert package(main, part=HALF, **parts) != package(main, part=HALF.replace("2", "3"), **parts)


def test_a_package_is_seen_through_to_the_module_that_is_meant(package):
    room = "from pack.room.part import half\nfrom pack.room.other import third\n"
    parts = {"main": "from pack.room import half\n", "room.__init__": room, "room.part": HALF}
    one, two, three = ({"room.other": f"third = 1 / {n}\n"} for n in (3, 3, 4))
    assert package(**parts, **one) == package(**parts, **two) == package(**parts, **three)


def test_the_same_name_from_elsewhere_is_another_key(package):
    parts = {"a": "f = 1\n", "b": "f = 2\n"}
    names = [f"from pack.{one} import f as g\nfrom pack.{two} import f\n" for one, two in (("a", "b"), ("b", "a"))]
    modules = [f"from pack import a, b\nx = {one}.f + 2 * {two}.f\n" for one, two in (("a", "b"), ("b", "a"))]
    assert len({package(main, **parts) for main in (*names, *modules)}) == 4


def test_the_order_of_imports_and_the_names_of_modules_leave_the_key(package):
    one = package("from pack import a\nfrom pack.b import f\nx = a.f + f\n", a="f = 1\n", b="f = 2\n")
    other = package("from pack.y import f\nfrom pack import z\nx = z.f + f\n", z="f = 1\n", y="f = 2\n")
    assert one == other


def test_a_circle_of_imports_ends_and_counts(package):
    circle = {
        "a": "def f():\n    from pack.b import g\n    return g\n",
        "b": "def g():\n    from pack.a import f\n    return f\n",
    }
    main = "from pack.a import f\n"
    changed = {**circle, "b": circle["b"] + "LIMIT = 1\n"}
    assert package(main, **circle) == package(main, **circle) != package(main, **changed)


@pytest.mark.parametrize(
    ("main", "sentence"),
    [
        ("from pack.gone import f\n", r"no source of a module pack\.gone"),
        ("from pack.part import *\n", "pack.main: import single names"),
        ("from .part import half\n", "pack.main: import single names"),
        ("import pack.part\n", r"write `from … import …` instead of `import pack\.part`"),
        (
            "from importlib import import_module\nhalf = import_module('pack.part').half\n",
            "pack.main uses importlib",
        ),
        ("import importlib\nhalf = importlib.import_module('pack.part').half\n", "pack.main uses importlib"),
        ("half = __import__('pack.part').half\n", "pack.main uses __import__"),
    ],
)
def test_what_the_source_does_not_tell_is_refused(package, main, sentence):
    with pytest.raises(CtlabError, match=sentence):
        package(main, part=HALF)


def test_without_source_the_version_stands_for_it_and_it_is_said(tmp_path, caplog):
    with zipfile.ZipFile(tmp_path / "ctlab.zip", "w") as archive:
        archive.write(ROOT / "__init__.py", "ctlab/__init__.py")
    root = tmp_path / "ctlab.zip" / "ctlab"
    assert source_digest(LABEL, root=root) == source_digest(CHANCE, root=root) == f"ctlab {version('ctlab')}"
    assert caplog.text.count("ctlab.zip/ctlab holds no source") == 1


def test_an_unknown_version_is_never_taken_for_another(tmp_path):
    keys = {source_digest("pack.main", root=tmp_path / name / "pack_that_nobody_installs") for name in ("a", "b")}
    assert len(keys) == 2


@pytest.mark.parametrize("minor", [11, 12, 13])
def test_every_python_makes_the_same_keys(minor):
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = [*pyenv.glob(f"versions/3.{minor}*/bin/python"), shutil.which(f"python3.{minor}")]
    if found == [None]:
        pytest.skip(f"this machine has no Python 3.{minor}")
    code = f"import sys; sys.path.insert(0, {str(ROOT.parent)!r})\n"
    code += f"from ctlab.source_digest import source_digest as s; print(*(s(module) for module in {MODULES}))"
    result = subprocess.run([found[0], "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == keys()
