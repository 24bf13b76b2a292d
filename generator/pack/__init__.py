"""The pack of a round: documents in the order of the official list, with index, report, schedule and manifest."""
