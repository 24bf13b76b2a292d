"""The institution's side: what it states, as things with facts that rules, templates and reports read alike."""
