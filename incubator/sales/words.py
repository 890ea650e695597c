"""The words of sales, one table each."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.signals import words as signal_words

KINDS = {"sale": _l("Sold"), "return": _l("Came back")}
BUYERS = signal_words.BUYER_KINDS
GRADES = {"hit": _l("Hit"), "strong": _l("Strong"), "flat": _l("Flat"), "stale": _l("Stale")}
AGAINST = {
    "plan": _l("its own plan"), "category": _l("the median of its category"), "all": _l("the median of all SKUs"),
    "both": _l("its plan and its category"),
}  # fmt: skip
HERO_MEASURES = {"units": _l("Units"), "revenue": _l("Revenue")}
WHY_NO_FORECAST = {
    "young": _l("On sale for less than four weeks: too early for a forecast."),
    "few": _l("Fewer than eight units sold in all: too few for a forecast."),
    "quiet": _l("Nothing sold in half a year: no forecast."),
}
MODELS = {
    "naive": _l("the last week again"), "yearly": _l("the same week a year ago"), "mean4": _l("the mean of four weeks"),
    "mean8": _l("the mean of eight weeks"), "mean13": _l("the mean of thirteen weeks"), "slow": _l("slow smoothing"),
    "medium": _l("smoothing"), "quick": _l("quick smoothing"), "damped": _l("a trend that fades"),
    "rare": _l("how often it sells times how much at a time"), "shrunk": _l("its mean, drawn to that of other SKUs"),
}  # fmt: skip
SUPPLY_SOURCES = {"own": _l("written on the SKU"), "quotation": _l("from the awarded quotation"), "assumed": _l("assumed: nobody has said")}
PRICE_AGAINST = {"list": _l("list price"), "launch": _l("planned launch price"), "first": _l("its first eight weeks")}
ACTS = {
    "sku_supply.change": _l("changed how %(code)s is ordered again"),
    "sales_settings.change": _l("changed what reorders and sums go by"),
    "hero_rule.create": _l("set from when a SKU is a hero"),
    "hero_rule.remove": _l("took away a threshold of heroes"),
    "non_product.create": _l("set by rule that %(pattern)s is no product"),
    "non_product.remove": _l("took back the rule that %(pattern)s is no product"),
}
PRIORS = {"category": _l("its category"), "all": _l("all SKUs"), "none": _l("no others: these are too few")}
CODE_STATUSES = {"open": _l("Unclaimed"), "known": _l("Claimed"), "ignored": _l("No product")}
REASONS = {
    "quality": _l("Quality"),
    "malfunction": _l("Does not work"),
    "performance": _l("Works poorly"),
    "safety": _l("Not safe"),
    "size": _l("Wrong size"),
    "not_as_described": _l("Not as described"),
    "damaged": _l("Damaged in transit"),
    "wrong_item": _l("Wrong item"),
    "missing_part": _l("Part missing"),
    "smell": _l("Smell"),
    "late": _l("Arrived late"),
    "service": _l("Service"),
    "changed_mind": _l("Changed mind"),
    "price": _l("Price"),
    "unstated": _l("No reason given"),
    "other": _l("Other words"),
}
TOPICS = {
    "battery": _l("Battery and charging"),
    "power": _l("Power and switching on"),
    "cable": _l("Cable and plug"),
    "button": _l("Buttons and switches"),
    "display": _l("Screen and display"),
    "motor": _l("Motor and drive"),
    "circuit": _l("Circuit board and contacts"),
    "light": _l("Lamp"),
    "heating": _l("Heating and cooling"),
    "pump": _l("Pump and spray"),
    "noise": _l("Noise"),
    "overheating": _l("Overheating"),
    "suction": _l("Suction"),
    "blockage": _l("Blockage"),
    "filter": _l("Filter"),
    "hose": _l("Hose and pipe"),
    "brush": _l("Brush"),
    "wheels": _l("Wheels and rollers"),
    "container": _l("Container and lid"),
    "attachment": _l("Attachments"),
    "leak": _l("Leaks and seals"),
    "moisture": _l("Moisture and rust"),
    "case": _l("Housing and handle"),
    "assembly": _l("Assembly and instructions"),
    "wobble": _l("Stability"),
    "impact": _l("Drops and knocks"),
    "slow": _l("Slow and hanging"),
    "boot": _l("Starting up"),
    "software": _l("Software and settings"),
    "system": _l("Operating system"),
    "virus": _l("Virus and adware"),
    "connection": _l("Connection"),
    "keyboard": _l("Keyboard"),
    "pointer": _l("Trackpad and pen"),
    "ports": _l("Ports and sockets"),
    "storage": _l("Storage"),
    "optical": _l("Disc drive"),
    "media": _l("Sound and camera"),
    "zip": _l("Zip"),
    "fastening": _l("Fastening"),
    "stitching": _l("Stitching and workmanship"),
    "fabric": _l("Fabric and material"),
    "colour": _l("Colour and fading"),
    "pilling": _l("Pilling"),
    "shrinkage": _l("Shrinking and washing"),
    "size": _l("Size and fit"),
    "smell": _l("Smell"),
    "surface": _l("Surface and stains"),
    "breakage": _l("Glass and ceramics"),
    "sole": _l("Sole"),
    "effect": _l("Effect"),
    "skin": _l("Skin"),
    "taste": _l("Taste"),
    "freshness": _l("Freshness"),
    "print": _l("Print and binding"),
    "packaging": _l("Packaging"),
    "style": _l("Style and look"),
}


def about(reason: str, topic: str) -> str:
    """A reason with its part or fault, as one phrase; the topic alone where it says the same."""
    if not topic or topic == reason:
        return str(REASONS[reason])
    return f"{REASONS[reason]} · {TOPICS.get(topic, topic)}"


FESTIVALS = {
    "women": _l("Women's Day sale"),
    "mid_year": _l("618 sale"),
    "double_11": _l("Double 11"),
    "double_12": _l("Double 12"),
    "christmas": _l("Christmas"),
    "new_year_goods": _l("New Year goods sale"),
    "black_friday": _l("Black Friday"),
    "spring": _l("Chinese New Year"),
}


def why_missed(miss: Any) -> Any:
    """Why a forecast's band was missed in a week (`festivals.Miss`), in plain words."""
    if not miss.festivals:
        return _l("No sales festival lies in these days: look for a campaign, a change of price or an empty stock.")
    if miss.is_after:
        return _l("The festival was over: buyers have what they need, while forecasts had just learnt from the rush.")
    if miss.is_quiet:
        return _l("Shops and couriers rest in these days; how long they do differs from year to year.")
    if not miss.is_above:
        return _l("Less was sold than expected: buyers wait for the days of the festival, or it drew fewer than in earlier years.")
    if miss.knows_season:
        return _l(
            "The festival was expected, but too low: earlier years are averaged, and spread over the weeks beside it because a festival moves."
        )
    return _l("Forecasts know a festival only after a year and a half of sales; until then every week counts as an average one.")


NO_LOT = _l("No lot")
ACTS = {
    "lot.enter": _l("entered the lot %(code)s of %(sku)s"),
    "lot.correct": _l("corrected the lot %(code)s of %(sku)s"),
    "lot.remove": _l("took out the lot %(code)s of %(sku)s"),
    "lot.import": _l("imported %(number)s lots"),
    "lexicon.word": _l("gave “%(word)s” a meaning"),
    "lexicon.word_removed": _l("took back the meaning of “%(word)s”"),
}
