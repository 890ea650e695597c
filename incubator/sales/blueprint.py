"""The blueprint that the route modules of sales share."""

from flask import Blueprint

blueprint = Blueprint("sales", __name__)
