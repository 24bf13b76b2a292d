"""Policy: the guidelines as typed records, read from ``policy/`` and refused where they are wrong."""
