"""The one blueprint of briefs; its views stand in routes.py, comparison_routes.py, gate_routes.py and import_routes.py."""

from flask import Blueprint

blueprint = Blueprint("briefs", __name__)
