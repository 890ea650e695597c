"""Product codes: `P-00001` per brand, unique, and given once however many people create products at the same moment."""

from sqlalchemy import update

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.upsert import insert_once
from incubator.products.models import Product, ProductCounter

PREFIX = "P-"


def next_code(brand_id: int) -> str:
    """The next free code of the brand; numbers that somebody typed by hand are skipped."""
    while True:
        code = f"{PREFIX}{_next_number(brand_id):05d}"
        if not is_taken(brand_id, code):
            return code


def is_taken(brand_id: int, code: str, but: int | None = None) -> bool:
    """Whether another product of the brand (than the one with id `but`) has this code."""
    query = access.select_visible(Product, SYSTEM, Product.id).where(Product.brand_id == brand_id, Product.code == code)
    return db.session.scalar(query.where(Product.id != (but or 0)).limit(1)) is not None


def _next_number(brand_id: int) -> int:
    """One more than the last. The row lock of the UPDATE makes two creators wait for each other."""
    counter = update(ProductCounter).where(ProductCounter.brand_id == brand_id)
    counter = counter.values(last=ProductCounter.last + 1).returning(ProductCounter.last)
    number = db.session.scalar(counter)
    if number is None:
        insert_once(ProductCounter, brand_id=brand_id, last=0)
        number = db.session.scalar(counter)
    return int(number or 0)
