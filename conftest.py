pytest_plugins = (
    "fixtures.settings",
    "fixtures.problems",
    "fixtures.layers",
    "fixtures.other_models",  # of which conditions are made, so that it comes first
    "fixtures.conditions",
    "fixtures.generations",
    "fixtures.probes",
    "fixtures.graphs",
    "fixtures.answer_scores",
    "fixtures.wide",
    "pytester",
)
