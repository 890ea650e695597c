"""The one blueprint of investors; its views stand in the files named `…_routes.py`."""

from flask import Blueprint

blueprint = Blueprint("investors", __name__)
