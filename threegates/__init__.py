"""Three Gates: what frontier AI training needs in cards, power and data, as a recalculable model."""

from __future__ import annotations

import os

from threegates.version import __version__

TYPE_CHECKING = False  # typing has this constant, too, but takes time to import
if TYPE_CHECKING:
    from pathlib import Path

    from threegates.notebook import Workbench

os.environ["OPENPYXL_LXML"] = "False"  # openpyxl writes other bytes where lxml happens to be installed

__all__ = ["__version__", "load"]


def load(path: str | Path = "assumptions.yaml") -> Workbench:
    """The model of the YAML at ``path``, for a notebook: see :class:`threegates.notebook.Workbench`.

    Raises InputError with every problem of the file at once, each with its line.
    """
    from threegates import notebook  # imports pandas, which `import threegates` alone should not wait for

    return notebook.load(path)
