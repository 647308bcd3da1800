"""Data walks one way: what each room may import, from this project and from others."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = {
    "ctlab.errors": 0,
    "ctlab.settings": 0,
    "ctlab.wording": 0,
    "ctlab.problems": 1,
    "ctlab.interventions": 1,
    "ctlab.generation.record": 1,
    "ctlab.generation.measurement": 1,
    "ctlab.models": 2,
    "ctlab.generation": 2,
    "ctlab.store": 3,
    "ctlab.outcomes": 4,
    "ctlab.statistics": 5,
    "ctlab.claims": 6,
    "ctlab.reporting": 7,
    "ctlab.plugin": 8,
    "fixtures": 9,
    "hypotheses": 10,
}
"""Room to layer; the longest matching name counts."""

MAY_READ = {
    0: {0},
    1: {0, 1},
    2: {0, 1, 2},
    3: {0, 1, 3},
    4: {0, 1, 4},
    5: {0, 1, 4, 5},
    6: {0, 1, 5, 6},
    7: {0, 1, 4, 5, 6, 7},
    8: {0, 1, 3, 4, 5, 6, 7, 8},
    9: set(range(10)) - {2},
    10: {0, 1, 4, 5, 6, 10},
}
"""Layers that a layer may import at module level. The plugin and the fixtures reach layer 2 inside function bodies."""

THIRD_PARTY = {
    0: set(),
    1: set(),
    2: {"torch", "transformers", "safetensors", "tokenizers", "numpy"},
    3: {"filelock", "pyarrow"},
    4: {"numpy"},
    5: {"numpy", "scipy", "statsmodels", "pandas"},
    6: {"tomlkit"},
    7: {"matplotlib", "jinja2", "numpy", "markupsafe"},
    8: {"pytest", "_pytest", "xdist"},
    9: {"pytest"},
    10: {"pytest"},
}
"""Libraries that a layer may import, anywhere in its files."""

ANYWHERE = {
    ("ctlab.problems.datasets_hub", "datasets"),
    ("ctlab.models", "huggingface_hub"),
    ("ctlab.generation.measurement", "numpy"),
}
"""Single exceptions: (module prefix, library)."""

FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}
HEAVY = ("torch", "transformers", "matplotlib", "statsmodels", "scipy", "pandas", "pyarrow", "numpy")


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("ctlab", "fixtures", "hypotheses"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def layer_of(module: str) -> int | None:
    names = [name for name in LAYERS if module == name or module.startswith(name + ".")]
    return LAYERS[max(names, key=len)] if names else None


def imports(tree: ast.AST, *, module: str, package: bool, nested: bool) -> Iterator[str]:
    """Names that the module imports; with ``nested`` those inside functions too. Type checking blocks do not count."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not nested:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = module.split(".") if package else module.split(".")[:-1]
            prefix = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            base = ".".join(filter(None, (prefix, node.module)))
            yield from (f"{base}.{alias.name}" for alias in node.names)
        else:
            yield from imports(node, module=module, package=package, nested=nested)


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=lambda value: value if isinstance(value, str) else "")
def test_module_keeps_to_its_layer(module, path):
    layer = layer_of(module)
    if module in ("ctlab", "hypotheses", "fixtures"):
        return
    assert layer is not None, f"{module} has no layer: add its room to LAYERS"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = path.name == "__init__.py"
    for name in imports(tree, module=module, package=package, nested=layer not in (8, 9)):
        target = layer_of(name)
        if target is not None:
            assert target in MAY_READ[layer], f"{module} (layer {layer}) imports {name} (layer {target})"
    for name in imports(tree, module=module, package=package, nested=True):
        library = name.split(".")[0]
        if library in sys.stdlib_module_names or library in ("ctlab", "fixtures", "hypotheses"):
            continue
        excepted = any(module.startswith(prefix) and library == other for prefix, other in ANYWHERE)
        assert excepted or library in THIRD_PARTY[layer], f"{module} (layer {layer}) imports {library}"


def test_no_module_is_a_drawer_for_everything():
    assert [name for name, _ in modules() if name.split(".")[-1] in FORBIDDEN_NAMES] == []


def test_files_stay_readable():
    long = {name: lines for name, path in modules() if (lines := len(path.read_text("utf-8").splitlines())) > 300}
    assert long == {}


@pytest.mark.parametrize(
    "statement",
    ["import ctlab", "import ctlab.plugin", "import hypotheses.registry"],
)
def test_imports_that_everybody_pays_for_are_light(statement):
    code = f"import sys\n{statement}\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
