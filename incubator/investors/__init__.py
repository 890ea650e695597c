"""Investors: what they committed, the tranches in which it comes, the burn against plan, and reports that are frozen before they are released."""
