"""The one blueprint of samples; its views stand in routes.py, step_routes.py, measure_routes.py and golden_routes.py."""

from flask import Blueprint

blueprint = Blueprint("samples", __name__)
