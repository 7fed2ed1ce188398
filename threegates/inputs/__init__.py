"""The YAML as frozen records, with every problem at its line."""
