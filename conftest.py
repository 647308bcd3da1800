pytest_plugins = (
    "fixtures.settings",
    "fixtures.problems",
    "fixtures.conditions",
    "fixtures.generations",
    "fixtures.layers",
    "fixtures.probes",
    "fixtures.wide",
    "pytester",
)
