"""Three Gates: what frontier AI training needs in cards, power and data, as a recalculable model."""

import os

os.environ["OPENPYXL_LXML"] = "False"  # openpyxl writes other bytes where lxml happens to be installed

__version__ = "0.3.0"
