"""One home per role, the navigation of every page, and search; it reads across stages and writes nothing."""
