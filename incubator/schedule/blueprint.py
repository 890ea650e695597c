"""The one blueprint of this package."""

from flask import Blueprint

blueprint = Blueprint("schedule", __name__)
