"""The one blueprint of sourcing; its views stand in routes.py and the files that it imports."""

from flask import Blueprint

blueprint = Blueprint("sourcing", __name__)
