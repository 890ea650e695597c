"""The one blueprint of feeds; its views stand in the files that `routes.py` gathers."""

from flask import Blueprint

blueprint = Blueprint("feeds", __name__)
