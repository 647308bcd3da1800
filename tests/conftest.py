"""What every test relies on.

Ten thousand collected tests are objects that live to the end. The garbage collector would look at all of them again and
again, and a simulation take ten times as long: six positions alike, 150 runs, 80 s instead of 1.

Nothing timed is a test: on a busy machine an example takes as long as it takes. And on a hosted runner, a run of claims
inside a test must not write to the step that runs the tests.
"""

import gc
import os

from hypothesis import settings

for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
    os.environ.pop(name, None)
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_collection_finish():
    gc.collect()
    gc.freeze()
