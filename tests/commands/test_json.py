"""``--json``: a record and nothing else on the output, with the figures that people read, on every command that reports."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.clock import Clock
from api.state.store import Store
from api.state.stored_records import COLUMNS, OWN_KINDS
from api.storage.database import open_database
from optimiser.commands import parser
from optimiser.commands.export import LEFT_TO_A_BACKUP
from tests.api.forgetting.test_forgetting import end
from tests.commands.every_command import ACTUALS, PROPOSED, RATES, SCENARIO
from tests.commands.running import Ran, run
from tests.commands.test_help import commands_below
from tests.making.folders import Folder

Capture = pytest.CaptureFixture[str]
Figures = Callable[[Any], Iterator[str]]
"""What of a record people read, as they read it."""

SAYS_NOTHING = {
    "areas",
    "audit",
    "completion",
    "county",
    "help",
    "keys",
    "keys create",
    "keys revoke",
    "postcodes",
    "rounds",
    "serve",
    "work",
}
"""Commands that report nothing, or whose actions do."""


@pytest.fixture
def place(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything of a test stands: a county, a scenario, and the service's empty database."""
    tmp_path = folder.path.parent
    (tmp_path / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "proposal.csv").write_text("tier,percent\nlegacy,5\n", encoding="utf-8")
    (tmp_path / "actuals.csv").write_text(ACTUALS, encoding="utf-8")
    (folder.path / "account.toml").write_text("periods_begin = 2026-11-23\n", encoding="utf-8")
    (tmp_path / "forecast.toml").write_text(RATES, encoding="utf-8")
    (tmp_path / "proposed.toml").write_text(PROPOSED, encoding="utf-8")
    shutil.copytree(folder.path, tmp_path / "later")
    told = (tmp_path / "later" / "snapshot.toml").read_text(encoding="utf-8")
    (tmp_path / "later" / "snapshot.toml").write_text(told.replace("2026-11-23", "2026-11-24"), encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/county.db")
    monkeypatch.delenv("OPTIMISER_AS_OF", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def store(place: Path, capsys: Capture) -> Iterator[Store]:
    """The same database, with the county in it and a key."""
    assert run(capsys, "load", "county").code == 0
    assert run(capsys, "keys", "create", "Ada Planner", "planner").code == 0
    engine = open_database(f"sqlite:///{place}/county.db")
    yield Store(engine, Clock(None))
    engine.dispose()


def levels(record: Any) -> Iterator[str]:
    for level in record["levels"]:
        yield f"{level['name']} {level['unit']} {level['value']:,} {level['best']:,} {level['bound']:,}"


def of_check(record: Any) -> Iterator[str]:
    yield f"{record['packages']} packages ({record['minutes_per_week'] / 60:,.2f} hours a week),"
    yield f"{record['new_packages']} of them new; {record['providers']} providers,"
    yield f"{record['contracts']} contracts, {record['areas']} areas."
    yield f"{record['waiting_for_an_answer']} waiting for a provider's answer, {record['accepted']} accepted."
    yield f"Accepted: {record['title']}, as of {record['as_of']}."
    yield f"Digest: {record['snapshot_digest']}"
    yield from (f"Exceeded on entry: {each}" for each in record["exceeded_on_entry"])
    yield from (f"Note: {each}" for each in record["notes"])


def of_changes(record: Any) -> Iterator[str]:
    yield from levels(record)
    told = record["reoptimise"]
    yield f"(at most {told['max_moves']} may, at most"
    yield f"in one step), in {told['steps']} step"


def of_transfer(record: Any) -> Iterator[str]:
    for level in record["levels"]:
        yield f"{level['name']} {level['unit']}"
    for area in record["areas"]:
        yield area["area_id"]
    yield from record["notes"]


def of_hand_back(record: Any) -> Iterator[str]:
    yield f"{record['placed']} of {record['people']} people have a place, {len(record['rounds_whole'])} rounds whole."
    yield f"{record['without_a_place']} have none yet"
    for level in record["levels"]:
        yield f"{level['name']} {level['unit']} {level['value']} {level['bound']}"


def of_stress(record: Any) -> Iterator[str]:
    assert len(record["failures"]) > 2
    for each in record["failures"]:
        yield f"{each['names'][0]} {each['people']} {float(each['hours_per_week']):,.0f}"


def of_relief(record: Any) -> Iterator[str]:
    yield f"{record['kept']} kept, {record['moved']} moved, {record['uncovered']} not covered."
    rounds = len(record["rounds_whole"]) + len(record["rounds_broken"])
    yield f"Rounds broken up: {len(record['rounds_broken'])} of {rounds}."
    yield from record["notes"]
    for level in record["levels"]:
        yield f"{level['name']} {level['unit']} {level['value']:,} {level['bound']:,}"


def of_bridge(record: Any) -> Iterator[str]:
    assert record["chosen"] is None
    for each in record["alternatives"]:
        for level in each["levels"]:
            yield f"{level['name']} {level['unit']} {level['value']:,} {level['bound']:,}"
    yield f"The alternatives differ for {record['people_for_whom_alternatives_differ']} of {record['people']} people."
    yield from record["notes"]


def of_tonight(record: Any) -> Iterator[str]:
    yield f"From {record['from']} until {record['until']}: {record['visits']} visits to {record['people']} people,"
    yield from (f"If missed, {each['if_missed']}: {each['visits']} visits" for each in record["by_harm"])
    yield from record["notes"]


def of_account(record: Any) -> Iterator[str]:
    yield f"{record['records']} records, {record['lines']} lines, {record['statements']} statements,"
    yield f"{record['total_gbp']} pounds."
    yield f"{record['drafts_that_cannot_be_closed']} of them cannot be closed"
    yield f"{record['records_in_no_statement']} records are in no statement"
    yield from (f"Odd: {count} {kind}" for kind, count in record["odd"].items())
    yield record["checked"]


def of_deliveries(record: Any) -> Iterator[str]:
    yield f"{record['starts']} to {record['ends']} ({record['weeks']} weeks): {record['records']} records,"
    yield f"{record['people']} people whose care runs."
    yield from (f"To look at: {count} {kind}" for kind, count in record["findings"].items())
    yield record["checked"]


def of_uplift(record: Any) -> Iterator[str]:
    yield f"From {record['starts']}: {record['this_year_more_gbp']} pounds more in {record['this_year']}"
    yield f"and {record['next_year_more_gbp']} pounds more in {record['next_year']}"
    yield f"{record['committed_without_gbp']} pounds without, {record['committed_with_gbp']} with it."
    yield record["checked"]


def of_comparison(record: Any) -> Iterator[str]:
    assert len(record["counties"]) == 2
    for each in record["indicators"]:
        yield f"{each['name']} {each['unit']} {' '.join(each['values'])}"


def of_rehearsal(record: Any) -> Iterator[str]:
    assert record["groups"]
    yield f"largest_first_after_days: 0 today, {record['changed']['largest_first_after_days']['proposed']} proposed."
    yield f"{record['nights']} nights, nights waited"
    for each in record["groups"]:
        yield f"{each['by']} {each['group']} {each['people']} {each['nights_waited_today']} {each['nights_waited_proposed']}"


def of_forecast(record: Any) -> Iterator[str]:
    yield f"The county, {record['draws']} draws: the first week, and after {record['weeks']} weeks"
    for figure in record["county"].values():
        yield f"{figure['words']} {figure['unit']} {figure['median'][0]} {figure['low_80'][-1]} {figure['median'][-1]}"
    yield f"Checked: {record['checked']['events']} events of the first draw replayed against the rules; all hold."


def of_shadow(record: Any) -> Iterator[str]:
    yield f"{record['decisions']} decisions of {record['nights']} nights"
    yield "Somebody with room could have been asked earlier for fewer than 5 people"


def of_no(record: Any) -> Iterator[str]:
    assert record["verdict"] == "no"
    yield f"No: {', '.join(record['required'])} cannot hold together (proven)."
    yield from (f"- {member}" for member in record["conflict"]["members"])
    for way in record["ways_out"]:
        yield " ".join(way["sentences"])


def of_yes(record: Any) -> Iterator[str]:
    yield f"Yes: {', '.join(record['required'])} can hold together."
    yield from (f"{name}: {value}" for name, value in record["levels"].items() if name == "disruption")


def of_night(record: Any) -> Iterator[str]:
    yield f"As of {record['as_of']}: {record['past_their_date']} urgent or discharge past their date, {record['waiting']} waiting"
    yield f"Steps worth taking: {record['steps']}, in which {record['moves']} change provider."
    yield f"Limits exceeded on entry: {record['limits_exceeded_on_entry']}."
    yield f"Changes within {record['ahead_days']} days: {record['ahead']}."
    yield f"Within {record['gap_months']} months: {record['gaps']} without principal, framework or cover;"
    yield f"cover; {record['buying_anew']} dates for buying anew"


def of_outlook(record: Any) -> Iterator[str]:
    assert record["gaps"]
    yield f"Gaps that begin within {record['gap_months']} months of {record['as_of']}, or as legacy ends: {len(record['gaps'])}."
    for gap in record["gaps"]:
        yield f"From {gap['from']}"
        yield f"{gap['name']}, home care: no {', no '.join(gap['missing'])}. With care: {gap['people_running']},"
    yield f"Dates for buying anew: {len(record['buying_anew'])},"
    for each in record["buying_anew"]:
        yield f"{each['date']} {each['what']} ("


def of_build(record: Any) -> Iterator[str]:
    yield f"care workers needed {record['figures']['staff_needed']}"


def of_judge(record: Any) -> Iterator[str]:
    for each in [*record["rounds"], *record["providers"]]:
        yield f"{each['name']} {each['deliverable']}"


def of_fit(record: Any) -> Iterator[str]:
    yield f"Where {record['package_id']} fits"
    yield f"Travel times: {record['travel']}."
    for each in record["providers"]:
        yield each["provider"]
    yield from record["providers"][0]["day_by_day"]


def of_explanation(record: Any) -> Iterator[str]:
    yield f"Package {record['package_id']} in area {record['area_id']}: {record['outcome']}"
    yield record["person"]
    for step in record["contracts"]:
        yield step["contract_id"]


def of_band(record: Any) -> Iterator[str]:
    yield f"Band {record['band']}: {record['miles']:.2f} miles in a straight line from {record['nearest_band_centre']}"
    yield f"(centres of: {record['centres_of']})"


def of_rules(record: Any) -> Iterator[str]:
    assert len(record) > 10
    for rule in record:
        yield f"## {rule['name']} {rule['sentence']}"


def of_return(record: Any) -> Iterator[str]:
    yield f"{record['events']} services, {record['hours_per_week']} hours a week, {record['weekly_gbp']} pounds a week."
    for each in record["left_empty"]:
        if each["mandatory"]:
            yield f"{each['column']}: {each['lines']} line(s)"


def with_out(name: str) -> list[str]:
    return ["--out", name, "--replace", "--quiet"]


LOSES = ("--provider", "ALDER", "--hours-4w", "60", "--from", "2026-12-07")
OF_A_FOLDER: dict[str, tuple[list[str], Figures]] = {
    "check": (["check", "county"], of_check),
    "allocate": (["allocate", "county", *with_out("result")], levels),
    "reoptimise": (["reoptimise", "county", *with_out("changes")], of_changes),
    "transfer": (["transfer", "county", "--area", "all", *with_out("plan")], of_transfer),
    "transfer --from": (["transfer", "county", "--from", "C5", *with_out("back")], of_hand_back),
    "relieve": (["relieve", "county", *LOSES, *with_out("relief")], of_relief),
    "bridge": (["bridge", "county", *with_out("bridge")], of_bridge),
    "account": (["account", "county", "--actuals", "actuals.csv", "--period", "2026-11-23", *with_out("account")], of_account),
    "deliveries": (
        ["deliveries", "county", "--actuals", "actuals.csv", "--until", "2026-12-21", *with_out("deliveries")],
        of_deliveries,
    ),
    "uplift": (["uplift", "county", "--proposal", "proposal.csv", "--from", "2027-04-05", *with_out("uplift")], of_uplift),
    "cld": (["cld", "county", "--from", "2026-10-01", "--to", "2026-12-31", "--out", "return", "--replace"], of_return),
    "tonight": (["tonight", "county", "--snow", "--from", "2026-11-23T18:00", "--out", "list", "--replace"], of_tonight),
    "outlook": (["outlook", "county"], of_outlook),
    "stress": (["stress", "county", "--worst", "0", *with_out("stress")], of_stress),
    "compare": (["compare", "county", "--scenario", "scenario.toml", *with_out("comparison")], of_comparison),
    "rehearse": (
        ["rehearse", "county", "--settings", "proposed.toml", "--nights", "2", "--requests", "1", *with_out("rehearsal")],
        of_rehearsal,
    ),
    "forecast": (
        [
            "forecast",
            "county",
            "--given",
            "forecast.toml",
            "--until",
            "2026-12-14",
            "--draws",
            "2",
            "--workers",
            "1",
            *with_out("played"),
        ],
        of_forecast,
    ),
    "shadow": (["shadow", "county", "later", *with_out("beside")], of_shadow),
    "feasible": (["feasible", "county", "--require", "legacy=0", "--require", "unmet=0"], of_no),
    "feasible yes": (["feasible", "county", "--require", "unmet=900h"], of_yes),
    "rounds build": (["rounds", "build", "county", "--provider", "ALDER", *with_out("rounds")], of_build),
    "rounds judge": (["rounds", "judge", "county", "--provider", "ALDER", "--quiet"], of_judge),
    "rounds fit": (["rounds", "fit", "county", "N1", "--rounds", "built", "--quiet"], of_fit),
    "band": (["band", "52.6", "1.1", "--in", "county"], of_band),
    "rules": (["rules"], of_rules),
}
FILES = {
    "allocate": "result/result.json", "reoptimise": "changes/result.json", "transfer": "plan/result.json",
    "transfer --from": "back/result.json", "stress": "stress/stress.json", "compare": "comparison/compare.json",
    "rehearse": "rehearsal/rehearsal.json", "forecast": "played/forecast.json",
    "shadow": "beside/shadow.json",
    "rounds build": "rounds/result.json", "relieve": "relief/result.json",
    "tonight": "list/result.json", "bridge": "bridge/bridge.json",
    "account": "account/account.json", "deliveries": "deliveries/deliveries.json",
    "uplift": "uplift/uplift.json", "cld": "return/client-level.json",
}  # fmt: skip
"""Where the very record stands that is printed."""


def agree(plain: Ran, told: Ran, figures: Figures) -> Any:
    """Both ended alike and say the same; the record."""
    assert (told.code, plain.code) == (plain.code, plain.code)
    record = json.loads(told.out)
    words = " ".join(plain.out.split())
    for each in figures(record):
        assert " ".join(each.split()) in words
    return record


@pytest.mark.parametrize("name", OF_A_FOLDER)
def test_a_record_has_the_figures_that_people_read(name: str, place: Path, capsys: Capture) -> None:
    arguments, figures = OF_A_FOLDER[name]
    if "built" in arguments:
        run(capsys, "rounds", "build", "county", "--provider", "ALDER", "--out", "built", "--quiet")
    plain = run(capsys, *arguments)
    assert plain.code in (0, 3), plain.err
    record = agree(plain, run(capsys, *arguments, "--json"), figures)
    if name in FILES:
        assert record == json.loads((place / FILES[name]).read_text(encoding="utf-8"))


@pytest.mark.usefixtures("place")
def test_a_night_counts_and_names_nobody(capsys: Capture) -> None:
    plain = run(capsys, "nightly", "county", "--out", "nights", "--quiet")
    told = run(capsys, "nightly", "county", "--out", "others", "--quiet", "--json")
    record = agree(plain, told, of_night)
    assert record["new"] is True
    assert Path(record["folder"], "nightly.json").exists()
    assert not {"N1", "N2", "N3"} & set(told.out.replace('"', " ").replace(",", " ").split())
    again = run(capsys, "nightly", "county", "--out", "others", "--quiet", "--json")
    assert (again.code, json.loads(again.out)) == (7, {"new": False, "latest": "others/latest"})


@pytest.mark.usefixtures("place")
def test_what_is_proven_again_is_told_level_by_level(capsys: Capture) -> None:
    assert run(capsys, "allocate", "county", "--out", "certified", "--certificate", "--quiet").code == 0
    asked = ("verify", "certified", "county")
    record = agree(run(capsys, *asked), run(capsys, *asked, "--json"), of_proofs)
    assert record["holds"] is True


def of_proofs(record: Any) -> Iterator[str]:
    for level in record["levels"]:
        yield f"{level['best']:,} {level['bound']:,} {level['proves']:,} {level['status']}"
    yield f"{record['levels_proven']} of {len(record['levels'])} levels are proven here"


def test_an_explanation_holds_what_its_reader_may_see(result: Path, capsys: Capture) -> None:
    asked = ("explain", result, "N1", "--contact", "the Care Line on 01603 496 0123")
    agree(run(capsys, *asked), run(capsys, *asked, "--json"), of_explanation)
    for more in (("--for", "person"), ("--for", "provider", "--provider", "BIRCH")):
        plain, told = run(capsys, *asked, *more), run(capsys, *asked, *more, "--json")
        record = agree(plain, told, lambda record: iter([record["text"]]))
        assert set(record) - {"provider_id"} == {"package_id", "for", "text"}, "nothing more where nothing is recorded"


@pytest.mark.usefixtures("place")
def test_what_was_noticed_goes_to_the_error_stream(folder: Folder, capsys: Capture) -> None:
    folder.change("packages.csv", "N1", requested_at="")
    folder.change("packages.csv", "N4", skills="tracheostomi")
    plain, told = run(capsys, "check", "county"), run(capsys, "check", "county", "--json")
    record = json.loads(told.out)
    assert any("tracheostomi" in note or "skill" in note for note in record["notes"])
    assert plain.out.count("Note: ") == len(record["notes"]) == told.err.count("Note: ") > 0


@pytest.mark.usefixtures("place")
def test_a_refusal_prints_no_record_but_of_its_faults_where_they_were_asked_for(folder: Folder, capsys: Capture) -> None:
    folder.change("packages.csv", "N5", status="lost")
    for arguments, _ in OF_A_FOLDER.values():
        if "county" in arguments:
            ran = run(capsys, *arguments, "--json")
            assert ran.code == 2
            if arguments[0] == "check":
                assert [each["code"] for each in json.loads(ran.out)["faults"]] == ["unknown_word"]
            else:
                assert ran.out == ""
            assert "packages.csv, line 6, status" in ran.err


def test_the_database_and_what_is_loaded_into_it(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    plain = run(capsys, "load", "county")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{place}/other.db")
    told = run(capsys, "load", "county", "--json")
    record = json.loads(told.out)
    assert f"Loaded {record['packages']:,} packages into sqlite:///{place}/county.db.\n" in plain.out
    assert record["database"] == f"sqlite:///{place}/other.db"
    assert [f"Note: {each}" for each in record["notes"]] == told.err.splitlines() == plain.out.splitlines()[1:]
    plain, told = run(capsys, "migrate"), run(capsys, "migrate", "--json")
    agree(plain, told, lambda record: iter([f"{record['database']}: tables of form {record['form']}."]))


def of_keys(record: Any) -> Iterator[str]:
    (key,) = record
    assert key["state"] == "valid"
    assert key["last_used_on"] is None
    yield f"{key['key_id']} {', '.join(key['roles'])} until {key['until']} not used yet {key['name']}"


def of_verified(record: Any) -> Iterator[str]:
    assert record["holds"]
    yield f"{record['entries']} entries, the personal part of {record['destroyed']} destroyed; no break. Head: {record['head']}"


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("arguments", "figures"),
    [
        (["keys", "list"], of_keys),
        (["audit", "verify"], of_verified),
        (["audit", "head"], lambda record: iter([f"{record['entry']}:{record['hash']}"])),
        (["clock"], lambda record: iter([record["told"]])),
    ],
    ids=["keys list", "audit verify", "audit head", "clock"],
)
def test_what_the_service_keeps(arguments: list[str], figures: Figures, capsys: Capture) -> None:
    agree(run(capsys, *arguments), run(capsys, *arguments, "--json"), figures)


@pytest.mark.usefixtures("store")
def test_entries_of_the_trail(capsys: Capture) -> None:
    assert run(capsys, "audit", "show", "--subject", "x" * 201).code == 2, "what is asked for would be written down"
    plain = run(capsys, "audit", "show", "--since", "2000-01-01")
    told = json.loads(run(capsys, "audit", "show", "--since", "2000-01-01", "--json").out)
    lines = plain.out.splitlines()
    assert len(told) == len(lines) + 1, "that the trail was read is an entry itself"
    for entry, line in zip(told, lines, strict=False):
        assert line.startswith(f"{entry['entry']}  ")
        assert f"{entry['actor']}, {entry['role']}: {entry['action']} {entry['about']} {entry['subject']}" in line


@pytest.mark.usefixtures("store")
def test_a_broken_trail_is_told_break_by_break(capsys: Capture) -> None:
    plain = run(capsys, "audit", "verify", "--since-head", f"1:{'f' * 64}")
    told = run(capsys, "audit", "verify", "--since-head", f"1:{'f' * 64}", "--json")
    record = json.loads(told.out)
    assert (plain.code, told.code, record["holds"], record["head"]) == (5, 5, False, None)
    assert [f"BREAK  entry {each['entry']}: {each['problem']}" for each in record["breaks"]] == plain.out.splitlines()[:-2]
    assert plain.out.splitlines()[-1] == "There is no good head."


def test_an_export_tells_of_every_kind_that_it_leaves_to_a_backup() -> None:
    words = {
        "hospital_cases": "hospital notices",
        "call_offs": "call-offs",
        "first_visits": "first visits",
        "enhanced_support": "enhanced home support",
        "rights_requests": "corrections and objections",
        "decision_requests": "requests for decisions",
        "capacity_returns": "free hours",
        "on_call": "hours on call",
        "contacts": "questions",
        "capacity_asks": "when they were asked",
        "first_askings": "what they are counted from",
        "statement_queries": "what was asked about them",
        "released_transfers": "plans that were released to providers",
        "account_book": "account book",
        "line_queries": "line queries",
        "incentive_periods": "periods of incentives",
        "period_figures": "figures of periods",
        "deliveries": "lists of deliveries",
    }
    for kind in set(OWN_KINDS) - {COLUMNS}:
        assert words.get(kind, kind) in LEFT_TO_A_BACKUP


def test_copies_of_the_service_are_told_with_their_digest(store: Store, capsys: Capture) -> None:
    digest = store.state().snapshot.digest()
    for command, plain_words in (("export", "Written to {}, as of {as_of}."), ("backup", "Backed up to {}, version {version},")):
        plain, told = run(capsys, command, "one"), run(capsys, command, "two", "--json")
        record = json.loads(told.out)
        expected = plain_words.format("one", **{name: record.get(name) for name in ("as_of", "version")})
        assert expected.rstrip(",").split(",")[0] in plain.out
        assert f"Digest: {record['snapshot_digest']}" in plain.out
        assert record["snapshot_digest"] == digest
        assert record[{"export": "folder", "backup": "file"}[command]] == "two"
        assert command == "backup" or record["not_in_it"] in plain.out
        for made in (Path("one"), Path("two")):
            assert made.exists()
            made.rename(f"{made}-{command}")
    mapped = json.loads(run(capsys, "export", "map.gpkg", "--gpkg", "--json").out)
    assert (mapped["snapshot_digest"], mapped["layers"]["packages"]) == (digest, len(store.state().snapshot.packages))


def test_how_much_was_forgotten(store: Store, capsys: Capture) -> None:
    nobody = run(capsys, "forget", "--due", "--json")
    assert nobody.code == 0
    assert json.loads(nobody.out) == dict.fromkeys(("packages", "records", "texts", "results", "visits", "entries", "runs"), 0)
    figures = []
    for package_id in ("N1", "N2"):
        end(store, package_id)
        arguments = ["forget", package_id] + ["--json"] * (package_id == "N2")
        figures.append(run(capsys, *arguments).out)
    words, record = figures[0], json.loads(figures[1])
    assert "Forgotten: 1 package(s)" in words
    assert record["packages"] == 1
    assert record["records"] > 0
    assert record["nothing_left_in_files"] is ("hold none of it any more" in words)


@pytest.mark.usefixtures("store")
def test_what_differs_from_a_folder_is_told_table_by_table(capsys: Capture) -> None:
    surgeries = Path("county/surgeries.csv")
    surgeries.write_text(surgeries.read_text("utf-8").replace("Market Place Surgery", "Market Surgery"), encoding="utf-8")
    plain, told = run(capsys, "sync", "county", "--dry-run"), run(capsys, "sync", "county", "--dry-run", "--json")
    record = json.loads(told.out)
    assert (plain.code, told.code, record["dry_run"]) == (0, 0, True)
    tables = {each["table"]: each for each in record["tables"]}
    assert [each["columns"] for each in tables["surgeries"]["changed"]] == [["name"]]
    for name, each in tables.items():
        assert f"{name}: " in plain.out
        assert f"{each['untouched']:,} untouched" in plain.out


def test_every_command_that_reports_has_it() -> None:
    told = {
        *OF_A_FOLDER, "nightly", "explain", "load", "migrate", "keys list", "audit verify", "audit head", "audit show", "export",
        "backup", "clock", "forget", "subject", "demo", "sync", "outbox", "postcodes build", "postcodes fill",
        "tidy", "template", "workbook", "finance", "audit sign", "areas import", "areas check", "areas derive",
        "county new", "county refresh", "county estimate", "split", "merge", "frontier", "size", "verify",
    }  # fmt: skip
    for name, command in commands_below(parser()):
        has = any("--json" in action.option_strings for action in command._actions)
        assert has is (name not in SAYS_NOTHING), name
        assert has is (name in told), name
