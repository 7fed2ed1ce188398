"""The language of equations: units, grammar, functions and references."""
