"""The one blueprint of co-development; its views stand in the files that `routes.py` gathers."""

from flask import Blueprint

blueprint = Blueprint("codevelopment", __name__)
