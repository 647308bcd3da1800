import subprocess
import sys

import ctlab.statistics


def test_every_public_name_is_there_sorted_and_no_module():
    assert ctlab.statistics.__all__ == sorted(ctlab.statistics.__all__)
    for name in ctlab.statistics.__all__:
        assert callable(getattr(ctlab.statistics, name)), f"{name} is shadowed by a module of the same name"


def test_importing_claims_and_judging_a_difference_needs_no_heavy_library():
    code = (
        "import sys, ctlab.claims; from ctlab.statistics import equivalence, paired_difference;"
        "paired_difference(3, 9, 200); equivalence(3, 9, 200, margin=.02);"
        "print([m for m in ('numpy', 'scipy', 'statsmodels', 'pandas', 'torch', 'tomlkit') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
