"""The child that draws Vega-Lite specs as SVG, or bundles the browser's chart library. Run by `isolated`; its data must be in the spec."""

import json
import sys


def main() -> None:
    import vl_convert  # noqa: PLC0415 - only after stdin told what to do

    task = json.loads(sys.stdin.buffer.read())
    if task["do"] == "bundle":
        sys.stdout.write(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))
        return
    drawings = [vl_convert.vegalite_to_svg(spec, allowed_base_urls=[], time_format_locale=task["time_locale"]) for spec in task["specs"]]
    sys.stdout.write(json.dumps(drawings))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main()
