"""Every page that the brand reaches by links."""

from tests.journeys import inspection, world


def test_every_page_of_the_brand(visit):
    person = visit(world.ROLES["brand"])
    pages = world.crawl(person)
    assert len(pages) >= 35
    inspection.inspect_role(person, pages)
