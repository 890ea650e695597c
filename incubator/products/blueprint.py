"""The one blueprint of this package; each `*_routes.py` hangs its views on it."""

from flask import Blueprint

blueprint = Blueprint("products", __name__)
