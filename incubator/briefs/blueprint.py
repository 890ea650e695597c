"""The one blueprint of briefs; its views stand in routes.py, comparison_routes.py and gate_routes.py."""

from flask import Blueprint

blueprint = Blueprint("briefs", __name__)
