"""The outbox: written with the change or not at all, once for a cause and an address, in order, and sent whoever is killed."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage

import orjson
import pytest
from icalendar import Calendar

from api.acts.act import Caller
from api.capacity_returns import acts as capacity_returns
from api.capacity_returns.schemas import NewReturn
from api.clock import Clock
from api.forgetting.acts import forget
from api.offers import acts as offers
from api.offers.lapsing import THE_CLOCK
from api.offers.schemas import Answer, NewAnswerBy
from api.outbox import waiting_messages
from api.outbox.kinds import KINDS
from api.outbox.posting import message, next_digest, write
from api.outbox.postman import Postman
from api.outbox.turn import Turn
from api.outbox.waiting_messages import End, Outcome
from api.service import Service
from api.storage.audit import Actor
from api.storage.database import reading, writing
from api.storage.table_schema import outbox_addresses
from api.telling import acts
from api.telling.schemas import NewWay
from tests.api.outbox.receivers import until
from tests.api.outbox.told_county import ADMIN, Told

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


class Hands:
    """A stopwatch that is moved by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def text_of(mail: EmailMessage) -> str:
    """What is read of it."""
    body = mail.get_body()
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def in_diaries(told: Told) -> list[tuple[str, str, str, int]]:
    """Of each date that came, in its order: what is done with it, its id, when it is, and how often it was told before."""
    found = []
    for mail in told.box.taken:
        for part in mail.iter_attachments():
            diary = Calendar.from_ical(part.get_content())
            assert part.get_param("method") == diary["method"], "a mail program looks at the head of the part alone"
            for event in diary.events:
                assert (event["status"] == "CANCELLED") if diary["method"] == "CANCEL" else ("status" not in event)
                assert event["organizer"] == "mailto:brokerage@council.example", "without one a diary takes nothing back"
                found.append((str(diary["method"]), str(event["uid"]), str(event.start), int(str(event["sequence"]))))
    return found


def addressed(told: Told) -> list[str]:
    """To whom each of them came."""
    return [str(mail["To"]) for mail in told.box.taken for _ in mail.iter_attachments()]


def kinds_of(told: Told) -> list[str]:
    return [row["kind"] for row in told.rows()]


def test_nothing_is_written_until_somebody_is_told(told: Told) -> None:
    told.ask("N1")
    assert told.rows() == []


def test_a_change_that_fails_tells_nobody(told: Told) -> None:
    """The message stands and falls with the offer: neither is there afterwards."""
    told.tell()
    with pytest.raises(RuntimeError), told.store.change(Actor("Ada", "planner")) as change:
        change.remember(
            "offer.made", "packages", "N1", {"offer_id": "O1", "contract_id": "P-ALDER", "expires_at": NOW.isoformat()}
        )
        change.write()
        raise RuntimeError("the machine stops")
    assert told.rows() == []


def test_a_provider_is_told_each_time_that_its_time_to_answer_is_moved(told: Told) -> None:
    told.tell()
    (asked,) = told.ask("N1")
    for hour in (12, 15, 15):
        until = dt.datetime.combine(told.by.settings.clock.today() + dt.timedelta(days=1), dt.time(hour))
        given = NewAnswerBy.model_validate({"answer_by": until.isoformat(), "reason": "Their office is flooded"})
        offers.move_time(told.by, asked, given, None)
    assert kinds_of(told).count("offer_time_moved") == 2, "until noon, until three; said again it is the same"
    told.delivered()
    mails = [mail for mail in told.box.taken if mail["Subject"] == "You have another time to answer an offer of home care"]
    assert len(mails) == 2 and "flooded" not in str(mails)


def test_each_is_told_of_their_own(told: Told) -> None:
    """ALDER is asked and says no; BRACKEN is asked and has the care. Each has its own two, the council none of them."""
    told.tell()
    told.tell("desk@bracken.example", provider_id="BRACKEN")
    told.tell("planners@council.example", provider_id=None)
    (asked,) = told.ask("N1")
    offers.answer(told.by, asked, Answer(response="declined", reason="no_capacity"), None)
    (second,) = told.ask("N1")
    offers.answer(told.by, second, Answer(response="accepted"), None)
    of_providers = [kind for kind in kinds_of(told) if KINDS[kind].told_to == "provider"]
    assert of_providers == ["offer_waits", "answer_recorded"] * 2
    told.delivered()
    desks = [(mail["To"], mail["Subject"]) for mail in told.box.taken]
    assert [subject for to, subject in desks if to == "desk@bracken.example"] == [
        "An offer of home care waits for you",
        "Home care that you were asked for is placed with you",
    ]
    assert [subject for to, subject in desks if to == "desk@alder.example"] == [
        "An offer of home care waits for you",
        "Your answer to an offer of home care was recorded",
    ]
    assert not [subject for to, subject in desks if to == "planners@council.example" and "offer" in subject]


def test_a_yes_that_waits_for_others_is_acknowledged_and_one_said_here_is_not(told_here: Told) -> None:
    """Said by telephone and agreed, or gathered: its desk reads that it holds, once. Said on its own page it has been read."""
    told = told_here
    told.tell("all@alder.example", kinds=["yes_holds"])
    (first,), (second,) = told.ask("N1"), told.ask("N2")
    yes = {"contract_id": "P-ALDER", "said_at": "2026-11-23T10:00:00"}
    for action, offer_id, more in (
        ("offer.agreed", first, {"agreed_at": "2026-11-23T10:00:00", "how": "telephone"}),
        ("offer.agreed", first, {"agreed_at": "2026-11-23T10:00:00", "how": "telephone"}),
        ("offer.said_yes", second, {"how": "telephone"}),
        ("offer.said_yes", second, {"how": "portal"}),
    ):
        with told.store.change(told.by.actor) as change:
            body = change.state.stock["offers"][offer_id].body
            change.put("offers", offer_id, body | {"answered_by": action})
            change.remember(action, "packages", body["package_id"], yes | {"offer_id": offer_id} | more)
    assert kinds_of(told) == ["yes_holds", "yes_holds"]
    told.delivered()
    assert {mail["Subject"] for mail in told.box.taken} == {"Your yes to an offer of home care was received"}


def test_an_address_is_told_of_its_own_kinds_alone(told_here: Told) -> None:
    told_here.tell("over@alder.example", kinds=["offer_closed"])
    told_here.tell("all@alder.example")
    told_here.tell("when@alder.example", kinds=["offer_waits"])
    (asked,) = told_here.ask("N1")
    assert kinds_of(told_here) == ["offer_waits", "offer_waits"], "by the address that is told of all, and by that of dates"
    offers.answer(told_here.by, asked, Answer(response="withdrawn", reason="They have moved away"), None)
    assert kinds_of(told_here) == ["offer_waits", "offer_waits", "offer_closed", "offer_closed", "offer_closed"]
    told_here.delivered()
    dates = sorted(zip(addressed(told_here), (date[0] for date in in_diaries(told_here)), strict=True))
    both = ["CANCEL", "PUBLISH"]
    assert dates == [(to, does) for to in ("all@alder.example", "when@alder.example") for does in both], "whoever has the date"


def test_why_an_offer_is_over_is_not_told(told_here: Told) -> None:
    """Withdrawn and run out read alike, to the letter, but for their ids and moments."""
    told = told_here
    told.tell()
    (first,), (second,) = told.ask("N1"), told.ask("N2")
    offers.answer(told.by, first, Answer(response="withdrawn", reason="The family would rather not"), None)
    with told.store.change(told.by.actor) as change:  # as the clock does it
        change.put(
            "offers",
            second,
            change.state.stock["offers"][second].body | {"response": "expired", "responded_at": "2026-11-23T10:00:00"},
        )
        change.remember("offer.expired", "packages", "N2", {"offer_id": second})
    told.delivered()
    first_mail, second_mail = [mail for mail in told.box.taken if "no longer" in mail["Subject"]]
    assert text_of(first_mail) == text_of(second_mail) and first_mail["Subject"] == second_mail["Subject"]
    asked, other, *over = in_diaries(told)
    assert [(date[0], date[2]) for date in over] == [("CANCEL", asked[2]), ("CANCEL", other[2])], "the moment that each was told"


def test_an_alert_tells_planners_that_there_is_one(told_here: Told) -> None:
    """And says nothing of it: what it is stands on the page."""
    told = told_here
    told.tell("planners@council.example", provider_id=None)
    told.tell()
    told.ask("N1")
    told.delivered()
    mails = [mail for mail in told.box.taken if mail["To"] == "planners@council.example"]
    assert {mail["Subject"] for mail in mails} == {"An alert waits for somebody to look at it"}
    assert all(mail.get_content().splitlines()[-1].endswith("/alerts") for mail in mails)


def test_nobody_is_told_twice_of_one_cause(told: Told) -> None:
    """The same cause written again, by whatever mistake, is the same message; to another address it is another."""
    told.tell()
    told.tell("night@alder.example")
    with reading(told.store.engine) as connection:
        addresses = connection.execute(outbox_addresses.select().order_by(outbox_addresses.c.address)).mappings().all()
    for _ in range(2):
        with writing(told.store.engine) as connection:
            facts = {"expires_at": NOW.isoformat()}
            write(connection, [message(each, "offer_waits", "O1", "N1", facts, NOW) for each in addresses])
    assert len(told.rows()) == 2 and len({row["message_id"] for row in told.rows()}) == 2
    told.delivered()
    assert sorted(mail["To"] for mail in told.box.taken) == ["desk@alder.example", "night@alder.example"]


def filled(told: Told, count: int, packages: int = 1) -> list[str]:
    """So many messages to ALDER's program, of some packages in turn; their ids in order."""
    address_id = told.tell(told.program.address, "webhook")
    address = {"address_id": address_id, "stopped_at": None}
    facts = {"expires_at": NOW.isoformat()}
    rows = [message(address, "offer_waits", f"O{number}", f"N{number % packages}", facts, NOW) for number in range(count)]
    with writing(told.store.engine) as connection:
        write(connection, rows)
    return [row["message_id"] for row in rows]


def test_order_is_kept_for_a_package_whatever_fails(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three packages; the first tries fail in every way. Of each package they arrive as they were written."""
    monkeypatch.setattr(Postman, "_pause", lambda *_: 0.05)
    told.program.does.extend([500, 429, 204, 429, 204, "hang", 500])
    ids = filled(told, 12, packages=3)
    told.delivered(telling_give_up_hours=100_000, telling_timeout_seconds=1)
    heard = list(told.program.heard)
    assert sorted(heard) == sorted(ids)
    for package in range(3):
        mine = ids[package::3]
        assert [each for each in heard if each in mine] == mine


def test_a_receiver_that_is_away_rests_and_only_the_first_message_pays(told_here: Told) -> None:
    told = told_here
    told.program.does.extend([500] * 9)
    filled(told, 3, packages=3)
    with told.postman(telling_retry_seconds=3_600, telling_give_up_hours=100_000):
        until(lambda: told.rows()[0]["attempts"] == 1 and set(told.states()) == {"waiting"})
        told.tell()
        told.ask("N1")
        until(lambda: len(told.box.taken) == 1)  # so it has looked again since
        assert [row["attempts"] for row in told.rows()[:3]] == [1, 0, 0]


def test_nothing_of_a_package_is_taken_before_what_was_written_earlier(told_here: Told) -> None:
    """N0's first is being sent, then waits an hour to be tried again: N0's second waits too, and N1's go out meanwhile."""
    told, ids = told_here, filled(told_here, 4, packages=2)
    engine, fence, address_id = told.store.engine, Turn(told.store.engine, 30).mine() or 0, told.rows()[0]["address_id"]

    def taken(now: dt.datetime, most: int = 50) -> list[str]:
        groups = waiting_messages.take(engine, fence, {address_id: most}, now)
        return [each.message_id for group in groups for each in group]

    later = NOW + dt.timedelta(hours=1)
    assert taken(NOW, 1) == [ids[0]]
    assert taken(NOW) == [ids[1], ids[3]]
    sent = [Outcome(each, End.SENT) for each in (ids[1], ids[3])]
    waiting_messages.settle(engine, fence, [Outcome(ids[0], End.AGAIN, "webhook_429", later), *sent], NOW)
    assert taken(NOW) == []
    assert taken(later) == [ids[0], ids[2]]


def test_what_a_killed_sender_had_taken_goes_out_under_the_same_ids(told: Told) -> None:
    """It took ten and is never heard of again. After a lease another sends all ten, and what the first says counts no more."""
    ids = filled(told, 10)
    gone, hands = Turn(told.store.engine, 30), Hands()
    fence = gone.mine()
    assert fence is not None
    (taken,) = waiting_messages.take(told.store.engine, fence, {told.rows()[0]["address_id"]: 50}, dt.datetime.now(dt.UTC))
    assert [each.message_id for each in taken] == ids and set(told.states()) == {"sending"}
    other = Turn(told.store.engine, 30, hands)
    assert other.mine() is None, "somebody has the turn"
    hands.at = 29.0
    assert other.mine() is None
    hands.at = 30.0
    assert other.mine() == fence + 1, "nothing was heard of them for a lease"
    assert waiting_messages.take_back(told.store.engine, fence + 1) == 10
    waiting_messages.settle(told.store.engine, fence, [Outcome(ids[0], End.NEVER, "too late")], NOW)
    assert set(told.states()) == {"waiting"}, "who lost the turn writes nothing any more"
    waiting_messages.take(told.store.engine, fence + 1, {told.rows()[0]["address_id"]: 50}, dt.datetime.now(dt.UTC))
    waiting_messages.settle(told.store.engine, fence, [Outcome(ids[0], End.NEVER, "too late")], NOW)
    assert set(told.states()) == {"sending"}, "nor of what the other has taken since"
    other.let_go()
    told.delivered(telling_give_up_hours=100_000)
    assert list(told.program.heard) == ids


def test_who_lives_keeps_the_turn(told: Told) -> None:
    """Two processes: one beats on, the other waits for ever; told to stop, it lets go at once."""
    mine, yours = Hands(), Hands()
    one, two = Turn(told.store.engine, 30, mine), Turn(told.store.engine, 30, yours)
    fence = one.mine()
    for _ in range(10):
        mine.at += 15
        yours.at += 15
        assert one.mine() == fence and two.mine() is None
    one.let_go()
    assert two.mine() == (fence or 0) + 1 and one.mine() is None


def test_pauses_grow_and_what_is_never_taken_is_shown(told_here: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute, two, four, at most eight; given up once it is older than the settings say, and sent again by a person."""
    told = told_here
    now = [NOW]
    monkeypatch.setattr(Clock, "instant", lambda _: now[0])
    told.program.does.extend([429] * 6)
    filled(told, 1)
    settings = {"telling_retry_seconds": 60, "telling_most_retry_seconds": 480, "telling_give_up_hours": 1}
    pauses: list[float] = []
    for _ in range(5):
        with told.postman(**settings):
            tries = len(pauses) + 1
            until(lambda tries=tries: told.rows()[0]["attempts"] == tries and told.states() == ["waiting"])
        due = dt.datetime.fromisoformat(told.rows()[0]["due_at"])
        pauses.append((due - now[0]).total_seconds())
        now[0] = due
    assert pauses == [60, 120, 240, 480, 480]
    now[0] = NOW + dt.timedelta(hours=1, seconds=1)
    with told.postman(**settings):
        until(lambda: told.states() == ["dead"])
    row = told.rows()[0]
    assert (row["said"], row["attempts"]) == ("webhook_429", 6)
    acts.send_again(told.by, row["message_id"])
    told.delivered(**settings)
    assert told.states() == ["sent"] and list(told.program.heard) == [row["message_id"]]


def test_an_address_where_nobody_is_gets_nothing_more(told_here: Told) -> None:
    """What waits for it, and what comes later, is on the list of what could not be sent, until somebody puts it right."""
    told = told_here
    told.box.refusing["desk@alder.example"] = "550 no such mailbox"
    address_id = told.tell()
    told.ask("N1")
    told.delivered()
    told.ask("N2")
    assert [(row["state"], row["said"]) for row in told.rows()] == [("dead", "smtp_550"), ("dead", "address_stopped")]
    assert all(row["ended_at"] for row in told.rows())
    told.box.refusing.clear()
    acts.resume_address(told.by, address_id)
    for row in told.rows():
        acts.send_again(told.by, row["message_id"])
    told.delivered()
    assert len(told.box.taken) == 2


def test_what_was_not_tried_of_an_address_that_bounces_is_shown_as_well(told_here: Told) -> None:
    """Three were taken at once, the first comes back: none of them waits for an address to which nothing is sent."""
    told, ids = told_here, filled(told_here, 3)
    fence = Turn(told.store.engine, 30).mine() or 0
    (address_id,) = {row["address_id"] for row in told.rows()}
    waiting_messages.take(told.store.engine, fence, {address_id: 50}, dt.datetime.now(dt.UTC))
    outcomes = [Outcome(ids[0], End.BOUNCED, "smtp_550"), *(Outcome(each, End.UNTRIED) for each in ids[1:])]
    waiting_messages.settle(told.store.engine, fence, outcomes, NOW)
    assert [(row["state"], row["said"]) for row in told.rows()] == [("dead", "smtp_550"), *[("dead", "address_stopped")] * 2]


def test_what_is_gathered_for_an_address_that_bounces_is_shown_as_well(told_here: Told) -> None:
    told = told_here
    address_id = told.tell()
    acts.set_kind(told.by, "offer_waits", NewWay(way="daily"))
    told.ask("N1")
    assert told.states() == ["gathering"]
    with writing(told.store.engine) as connection:
        waiting_messages.stop(connection, address_id, "smtp_550", NOW)
    assert [(row["state"], row["said"]) for row in told.rows()] == [("dead", "address_stopped")]


def test_a_defect_ends_no_postman(told_here: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is logged, and the next look is as ever."""
    told, fails = told_here, [KeyError("a defect"), ValueError("another")]
    whole = Postman.once
    monkeypatch.setattr("api.outbox.postman.BROKEN_SECONDS", 0.01)

    def once(postman: Postman) -> bool:
        if fails:
            raise fails.pop()
        return whole(postman)

    monkeypatch.setattr(Postman, "once", once)
    told.tell()
    told.ask("N1")
    told.delivered()
    assert not fails and len(told.box.taken) == 1


def test_once_a_day_is_one_message(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written on Monday at nine: told on Tuesday at eight, London's time, with how many there were."""
    now = [NOW]
    monkeypatch.setattr(Clock, "instant", lambda _: now[0])
    told.tell()
    acts.set_kind(told.by, "offer_waits", NewWay(way="daily"))
    told.ask("N1")
    (second,) = told.ask("N2")
    assert told.states() == ["gathering"] * 2
    assert {row["due_at"] for row in told.rows()} == {"2026-11-24T08:00:00.000000+00:00"}
    now[0] = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)
    with told.postman():
        until(lambda: told.box.taken)
        until(lambda: told.states() == ["in_digest", "in_digest", "sent"])
    (mail,) = told.box.taken
    assert mail["Subject"] == "2 messages about home care"
    assert text_of(mail).splitlines()[0] == "An offer waits for an answer: 2"
    offers.answer(told.by, second, Answer(response="withdrawn", reason="They have moved away"), None)
    told.delivered()
    _, other, over = in_diaries(told)
    assert over == ("CANCEL", other[1], other[2], 1), "it came with others, and is taken back by itself"


def test_the_hour_of_a_digest_is_londons() -> None:
    """In summer eight o'clock there is seven in Greenwich."""
    assert next_digest(dt.datetime(2026, 7, 1, 6, 59, tzinfo=dt.UTC)) == dt.datetime(2026, 7, 1, 7, 0, tzinfo=dt.UTC)
    assert next_digest(dt.datetime(2026, 7, 1, 7, 0, tzinfo=dt.UTC)) == dt.datetime(2026, 7, 2, 7, 0, tzinfo=dt.UTC)


def test_a_kind_that_is_off_is_not_written_and_what_waits_of_it_is_dropped(told_here: Told) -> None:
    told = told_here
    told.tell()
    told.ask("N1")
    acts.set_kind(told.by, "offer_waits", NewWay(way="off"))
    told.ask("N2")
    assert told.states() == ["dropped"]


def test_whoever_is_forgotten_is_in_no_message(told_here: Told) -> None:
    told = told_here
    told.tell()
    (asked,) = told.ask("N1")
    told.ask("N2")
    offers.answer(told.by, asked, Answer(response="withdrawn", reason="They have moved away"), None)
    with told.store.change(Actor("Ada", "admin")) as change:
        change.remove("packages", "N1")
        change.remove("offers", asked)
    assert {row["package_id"] for row in told.rows()} == {"N1", "N2"}
    forget(Caller(Service.of(told.settings, told.store), Actor("Ada", "admin")), ["N1"])
    assert {row["package_id"] for row in told.rows()} == {"N2"}


def test_days_for_the_diary_of_the_councils_own_people(told_here: Told) -> None:
    """A review that is set, moved and taken back, and a go-live: one message for each word of it, under one id, ever later."""
    told = told_here
    told.tell("planners@council.example", provider_id=None)
    acts.set_kind(told.by, "review_due", NewWay(way="at_once"))
    begun = {"restriction_id": "R1", "provider_id": "ALDER", "kind": "no_new_work", "starts": "2026-11-23", "reason": "x"}
    for day in ("2027-02-01", "2027-02-01", "2027-03-01"):
        with told.store.change(told.by.actor) as change:
            change.put("restrictions", "R1", begun | {"ends": "", "review_on": day})
            change.remember("restrictions.change", "restrictions", "R1")
    with told.store.change(told.by.actor) as change:
        body = change.state.stock["areas"]["A1"].body
        change.put("areas", "A1", body | {"go_live": "2027-04-05"})
        change.remember("areas.move_go_live", "areas", "A1", {"reason": "x"})
    with told.store.change(told.by.actor) as change:  # it ends, so that nothing is left to review by then
        change.put("restrictions", "R1", begun | {"ends": "2027-03-01", "review_on": "2027-03-01"})
        change.remember("restrictions.change", "restrictions", "R1")
    with told.store.change(told.by.actor) as change:
        change.put("areas", "A1", body | {"go_live": ""})
        change.remember("areas.move_go_live", "areas", "A1", {"reason": "x"})
    told.delivered()
    assert [mail["Subject"] for mail in told.box.taken] == [
        "A restriction is to be reviewed",
        "A restriction is to be reviewed",
        "Area A1 goes live on another day",
        "A restriction is not reviewed any more",
        "Area A1 has no day of going live now",
    ]
    dates = in_diaries(told)
    review, go_live = dates[0][1], dates[2][1]
    assert review != go_live and dates == [
        ("PUBLISH", review, "2027-02-01", 0),
        ("PUBLISH", review, "2027-03-01", 1),
        ("PUBLISH", go_live, "2027-04-05", 0),
        ("CANCEL", review, "2027-03-01", 2),
        ("CANCEL", go_live, "2027-04-05", 1),
    ]


def test_every_kind_has_words_without_a_person() -> None:
    """From the facts alone, which its notices give: days and moments, the id of an area, and how many rounds."""
    facts = {"expires_at": NOW.isoformat(), "day": "2026-12-01", "area": "A1", "rounds": "2"}
    for kind in KINDS.values():
        words = kind.words(facts)
        assert words.subject and words.sentences and words.page.startswith("/")


def test_messages_of_addresses_that_are_gone_go_with_them(told_here: Told) -> None:
    told = told_here
    address_id = told.tell()
    told.ask("N1")
    acts.remove_address(told.by, address_id)
    assert told.rows() == []
    told.ask("N2")
    assert told.rows() == []


def test_a_provider_that_told_no_free_hours_is_asked_once_a_period_where_somebody_hears(told: Told) -> None:
    """ALDER has a desk, BRACKEN none: it is to be rung. Asked again once a return would no longer count."""
    clock = Caller(told.by.service, THE_CLOCK)
    assert not offers.let_lapse(clock) or not [each for each in kinds_of(told) if each == "capacity_asked"]
    told.tell()
    offers.let_lapse(clock)
    assert kinds_of(told).count("capacity_asked") == 1 and told.rows()[-1]["state"] == "gathering", "at eight in the morning"
    offers.let_lapse(clock)
    assert kinds_of(told).count("capacity_asked") == 1
    asked = told.store.state().stock["capacity_asks"]
    assert list(asked) == ["ALDER"]
    days = told.store.state().snapshot.procurement.capacity_return_days
    with told.store.change(ADMIN) as change:
        long_ago = (told.settings.clock.today() - dt.timedelta(days=days)).isoformat()
        change.put("capacity_asks", "ALDER", {"provider_id": "ALDER", "asked_on": long_ago})
    offers.let_lapse(clock)
    again = told.store.state().stock["capacity_asks"]["ALDER"].body["asked_on"]
    assert again == told.settings.clock.today().isoformat(), "once a return of that day would no longer count"
    with told.store.change(ADMIN) as change:
        change.put("capacity_asks", "ALDER", {"provider_id": "ALDER", "asked_on": long_ago})
    capacity_returns.tell(told.by, NewReturn(provider_id="ALDER", free=[]))
    offers.let_lapse(clock)
    asked = told.store.state().stock["capacity_asks"]
    assert asked["ALDER"].body["asked_on"] == long_ago, "it has told that it has none"
    letter = KINDS["capacity_asked"].words({})
    assert letter.page == "/own/free-hours"


def test_who_has_not_answered_is_reminded_once_of_each_last_moment_where_somebody_hears(told_here: Told) -> None:
    """30 of 32 hours are gone for ALDER's two offers; to one of them it has said yes, and BRACKEN has no desk."""
    told, clock = told_here, Caller(told_here.by.service, THE_CLOCK)
    (asked,), (heard,) = told.ask("N1"), told.ask("N2")
    offers.let_lapse(clock)
    now, moment = told.settings.clock.now(), told.settings.clock.moment()
    with told.store.change(ADMIN) as change:
        for offer_id, more in (
            (asked, {}),
            (heard, {"said": {"answer": "yes", "said_by": "Sam", "how": "portal", "said_at": str(now)}}),
        ):
            times = {
                "offered_at": (now - dt.timedelta(hours=30)).isoformat(),
                "expires_at": (moment + dt.timedelta(hours=2)).isoformat(),
            }
            change.put("offers", offer_id, change.state.stock["offers"][offer_id].body | times | more)
    offers.let_lapse(clock)
    assert "reminded_of" not in told.store.state().stock["offers"][asked].body, "nobody would hear"
    told.tell()
    for _ in range(2):
        offers.let_lapse(clock)
    assert kinds_of(told).count("offer_reminder") == 1
    until = now + dt.timedelta(hours=3)
    given = NewAnswerBy.model_validate({"answer_by": until.isoformat(timespec="seconds"), "reason": "They rang"})
    offers.move_time(told.by, asked, given, None)
    for _ in range(2):
        offers.let_lapse(clock)
    assert kinds_of(told).count("offer_reminder") == 2, "of another last moment"
    told.delivered()
    mails = [mail for mail in told.box.taken if "still waits" in mail["Subject"]]
    assert len(mails) == 2 and f"{until:%H:%M}." in text_of(mails[1])
    acts.set_kind(told.by, "offer_reminder", NewWay(way="off"))
    offers.move_time(told.by, asked, given.model_copy(update={"answer_by": until + dt.timedelta(minutes=5)}), None)
    offers.let_lapse(clock)
    assert kinds_of(told).count("offer_reminder") == 2


def test_the_waves_of_a_released_transfer_are_days_in_the_diary_and_a_withdrawn_one_is_told(told: Told) -> None:
    """Two rounds of ALDER move on one day and a third on another; BRACKEN has none that moves, and is told of the plan as well.

    Who came later, or never had a day from us, is told of none that is taken back; who had it is, whatever else they are told of.
    """
    told.tell()
    told.tell("bracken@example.org", provider_id="BRACKEN")
    told.tell("ada@council.example", provider_id=None)
    days = ("2027-03-01", "2027-03-01", "2027-06-01")
    statements = {"ALDER": {"moves": [{"date": day} for day in days]}, "BRACKEN": {"moves": []}}
    with told.store.change(ADMIN) as change:
        change.put("released_transfers", "T1", {"run_id": "T1", "statements": statements, "released_at": "2026-11-23T09:00:00"})
        change.remember("transfer.released", "runs", "T1", {"plan_digest": "d", "provider_ids": sorted(statements)})
    assert sorted(kinds_of(told)) == ["transfer_released"] * 2 + ["wave_ahead"] * 2 + ["wave_of_provider"] * 2
    told.delivered()
    told.tell("late@alder.example")
    told.tell("late@council.example", provider_id=None)
    first = next(row for row in told.rows() if row["kind"] == "wave_ahead")
    letter = KINDS["wave_ahead"].words(orjson.loads(first["facts"]))
    assert letter.sentences == ("It falls on Monday 1 March 2027, with 2 rounds.",)
    assert letter.date is not None and letter.date.begins == dt.date(2027, 3, 1)
    own = KINDS["wave_of_provider"].words({"day": "2027-06-01"})
    assert own.date is not None and (own.date.begins, own.page) == (dt.date(2027, 6, 1), "/own/transfers")
    with told.store.change(ADMIN) as change:
        change.remove("released_transfers", "T1")
        change.remember("transfer.release_withdrawn", "runs", "T1", {"reason": "Planned again"})
    assert kinds_of(told).count("release_withdrawn") == 3, "ALDER's desks and BRACKEN's"
    assert "Planned again" not in str(KINDS["release_withdrawn"].words({}))
    told.delivered()
    dates = [(to, *date) for to, date in zip(addressed(told), in_diaries(told), strict=True)]
    brought = {(to, uid, day) for to, does, uid, day, told_before in dates if (does, told_before) == ("PUBLISH", 0)}
    taken_back = {(to, uid, day) for to, does, uid, day, told_before in dates if (does, told_before) == ("CANCEL", 1)}
    assert len(brought) == 4 and taken_back == brought and len(dates) == 8


def test_each_provider_is_told_of_its_own_plan_and_statement_once_and_not_where_the_kind_is_off(told_here: Told) -> None:
    """ALDER and BRACKEN have desks: of the plan BRACKEN is told as well, none of whose rounds moves, and of a statement ALDER."""
    told = told_here
    alder, bracken = told.tell(), told.tell("bracken@example.org", provider_id="BRACKEN")
    statements = {"ALDER": {"moves": [{"date": "2027-03-01"}]}, "BRACKEN": {"moves": []}}

    def released(at: str) -> None:
        with told.store.change(ADMIN) as change:
            change.put("released_transfers", "T1", {"run_id": "T1", "statements": statements, "released_at": at})
            change.remember("transfer.released", "runs", "T1", {"plan_digest": "d", "provider_ids": sorted(statements)})

    def kept(**digests: str) -> None:
        with told.store.change(ADMIN) as change:
            change.remember("statements.keep", "county", details={"month": "2026-10", "digests": digests})

    def of(kind: str) -> list[str]:
        return [row["address_id"] for row in told.rows() if row["kind"] == kind]

    released("2026-11-23T09:00:00")
    kept(ALDER="a")
    kept(ALDER="a")
    assert sorted(of("transfer_released")) == sorted([alder, bracken])
    assert of("statement_waits") == [alder], "once"
    released("2026-11-23T10:00:00")
    assert len(of("transfer_released")) == 4, "withdrawn and released again"
    assert {each["facts"] for each in told.rows() if each["kind"] in ("transfer_released", "statement_waits")} == {"{}"}
    for kind in ("transfer_released", "statement_waits"):
        acts.set_kind(told.by, kind, NewWay(way="off"))
    released("2026-11-23T11:00:00")
    kept(BRACKEN="b")
    assert len(of("transfer_released")) == 4 and of("statement_waits") == [alder]
    letter = KINDS["statement_waits"].words({})
    assert (letter.subject, letter.page) == ("A statement waits for you", "/own/statements")
    assert KINDS["transfer_released"].words({}).page == "/own/transfers"
