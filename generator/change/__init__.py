"""Changes of policy: two editions in, what got stricter or looser, whom it hits, and what has to be done out."""
