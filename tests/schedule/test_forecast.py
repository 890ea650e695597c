"""The critical path: finish to start over working days, lag, floats, calendars of several owners, circles."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incubator.schedule import forecast, gantt, plan, plan_view
from incubator.schedule.forecast import Link, Task
from incubator.schedule.workdays import Calendar

MONDAY = date(2026, 6, 1)


def finishes(tasks, links):
    return {key: slot.finish.isoformat()[5:] for key, slot in forecast.compute(tasks, links).items()}


def chain(*days, first=MONDAY):
    tasks = [Task(n, first, number) for n, number in enumerate(days)]
    return tasks, [Link(n, n + 1) for n in range(len(days) - 1)]


def test_each_follows_the_last_of_what_it_waits_for():
    tasks, links = chain(1, 3, 5, 0)
    assert finishes(tasks, links) == {0: "06-01", 1: "06-04", 2: "06-11", 3: "06-11"}
    assert forecast.compute(tasks, links)[2].start == date(2026, 6, 5)
    links[1] = Link(1, 2, lag=2)
    assert finishes(tasks, links)[2] == "06-15"
    side = Task("side", date(2026, 7, 1), 2)
    assert finishes([*tasks, side], [*links, Link("side", 3)])[3] == "07-01"


def test_a_holiday_and_a_closure_of_its_owner_push_it():
    tasks, links = chain(1, 5, first=date(2026, 9, 30))
    assert finishes(tasks, links)[1] == "10-13"  # 8, 9, the Saturday 10, 12, 13
    closed = Calendar("CN", ((date(2026, 10, 8), date(2026, 10, 31)),))
    tasks[1] = Task(1, tasks[1].due, 5, calendar=closed)
    assert finishes(tasks, links)[1] == "11-06"


def test_it_is_never_before_its_own_day_and_what_is_met_counts_as_met():
    tasks, links = chain(1, 3, 5)
    tasks[1] = Task(1, MONDAY, 3, not_before=date(2026, 6, 20))
    assert finishes(tasks, links) == {0: "06-01", 1: "06-20", 2: "06-26"}  # a Saturday that somebody chose stands; 19 June is a holiday
    tasks[1] = Task(1, MONDAY, 3, not_before=date(2026, 6, 20), done=date(2026, 6, 2))
    slots = forecast.compute(tasks, links)
    assert (slots[1].finish, slots[1].float_days, slots[1].critical) == (date(2026, 6, 2), None, False)
    assert slots[2].finish == date(2026, 6, 9)


def test_the_float_is_what_a_branch_may_lose():
    long, short, end = Task("long", MONDAY, 10), Task("short", MONDAY, 4), Task("end", MONDAY, 1)
    begin = Task("begin", MONDAY, 1)
    links = [Link("begin", "long"), Link("begin", "short"), Link("long", "end"), Link("short", "end")]
    slots = forecast.compute([begin, long, short, end], links)
    assert {key for key, slot in slots.items() if slot.critical} == {"begin", "long", "end"}
    assert (slots["short"].float_days, slots["short"].latest) == (6, slots["long"].finish)
    slower = forecast.compute([begin, long, Task("short", MONDAY, 10), end], links)
    assert slower["end"].finish == slots["end"].finish
    assert slower["short"].critical
    assert forecast.compute([begin, long, Task("short", MONDAY, 11), end], links)["end"].finish > slots["end"].finish


def test_what_hangs_together_ends_together_and_what_is_alone_is_not_critical():
    tasks, links = chain(1, 2)
    alone = Task("alone", date(2027, 1, 1), 3)
    slots = forecast.compute([*tasks, alone], links)
    assert [slots[0].critical, slots[1].critical] == [True, True]
    assert (slots["alone"].float_days, slots["alone"].critical) == (None, False)
    done = [Task(task.key, task.due, task.days, done=MONDAY) for task in tasks]
    assert [slot.float_days for slot in forecast.compute(done, links).values()] == [None, None]


def test_a_day_off_before_the_work_begins_is_no_float():
    """Met on Friday, the next begins on Monday: nothing is to spare although Sunday lies between."""
    tasks, links = chain(1, 3, first=date(2026, 6, 5))
    assert forecast.compute(tasks, links)[0].critical


def test_a_circle_is_named_in_order():
    found = forecast.cycle([Link("a", "b"), Link("b", "c"), Link("c", "a"), Link("a", "d")])
    assert found[0] == found[-1]
    assert set(found) == {"a", "b", "c"}
    assert forecast.cycle([Link("a", "b"), Link("a", "c"), Link("b", "c")]) == []
    assert forecast.cycle([Link("a", "a")]) == ["a", "a"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 3)), max_size=18),
    st.lists(st.integers(0, 8), min_size=10, max_size=10),
)
def test_whatever_the_plan_nothing_begins_too_early_and_something_is_critical(pairs, days):
    links = [Link(min(a, b), max(a, b), lag) for a, b, lag in pairs if a != b]
    tasks = [Task(n, MONDAY, number) for n, number in enumerate(days)]
    slots = forecast.compute(tasks, links)
    for link in links:
        assert slots[link.after].finish >= tasks[0].calendar.add(slots[link.before].finish, link.lag + days[link.after])
    linked = {key for link in links for key in (link.before, link.after)}
    assert all((slots[key].float_days is None) == (key not in linked) for key in slots)
    assert not linked or any(slots[key].critical for key in linked)
    for key in linked:  # a milestone that uses its float up moves no end
        late = [Task(t.key, t.due, t.days, not_before=slots[key].latest) if t.key == key else t for t in tasks]
        late = [Task(t.key, slots[key].latest, t.days) if t.key == key and not any(k.after == key for k in links) else t for t in late]
        assert max(s.finish for k, s in forecast.compute(late, links).items() if k in linked) == max(slots[k].finish for k in linked)


def test_a_chain_of_500_is_computed():
    tasks, links = chain(*[3] * 500)
    assert forecast.compute(tasks, links)[499].finish > date(2031, 1, 1)


def test_lanes_show_promise_forecast_and_what_happened():
    bar = gantt.Bar(1, date(2026, 6, 1), date(2026, 6, 5), date(2026, 6, 8), date(2026, 6, 12))
    shown = gantt.period([bar], date(2026, 5, 20))
    assert (shown.start, shown.end) == (date(2026, 5, 1), date(2026, 7, 1))
    lane = gantt.lane(bar, shown, date(2026, 6, 20))
    assert (lane["late"], lane["done"], lane["slipped"]) == (True, False, True)
    assert lane["baseline"][0] < lane["forecast"][0] < lane["end"]
    met = gantt.lane(gantt.Bar(1, bar.baseline_start, bar.baseline, bar.start, bar.finish, done=date(2026, 6, 4)), shown, date(2026, 6, 20))
    assert (met["late"], met["done"], met["slipped"]) == (False, True, False)


def test_a_preview_in_words(app):
    moves = tuple(plan.Move(n, f"M{n}", date(2026, 6, 1), date(2026, 6, 10)) for n in range(4))
    with app.test_request_context("/"):
        assert plan_view.said(plan.Preview(moves, moves[3])) == "This moves 4 milestones, “M3” by 9 days."
        assert plan_view.said(plan.Preview(moves[:1])) == "This moves 1 milestone; the end stays."
        assert plan_view.said(plan.Preview()) == "This moves no other milestone."
        earlier = plan.Move(1, "M", date(2026, 6, 4), date(2026, 6, 1))
        assert plan_view.days_moved(earlier) == "3 days earlier"
