"""The command line beside pytest: one file a subcommand, and here none of their code."""
