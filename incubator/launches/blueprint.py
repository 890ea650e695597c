"""The one blueprint of launches; its views stand in the files named *_routes.py."""

from flask import Blueprint

blueprint = Blueprint("launches", __name__)
