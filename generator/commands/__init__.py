"""The commands: each reads its options, calls the steps, prints what comes out, and says the exit status."""
