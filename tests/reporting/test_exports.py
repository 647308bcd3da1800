import subprocess
import sys

import ctlab.reporting


def test_public_names_are_sorted_and_there():
    assert ctlab.reporting.__all__ == sorted(ctlab.reporting.__all__)
    assert all(callable(getattr(ctlab.reporting, name)) for name in ctlab.reporting.__all__)


def test_importing_the_room_imports_nothing_heavy():
    code = (
        "import sys; from ctlab.reporting import error_taxonomy, problem_sensitivity, write_report\n"
        "heavy = {'matplotlib', 'numpy', 'scipy', 'pandas', 'statsmodels', 'jinja2', 'torch'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
