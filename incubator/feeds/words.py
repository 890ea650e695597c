"""The words of feeds, once for every page, mail and audit entry."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.kernel import acts

TRANSPORTS: dict[str, tuple[Any, str, Any]] = {
    "upload": (_l("By hand"), "upload", _l("Somebody uploads each file on the page of the feed.")),
    "folder": (_l("Watched folder"), "file", _l("Another program, or a network share, puts files into a folder of this server.")),
    "s3": (_l("Object store (S3)"), "globe", _l("Your files lie in a cloud store (S3, OSS, MinIO); those of one folder are fetched.")),
    "push": (_l("HTTP push"), "arrow-right", _l("Your system sends each file to an address here, with a token.")),
    "pull": (_l("Pull from an address"), "download", _l("A file is fetched from a web address, again and again.")),
}
RHYTHMS: dict[str, Any] = {"quarter": _l("Every 15 minutes"), "hour": _l("Every hour"), "day": _l("Every day")}
PROOFS: dict[str, Any] = {"none": _l("Nothing"), "bearer": _l("A token (bearer)"), "basic": _l("User and password")}
REASONS: dict[str, Any] = {
    "failures": _l("It could not be reached again and again. Mend what is wrong, then resume."),
    "owner": _l("The person in whose name it imported may no longer do so. Take it over, then resume."),
}
notices.register(
    {
        "feed.failing": _l("The feed “%(name)s” cannot be reached: %(error)s It will be tried again."),
        "feed.halted": _l("The feed “%(name)s” has stopped: %(error)s"),
        "feed.mapping": _l("The feed “%(name)s” brought “%(file)s” with headings that nobody knows. Say which is which."),
        "feed.refused": _l("The feed “%(name)s” brought “%(file)s”: %(count)s of its lines were refused."),
        "feed.failed": _l("The feed “%(name)s” brought “%(file)s”, which could not be imported."),
        "feed.strange": _l("The feed “%(name)s” brought “%(file)s”, which is no sheet of lines: %(error)s"),
    }
)
acts.register(
    {
        "feed.create": _l("set up the feed “%(name)s”"),
        "feed.edit": _l("changed the feed “%(name)s”"),
        "feed.take_over": _l("took over the feed “%(name)s”"),
        "feed.look": _l("had the feed “%(name)s” look for files"),
        "feed.receive": _l("brought in “%(file)s” by the feed “%(name)s”"),
        "feed.retry": _l("had “%(file)s” of the feed “%(name)s” imported again"),
        "feed.pause": _l("paused a feed"),
        "feed.resume": _l("let a feed run again"),
        "feed.halt": _l("a feed stopped by itself"),
        "feed.close": _l("closed a feed"),
    },
    fields={
        "place": _l("Where"), "mapping_id": _l("Mapping"), "preset": _l("Known format"), "options": _l("Options"), "proof": _l("Proves itself by"),
        "secret": _l("Secret"), "rhythm": _l("How often"), "hour": _l("At"), "timezone": _l("Time zone"), "transport": _l("Way in"), "proof_user": _l("User"),
    },
    records={"feed_file": _l("File of a feed")},
    details={"file": _l("File"), "kind": _l("What"), "changed": _l("Changed"), "reason": _l("Reason"), "size": _l("Size")},
)  # fmt: skip
