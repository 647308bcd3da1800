"""What `import ctlab` offers, sorted, each name found where it says and described."""

import subprocess
import sys

import pytest

import ctlab

NAMES = [
    *("Condition", "Intervention", "Lab", "Patch", "Problem", "classify", "generate", "judge_results", "load_model"),
    *("load_problems", "measure", "plot", "read_results", "score", "statistics", "sweep"),
]


def test_the_public_names_are_these():
    assert ctlab.__all__ == dir(ctlab) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_there_and_has_help(name):
    assert getattr(ctlab, name).__doc__


def test_a_lab_of_an_engine_and_its_help_import_nothing_heavy():
    code = (
        "import sys, ctlab\nctlab.Lab, ctlab.plot.forest\n"
        "print([name for name in ('torch', 'pandas', 'matplotlib', 'transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
