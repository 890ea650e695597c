"""The kernel's blueprint, in a file of its own so that its route files can share it. It has no routes itself."""

from flask import Blueprint

blueprint = Blueprint("kernel", __name__)
