"""A browser's name in words, for the list of sessions. It guesses from the user agent and decides nothing by it."""

BROWSERS = {
    "MicroMessenger": "WeChat",
    "DingTalk": "DingTalk",
    "Edg": "Edge",
    "OPR/": "Opera",
    "QQBrowser": "QQ Browser",
    "UCBrowser": "UC Browser",
    "SamsungBrowser": "Samsung Internet",
    "HuaweiBrowser": "Huawei Browser",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
    "curl": "curl",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def device_name(user_agent: str) -> str:
    """ "Chrome · Windows"; the first 40 characters of an agent that nothing is known about."""
    parts = [name for table in (BROWSERS, SYSTEMS) if (name := _first(table, user_agent))]
    return " · ".join(parts) or user_agent[:40]


def _first(table: dict[str, str], user_agent: str) -> str:
    return next((name for token, name in table.items() if token in user_agent), "")
