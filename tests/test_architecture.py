"""Data walks one way: what each room may import, from this project and from others; no circle, no name twice."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import ctlab.records

ROOT = Path(__file__).parents[1]

ROOMS = (
    "untrusted_text",
    "errors",
    "canonical_source",
    "source_digest",
    "function_digest",
    "argument_parser",
    "deprecated",
    "field_docs",
    "lazy",
    "files",
    "mistaken_files",
    "inputs",
    "delimited_text",
    "file_options",
    "key_values",
    "formatting",
    "showing",
    "frames",
    "option_values",
    "bound_models",
    "settings",
    "records",
    "problems",
    "results",
    "interventions",
    "models",
    "engine",
    "probes",
    "certify",
    "store",
    "outcomes",
    "statistics",
    "measures",
    "claims",
    "reporting",
    "judging",
    "lab",
    "generation",
    "score_answers",
    "sweeps",
    "plot",
    "reproduction",
    "commands",
    "plugin",
    "__main__",
)
"""Rooms of `ctlab/` from the ground up: each imports only what stands before it (docs/architecture.md)."""

HEAVY_ROOMS = {"models", "engine", "probes", "certify"}
"""Rooms that torch and transformers belong to; rooms above reach them inside function bodies only."""

THIRD_PARTY = {
    "records": {"numpy"},
    "problems": {"datasets", "pyarrow"},
    "results": {"pyarrow", "inspect_ai"},
    "interventions": {"numpy"},
    "models": {"torch", "transformers", "safetensors", "tokenizers", "numpy", "huggingface_hub"},
    "engine": {"torch", "transformers", "numpy"},
    "probes": {"torch", "transformers", "numpy", "safetensors"},
    "certify": {"torch", "transformers", "numpy"},
    "frames": {"pandas"},
    "generation": set(),
    "score_answers": set(),
    "sweeps": {"numpy"},
    "plot": {"matplotlib"},
    "store": {"pyarrow"},
    "outcomes": {"numpy"},
    "statistics": {"numpy", "scipy", "statsmodels"},
    "measures": {"numpy"},
    "claims": {"tomlkit"},
    "reporting": {"matplotlib", "jinja2", "numpy", "pyarrow", "pydantic", "pydantic_core"},
    "judging": {"numpy"},
    "lab": set(),
    "reproduction": {"torch", "transformers"},
    "commands": set(),
    "plugin": {"pytest", "_pytest", "pluggy", "xdist"},
    "__main__": set(),
    "fixtures": {"pytest"},
    "hypotheses": {"pytest"},
    "hypotheses_published": {"pytest"},
}
"""Libraries that a room may import, anywhere in its files; no other room imports pytest."""

NAMES_TWICE = {
    "__main__": "Python asks for this name",
    "audit": "of a checkpoint's tensors, and of the labels by a reader",
    "cells": "of a sweep, and the summary of thoughts by strata",
    "coconut": "the family of models, and the rows that it was published with",
    "attention_flow": "the measure, its summary and its figure",
    "divergence": "the probe that records it and the measure read off it",
    "generation": "the record, and the call that makes it",
    "judge": "of a claim by its effect, and the command for result files",
    "parquet": "the file format, of problems and of result files",
    "patches": "what is fed in place of a thought, and what proves that it was",
    "registry": "what was registered, and the command that migrates its file",
    "report": "what the lab puts together, and the command that renders it again",
    "reasoning_paths": "the summary and its figure",
    "untrusted_text": "for every terminal and page, and cut for a page",
}
"""Module names that stand in two rooms, and what they are both about."""

FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}
HEAVY = ("torch", "transformers", "matplotlib", "statsmodels", "scipy", "pandas", "pyarrow", "numpy", "pydantic")


@cache
def modules() -> dict[str, Path]:
    found = {}
    for top in ("ctlab", "fixtures", "hypotheses", "hypotheses_published"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def room_of(module: str) -> str:
    top, _, rest = module.partition(".")
    return rest.partition(".")[0] if top == "ctlab" else top


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(module: str, *, everywhere: bool = True) -> tuple[str, ...]:
    """Modules and libraries that a module imports; without ``everywhere`` only what importing it imports."""
    path = modules()[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]

    def walk(node: ast.AST) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):  # no import stands in an expression, and most of a file is expressions
                continue
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            checking = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            if (inside or checking) and not everywhere:
                continue
            if isinstance(child, ast.Import):
                yield from (alias.name for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                parents = package.split(".")[: len(package.split(".")) - child.level + 1] if child.level else []
                base = ".".join(filter(None, (*parents, child.module)))
                for alias in child.names:
                    name = f"{base}.{alias.name}"
                    yield name if name in modules() else base
            else:
                yield from walk(child)

    return tuple(name for name in walk(parsed(path)) if name != module)


def mine(name: str) -> bool:
    return name in modules() and room_of(name) not in ("", "fixtures", "hypotheses", "hypotheses_published")


@pytest.mark.parametrize("module", [name for name in modules() if name != "ctlab"])
def test_module_keeps_to_its_room(module):
    room = room_of(module)
    if module.startswith("ctlab."):
        assert room in ROOMS, f"{module}: add its room to ROOMS"
        for name in filter(mine, imports(module)):
            assert ROOMS.index(room_of(name)) <= ROOMS.index(room), f"{module} imports {name}, which stands above it"
    if room not in HEAVY_ROOMS:
        for name in imports(module, everywhere=False):
            # The packages themselves import nothing heavy: their public names are looked up when they are used.
            heavy = mine(name) and room_of(name) in HEAVY_ROOMS and name.count(".") > 1
            assert not heavy, f"{module} imports {name} at module level, and with it torch"
    for name in imports(module):
        library = name.partition(".")[0]
        if library in sys.stdlib_module_names or library in ("ctlab", "fixtures", "hypotheses", "hypotheses_published"):
            continue
        assert library in THIRD_PARTY.get(room, set()), f"{module} imports {library}"


def test_every_library_that_a_room_imports_is_a_dependency_with_a_lower_bound():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    bounds = [*project["dependencies"], *optional["datasets"], *optional["inspect"], *optional["notebook"]]
    stated = {name for name, least in (bound.split(">=") for bound in bounds) if least}
    imported = {name.partition(".")[0] for module in modules() for name in imports(module)}
    brought = {"_pytest", "pluggy", "pydantic_core"}  # by pytest and pydantic
    asked_for = {"ipykernel"}  # a notebook's kernel, which nothing imports
    ours = {"ctlab", "fixtures", "hypotheses", "hypotheses_published"}
    assert imported - set(sys.stdlib_module_names) - ours - brought == stated - asked_for


def test_the_architecture_page_names_every_room_from_the_ground_up():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `ctlab/(\w+)(?:\.py|/)` \|", page, flags=re.MULTILINE)) == ROOMS
    there = {
        path.stem for path in (ROOT / "ctlab").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert there - {"__init__"} == set(ROOMS)


def test_there_are_no_circles():
    graph = {name: {each for each in imports(name) if each in modules()} for name in modules()}
    while leaves := [name for name, targets in graph.items() if not targets & graph.keys()]:
        for name in leaves:
            del graph[name]
    # What is left lies on a circle or imports one.
    while roots := set(graph) - {each for targets in graph.values() for each in targets}:
        for name in roots:
            del graph[name]
    assert graph == {}


def test_the_plugin_is_glue_to_pytest_and_nothing_else():
    without = [name for name in modules() if room_of(name) == "plugin" and "pytest" not in imports(name)]
    assert without == [], "what needs no pytest belongs to the lab, or below it"


def test_records_are_imported_from_records():
    borrowed = []
    for name, path in modules().items():
        if not mine(name) or path.name == "__init__.py":  # a package may show records to suites
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ImportFrom) and not str(node.module).startswith("ctlab.records"):
                names = {alias.name for alias in node.names} & set(ctlab.records.__all__)
                borrowed += [f"{name} imports {record} from {node.module}" for record in sorted(names)]
    assert borrowed == []


def test_no_name_stands_for_two_things():
    homes = defaultdict(list)
    for name, path in modules().items():
        # A kind of claim may be called what the statistic that answers it is called.
        if path.name != "__init__.py" and name.startswith("ctlab.") and not name.startswith("ctlab.claims.kinds."):
            homes[name.rpartition(".")[2]].append(name)
    twice = {name: found for name, found in homes.items() if len(found) > 1}
    assert {name: found for name, found in twice.items() if name not in NAMES_TWICE} == {}
    assert sorted(twice) == sorted(NAMES_TWICE), "a name that no longer stands twice needs no reason"
    # A figure and its summary are one thing in two parts of one room.
    folders = {name: {each.rpartition(".")[0] for each in found} for name, found in twice.items()}
    assert all(len(folders[name]) == len(twice[name]) for name in twice)


def test_no_module_is_a_drawer_for_everything():
    assert [name for name in modules() if name.rpartition(".")[2] in FORBIDDEN_NAMES] == []


def test_files_stay_readable():
    long = {
        name: lines for name, path in modules().items() if (lines := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert long == {}


REFERENCE = (
    "expected_edges",
    "networks",
    "networks.arithmetic",
    "networks.gpt2",
    "networks.recurrent_depth",
    "networks.rotary",
    "networks.rotary_decoder",
    "reference",
    "weights",
)
"""Modules of `ctlab.certify` that say what an answer must be: they share nothing but weights with what made it."""


@pytest.mark.parametrize("name", REFERENCE)
def test_what_certifies_shares_nothing_with_what_is_certified(name):
    allowed = {
        "ctlab.certify",
        "ctlab.interventions",
        "ctlab.models.families",
        "ctlab.models.families.training_settings",
        "ctlab.models.reasoner",  # the holder of the weights
    }
    imported = {each for each in imports(f"ctlab.certify.{name}") if each.startswith(("ctlab", "transformers"))}
    strange = {each for each in imported if each not in allowed and not each.startswith("ctlab.certify.")}
    assert strange == set()
    mine = {each.removeprefix("ctlab.certify.") for each in imported if each.startswith("ctlab.certify.")}
    assert mine <= set(REFERENCE)
    # Of the model its weights and words are read; what computes of it is not called.
    source = modules()[f"ctlab.certify.{name}"].read_text(encoding="utf-8")
    calls = {ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}
    assert not {call for call in calls if re.search(r"\.(project|projection|network|forward|base_model)$", call)}


def test_every_network_that_certificates_know_is_part_of_the_reference():
    assert {name for name in modules() if name.startswith("ctlab.certify.networks")} <= {
        f"ctlab.certify.{name}" for name in REFERENCE
    }


@pytest.mark.parametrize(
    "statement", ["import ctlab", "import ctlab.plugin", "import hypotheses.registry", "import ctlab.reporting"]
)
def test_imports_that_everybody_pays_for_are_light(statement):
    code = f"import sys\n{statement}\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_python_that_misreads_numbers_is_refused_in_one_sentence():
    code = "import sys; sys.version_info = (3, 11, 4, 'final', 0); import ctlab"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("ImportError: ctlab needs Python 3.11.5 or newer")
