"""Factories: who they are, what they can make, and the evidence for it."""
