"""The workbook: where everything stands, how it looks, and what its formulas are held against."""
