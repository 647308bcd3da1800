"""Commands beside pytest, a file each: ``add_arguments(parser)`` says what it takes, ``run(options)`` does it."""
