"""Builds the model: the command line of the package, from a checkout."""

from __future__ import annotations

from threegates.cli import main

if __name__ == "__main__":
    main()
