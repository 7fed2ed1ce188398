"""Three Gates: what frontier AI training needs in cards, power and data, as a recalculable model."""

__version__ = "0.1.0"
