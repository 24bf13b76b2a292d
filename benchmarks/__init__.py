"""Speed as ratios, each pair measured in turn in one run."""
