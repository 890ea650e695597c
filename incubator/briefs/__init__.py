"""Product briefs, their requirements and evidence, and the value gate."""
