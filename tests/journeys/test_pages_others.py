"""Every page that the other roles, and a stranger, reach by links."""

import pytest

from tests.journeys import inspection, world


@pytest.mark.parametrize("role", [r for r in world.ROLES if r != "brand"])
def test_every_page_of_the_role(visit, role):
    person = visit(world.ROLES[role])
    pages = world.crawl(person)
    assert len(pages) >= 8
    inspection.inspect_role(person, pages)


def test_the_pages_before_signing_in(visit):
    stranger = visit()
    inspection.inspect_all(stranger, ["/sign-in", "/forgot"])


def test_refusals_are_pages_too(visit):
    person = visit(world.ROLES["factory"])
    for path in ("/briefs/999999", "/no-such-page", "/programmes/1"):
        lines = [line for line in inspection.inspect(person, path) if "answers 404" not in line]
        assert lines == []
    assert "404" in str(inspection.inspect(person, "/no-such-page"))


def test_a_pale_text_is_seen_on_the_first_page_that_has_it(visit):
    person = visit(world.ROLES["factory"])
    plant = """() => {
        const text = document.querySelector("main").appendChild(document.createElement("p"));
        [text.textContent, text.className, text.style.color, text.style.background] = ["pale", "planted", "#ccc", "#fff"];
    }"""
    person.page.evaluate(inspection.SCRIPT)
    person.page.evaluate(inspection.FRESH)
    person.page.evaluate(plant)
    assert person.page.evaluate(inspection.FRESH) == 1
    found = inspection.too_pale(person.page)
    assert [line.split(":")[0] for line in found] == ["light", "dark"] and all("planted" in line for line in found)
