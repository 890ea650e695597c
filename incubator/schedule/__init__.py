"""Milestones of products: due, forecast, done; and the sweep that reminds and rates risk."""
