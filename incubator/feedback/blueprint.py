"""The one blueprint of feedback; its views stand in routes.py, pack_routes.py and action_routes.py."""

from flask import Blueprint

blueprint = Blueprint("feedback", __name__)
