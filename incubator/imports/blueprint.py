"""The one blueprint of imports; its views stand in the files that `routes.py` gathers."""

from flask import Blueprint

blueprint = Blueprint("imports", __name__)
