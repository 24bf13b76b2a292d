"""``python -m generator`` is the command ``kaowu``."""

from generator.cli import main

main()
