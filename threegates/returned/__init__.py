"""The way back: a returned workbook read as a stranger's file, and what it changes."""
