"""The version, which the workbook, the summary and the command line show."""

__version__ = "0.7.0"
