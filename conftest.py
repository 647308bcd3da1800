pytest_plugins = (
    "fixtures.settings",
    "fixtures.problems",
    "fixtures.layers",
    "fixtures.conditions",
    "fixtures.generations",
    "fixtures.probes",
    "fixtures.graphs",
    "fixtures.wide",
    "pytester",
)
