"""The one blueprint of feedback's JSON."""

from apiflask import APIBlueprint

blueprint = APIBlueprint("feedback_api", __name__, url_prefix="/api/v1", tag="Feedback")
