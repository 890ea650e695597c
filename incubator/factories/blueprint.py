"""The one blueprint of factories; its views stand in routes.py, profile_routes.py, evidence_routes.py, audit_routes.py and duplicate_routes.py."""

from flask import Blueprint

blueprint = Blueprint("factories", __name__)
