"""The one blueprint of signals; its views stand in routes.py, topic_routes.py, segment_routes.py and wall_routes.py."""

from flask import Blueprint

from incubator.signals.words import source_name

blueprint = Blueprint("signals", __name__)
blueprint.add_app_template_filter(source_name, "source_name")
