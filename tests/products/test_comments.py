"""Remarks: who reads them, whom they mention, and what their text may do."""

import pytest
from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.kernel import clock
from incubator.kernel.errors import Invalid, NotFound
from incubator.kernel.mail_table import OutboxMail
from incubator.products import comments
from incubator.products.mentions import handles, mentioned_in
from tests.builders import a_participant, a_person, a_product, a_programme, an_actor, an_organisation


@pytest.fixture
def scene(session):
    """A product of a brand with two factories; each side has a named person."""
    brand, f1, f2 = an_organisation("brand", "源选"), an_organisation("factory", "甲厂"), an_organisation("factory", "乙厂")
    lin, chen, zhou, qian = a_person(brand, "Lin Xiaolan"), a_person(brand, "陈浩"), a_person(f1, "周建国"), a_person(f2, "Qian")
    product = a_product(a_programme(brand), "sampling", owner_id=chen.id)
    a_participant(product, f1)
    a_participant(product, f2)
    actors = {"lin": an_actor(brand, lin), "zhou": an_actor(f1, zhou), "qian": an_actor(f2, qian)}
    return {"product": product, "f1": f1, "f2": f2, "chen": chen, "zhou_user": zhou, **actors}


def add(scene, who, body, audience=None):
    return comments.add(scene["product"], scene["product"], body, audience and audience.id, scene[who], clock.now())


def read(scene, who):
    product = scene["product"]
    return [c.body for c in comments.thread("product", product.id, scene[who])]


def test_a_remark_reaches_the_brand_or_the_brand_and_one_party(scene):
    add(scene, "lin", "internal")
    add(scene, "lin", "to the first", scene["f1"])
    add(scene, "zhou", "from the first", scene["f2"])
    assert read(scene, "lin") == ["internal", "to the first", "from the first"]
    assert read(scene, "zhou") == ["to the first", "from the first"]
    assert read(scene, "qian") == []


def test_one_writes_only_to_those_who_take_part(scene):
    with pytest.raises(Invalid):
        add(scene, "lin", "x", an_organisation("factory"))
    with pytest.raises(Invalid):
        add(scene, "lin", "   ")


def test_mentioned_people_are_told_once_and_by_mail(scene, session):
    add(scene, "lin", "@陈浩请看 @陈浩 and @lin.xiaolan, not @周建国")
    told = session.scalars(select(Notification)).all()
    assert [n.user_id for n in told] == [scene["chen"].id]
    assert [m.to_address for m in session.scalars(select(OutboxMail))] == [scene["chen"].email]
    add(scene, "lin", "now @周建国", scene["f1"])
    assert session.scalars(select(Notification).order_by(Notification.id.desc())).first().user_id == scene["zhou_user"].id


def test_the_other_side_is_told_in_the_app_without_mail(scene, session):
    add(scene, "lin", "no mention", scene["f1"])
    add(scene, "zhou", "an answer")
    told = session.scalars(select(Notification).order_by(Notification.id)).all()
    assert [(n.user_id, n.text) for n in told] == [(scene["zhou_user"].id, "comment.addressed"), (scene["chen"].id, "comment.addressed")]
    assert session.scalars(select(OutboxMail)).all() == []


def test_the_list_of_names_holds_no_rival(scene):
    labels = {p["label"] for p in comments.suggestions(scene["product"], "", scene["zhou"])}
    assert labels == {"Lin Xiaolan", "陈浩", "周建国"}
    assert [p["handle"] for p in comments.suggestions(scene["product"], "lin", scene["lin"])] == ["lin.xiaolan"]


def test_two_of_one_name_have_two_handles(scene):
    twins = [a_person(scene["f1"], "陈浩"), a_person(scene["f1"], "陈浩")]
    assert list(handles(twins)) == ["陈浩", f"陈浩.{twins[1].id}"]
    assert mentioned_in(f"@陈浩.{twins[1].id} hello", twins) == [twins[1]]
    assert list(handles([a_person(None, "!!")]))[0].startswith("person.")


@pytest.mark.parametrize(
    ("body", "markup"),
    [
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("a\nb", "<p>a<br>b</p>"),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        (
            'see http://a.example/?q=1&r="x',
            '<p>see <a href="http://a.example/?q=1&amp;r=" rel="nofollow ugc noopener noreferrer">http://a.example/?q=1&amp;r=</a>&#34;x</p>',
        ),
        ("好的，@陈浩 看", '<p>好的，<span class="mention">@陈浩</span> 看</p>'),
        ("请@陈浩确认，@何人 不在", "<p>请@陈浩确认，@何人 不在</p>"),
        ("请 @陈浩确认，@何人 不在", '<p>请 <span class="mention">@陈浩</span>确认，@何人 不在</p>'),
        ("{{ 7*7 }} %(x)s", "<p>{{ 7*7 }} %(x)s</p>"),
        ("mail a@b.example", "<p>mail a@b.example</p>"),
    ],
)
def test_text_is_text(body, markup):
    assert comments.render_body(body, ["陈浩"]) == markup


def test_only_registered_and_visible_records_are_commented(scene):
    with pytest.raises(NotFound):
        comments.subject_of("app_user", 1, scene["lin"])
    with pytest.raises(NotFound):
        comments.subject_of("product", a_product().id, scene["lin"])
    record, product, page = comments.subject_of("product", scene["product"].id, scene["zhou"])
    assert record is product
    assert page == f"/products/{product.id}"
