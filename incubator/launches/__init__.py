"""SKUs and who makes them, channels and prices, the pre-production review, test launches, checklists, and the launch itself."""
