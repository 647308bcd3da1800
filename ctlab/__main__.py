"""`python -m ctlab` is `ctlab`."""

from ctlab.commands.main import main

if __name__ == "__main__":
    raise SystemExit(main())
