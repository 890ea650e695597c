"""The pages of investors: commitments and tranches, burn and portfolio, reports. This module brings their views together."""

from incubator.investors import (
    burn_routes,
    commitment_routes,
    portfolio_routes,
    report_lists_routes,
    report_routes,
    report_write_routes,
    tranche_routes,
)
from incubator.investors.blueprint import blueprint

__all__ = [
    "blueprint",
    "burn_routes",
    "commitment_routes",
    "portfolio_routes",
    "report_lists_routes",
    "report_routes",
    "report_write_routes",
    "tranche_routes",
]
