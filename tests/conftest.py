"""What every test relies on.

Nothing timed is a test: on a busy machine an example takes as long as it takes. And on a hosted runner, a run of claims
inside a test must not write to the step that runs the tests.
"""

import os

from hypothesis import settings

for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
    os.environ.pop(name, None)
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
