"""The one blueprint of signals; its views stand in routes.py, topic_routes.py, segment_routes.py and wall_routes.py."""

from flask import Blueprint

blueprint = Blueprint("signals", __name__)
