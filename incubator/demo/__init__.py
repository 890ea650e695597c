"""A believable demo: one brand's two programmes with products in every stage, and the organisations around them. Invented throughout."""

from incubator.demo.cli import install

__all__ = ["install"]
