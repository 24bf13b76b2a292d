"""Checks: rules over facts, giving findings with what was found, what is required, where, and what to do."""
