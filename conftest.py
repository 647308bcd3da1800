pytest_plugins = (
    "fixtures.settings",
    "fixtures.problems",
    "fixtures.conditions",
    "fixtures.generations",
    "fixtures.probes",
    "fixtures.graphs",
    "fixtures.answer_scores",
    "fixtures.wide",
    "pytester",
)
