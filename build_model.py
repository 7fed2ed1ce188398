"""Builds the model: the command line of the package, from a checkout."""

from threegates.__main__ import main

if __name__ == "__main__":
    main()
