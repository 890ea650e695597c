"""How fast the platform is, beside a bare Flask on the same database in the same run. It is no part of the product and tests nothing."""
