"""The one blueprint of the portals."""

from flask import Blueprint

blueprint = Blueprint("portals", __name__)
