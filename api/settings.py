"""The service's settings, all from the environment; the README lists them, and a test compares the two."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from api.clock import Clock
from api.contacts.contact_settings import ContactSettings
from api.safe_addresses import safe_address
from api.window_periods import A_YEAR_OF_HOURS, WindowPeriod

MAY_APPROVE = ("contracts", "finance", "social_work", "planner", "admin")
"""The roles among which a council names those that approve the price of a purchase."""

MAY_COMPARE_VISITS = ("planner", "transition", "admin")
"""The roles among which a council names those that ask in a comparison what recorded visits come to: they start runs."""

A_DAY_OF_SECONDS, A_YEAR_OF_SECONDS, A_CENTURY_OF_DAYS = 86_400, 31_536_000, 36_500
A_MILLION, A_GIGABYTE = 1_000_000, 1_073_741_824
"""Beyond these a number is mistyped: it would be found when somebody waits for what it bounds."""
KINDS_OF_DATABASE = "expected sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME"
DRIVERS = {"sqlite": "pysqlite", "postgresql": "psycopg"}


class Settings(ContactSettings, BaseSettings):
    """Every name is read with the prefix ``OPTIMISER_``, but for ``DATABASE_URL``, whose name other tools know."""

    model_config = SettingsConfigDict(
        env_prefix="OPTIMISER_",
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
    )

    database_url: str = Field(default="sqlite:///optimiser.db", validation_alias="DATABASE_URL")
    """Where the state is kept: ``sqlite:///PATH`` or ``postgresql+psycopg://USER@HOST/NAME``."""
    database_connect_seconds: int = Field(default=3, ge=2, le=A_DAY_OF_SECONDS)
    """How long a connection to PostgreSQL may take."""
    database_lock_seconds: int = Field(default=10, ge=1, le=A_DAY_OF_SECONDS)
    """How long somebody waits for what another holds: a lock, a turn to write, a connection."""
    database_statement_seconds: int = Field(default=20, ge=1, le=A_DAY_OF_SECONDS)
    """How long PostgreSQL may work on one statement; a server that says nothing for two seconds more is given up."""
    database_long_lock_seconds: int = Field(default=60, ge=1, le=A_DAY_OF_SECONDS)
    """How long runs and commands wait for what another holds: hours of work may hang on it."""
    database_long_statement_seconds: int = Field(default=900, ge=1, le=A_DAY_OF_SECONDS)
    """How long PostgreSQL may work on one statement of theirs: exports, backups and forgetting go through a whole county."""
    host: str = Field(default="127.0.0.1", pattern=r"^\S+$")
    """The address to serve on; ``0.0.0.0``: every one that the machine has."""
    port: int = Field(default=8000, ge=1, le=65_535)
    """The port to serve on."""
    as_of: dt.date | None = None
    """A fixed date in place of today's, on a county that was loaded for practice (``optimiser load --practice``) alone."""
    max_connections: int = Field(default=1_000, ge=1, le=A_MILLION)
    """So many connections are kept open; where there are more, the oldest that asks nothing makes room."""
    max_requests: int = Field(default=400, ge=1, le=A_MILLION)
    """So many requests may wait for their answers; further ones are told at once to come again."""
    head_seconds: float = Field(default=10.0, gt=0, le=A_DAY_OF_SECONDS)
    """How long the head of a request may take to arrive."""
    body_seconds: float = Field(default=60.0, gt=0, le=A_DAY_OF_SECONDS)
    """How long its body may take."""
    send_seconds: float = Field(default=60.0, gt=0, le=A_DAY_OF_SECONDS)
    """How long somebody may read nothing of an answer while it waits to be sent."""
    request_seconds: float = Field(default=30.0, gt=0, le=A_DAY_OF_SECONDS)
    """A request that has no answer by then is told to come again."""
    max_body_bytes: int = Field(default=1_048_576, ge=1, le=A_GIGABYTE)
    """A larger request is refused before it is parsed, once the key is judged; what a person fills in may have 256 KiB."""
    max_import_bytes: int = Field(default=64 * 1024 * 1024, ge=1, le=A_GIGABYTE)
    """A larger zip of a snapshot folder is refused, once the key is judged; it may unpack to four times as much."""
    max_actuals_bytes: int = Field(default=16 * 1024 * 1024, ge=1, le=A_GIGABYTE)
    """A larger batch of records of visits is refused, once the key is judged."""
    page_size: int = Field(default=100, ge=1, le=100_000)
    """How many records a page of a list holds; a caller may ask for up to ten times as many."""
    framework_asked: str = Field(default="all", pattern="^(all|in_turn)$")
    """Whether the framework providers of an area are asked all at once or one after the other."""
    window_urgent_hours: int = Field(default=2, ge=1, le=A_YEAR_OF_HOURS)
    """Clock hours in which an urgent request has to be answered."""
    window_discharge_hours: int = Field(default=4, ge=1, le=A_YEAR_OF_HOURS)
    """Clock hours for a discharge from hospital."""
    window_standard_hours: int = Field(default=16, ge=1, le=A_YEAR_OF_HOURS)
    """Working hours for a standard request: two working days."""
    window_planned_hours: int = Field(default=40, ge=1, le=A_YEAR_OF_HOURS)
    """Working hours for planned care: a working week."""
    window_periods: tuple[WindowPeriod, ...] = ()
    """Days with other hours: what was asked on one of them has to be answered within those. The README has an example."""
    remind_at_percent: int = Field(default=75, ge=1, le=100)
    """Once so much of the time to answer is gone, the list of offers says whom to ring, and a desk is reminded."""
    typed_yes: str = Field(default="gathered", pattern="^(gathered|first_wins)$")
    """Whether a yes that a planner records to standard or planned care is gathered as a provider's own is, or wins at once."""
    capacity_map: str = ""
    """A file that says which headings of the capacity tracker's export are which columns of free hours, for files without a map;
    empty: none."""
    on_call_confirmed: bool = True
    """Whether hours on call that a provider declares itself count only once the council has confirmed them: the fewer they are
    the longer people wait for its answer."""
    working_day_starts: dt.time = dt.time(9, 0)
    """When working hours begin, on working days."""
    working_day_ends: dt.time = dt.time(17, 0)
    """When they end."""
    extra_holidays: frozenset[dt.date] = frozenset()
    """Days without work beside weekends and England's bank holidays, which are worked out: ``["2027-05-07"]``."""
    step_on_automatically: bool = False
    """Whether the next step of the cascade is asked without a planner when all answers are no or have lapsed."""
    closed_reserve_offers: str = Field(default="answered", pattern="^(answered|withdrawn)$")
    """Whether offers of reserve providers that wait when the reserve is closed may still be answered, or are withdrawn."""
    approval_limits_gbp: dict[str, Decimal] = {}
    """Up to how many pounds somebody may close a statement alone, by role, key or directory's subject; others: none."""
    close_with_queries: bool = True
    """Whether a statement may be closed while its provider questions a line: what is decided later is paid with the next."""
    purchase_approved_by: tuple[str, ...] = ("contracts", "admin")
    """The roles that may approve the price of a purchase outside the frameworks, for somebody whom nobody can be asked for."""
    visits_compared_by: tuple[str, ...] = ("admin",)
    """The roles that may ask in a comparison of scenarios what recorded visits come to: sums of accounts stand in its result."""
    double_assist_service: str = "double_assist"
    """The service of which two providers may come to one visit, one care worker from each; of any other nobody shares a visit."""
    tick_seconds: float = Field(default=15.0, ge=0, le=A_DAY_OF_SECONDS)
    """How often offers that have lapsed are looked for while nobody changes anything; 0: only when somebody does."""
    clock_gap_hours: int = Field(default=24, ge=1, le=A_YEAR_OF_HOURS)
    """After so long without a sign of the service its clock is not believed until ``optimiser clock --it-is`` confirms it."""
    clock_behind_seconds: int = Field(default=60, ge=1, le=A_DAY_OF_SECONDS)
    """The same where its clock is so far behind what was written last; ``audit verify`` tells of times that run back so far."""
    smallest_count: int = Field(default=5, ge=1, le=1_000)
    """Viewers see smaller counts of people only as "fewer than"."""
    publish_fairness: bool = False
    """Whether anybody may read without a key how often providers were asked and how long people waited, a quarter at a time."""
    publish_provider_names: bool = False
    """Whether providers are named there; else they are numbered."""
    run_lease_seconds: int = Field(default=30, ge=1, le=A_DAY_OF_SECONDS)
    """A run whose worker has not been heard of for so long is taken over by another."""
    run_workers: int = Field(default=1, ge=0, le=1_000)
    """How many runs the server works on at once, a process each; 0: none, ``optimiser work`` does elsewhere."""
    run_attempts: int = Field(default=3, ge=1, le=1_000)
    """How often a run whose solver died is tried again before it has failed."""
    most_runs_waiting: int = Field(default=20, ge=1, le=A_MILLION)
    """So many runs one person or key may have waiting and at work at once."""
    most_run_seconds: int = Field(default=86_400, ge=1, le=A_YEAR_OF_SECONDS)
    """So many seconds of search these may have asked for together: one run of a whole day."""
    solve_result_minutes: int = Field(default=60, ge=1, le=A_MILLION)
    """For so long what was found of a snapshot that was sent is kept; then it is destroyed."""
    most_followers: int = Field(default=600, ge=1, le=A_MILLION)
    """So many may follow runs at once with one key."""
    requests_per_second: float = Field(default=300.0, gt=0, le=A_MILLION)
    """So many requests a second one key may send in the long run; more are answered with 429 and when to try again."""
    requests_at_once: int = Field(default=1_200, ge=1, le=A_MILLION)
    """So many it may send at once."""
    strangers_per_second: float = Field(default=20.0, gt=0, le=A_MILLION)
    """So many requests a second somebody without a key may send in the long run, from one address: to the public price band."""
    strangers_at_once: int = Field(default=100, ge=1, le=A_MILLION)
    """So many they may send at once. Behind a proxy everybody has its address: limit them there."""
    replan_seconds: int = Field(default=45, ge=1, le=A_DAY_OF_SECONDS)
    """A new plan that a withdrawal asks for keeps the best that it has found after so long."""
    rounds: str = ""
    """A folder that ``optimiser rounds build`` wrote: the cascade can then tell where a package fits."""
    rounds_travel: str = "straight-line"
    """Where its travel times came from, as ``--travel`` names it."""
    postcodes: str = ""
    """An index that ``optimiser postcodes build`` made: places may then be given by postcode; empty: in degrees alone."""
    oidc_issuer: str = ""
    """The council's sign-in service; empty: keys alone."""
    oidc_audience: str = ""
    """Whom its tokens have to be made for: the name of this service there."""
    oidc_role_claim: str = Field(default="roles", min_length=1)
    """Which claim of a token names the role."""
    oidc_provider_claim: str = Field(default="provider_id", min_length=1)
    """Which claim names the one provider that somebody with the role provider is at; without it they are let in nowhere."""
    oidc_jwks_url: str = ""
    """Where its public keys are; empty: asked of the issuer."""
    oidc_client_id: str = ""
    """The name under which the council's directory knows the pages; empty: nobody signs in to them by the directory."""
    oidc_client_secret_file: str = ""
    """A file with the secret that the directory gave the pages; empty: they have none, and PKCE alone protects a sign-in."""
    oidc_scope: str = Field(default="openid profile", pattern=r"^openid( [\x21\x23-\x5B\x5D-\x7E]+)*$")
    """What the directory is asked to say about somebody: some tell roles under a scope of their own."""
    oidc_session_minutes: int = Field(default=240, ge=1, le=1_440)
    """Whoever signed in by the directory is asked anew after so long: until then a role that was taken from them there stays."""
    public_address: str = ""
    """Where browsers find the service, ``https://brokerage.example.gov.uk``: the directory sends people back there."""
    council: str = Field(default="Your council", min_length=1, max_length=100, pattern=r"^\S([^\x00-\x1f\x7f]*\S)?$")
    """The name that stands above every page."""
    accessibility_contact: str = Field(default="", max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
    """Whom to tell of what stands in somebody's way on the pages: an address or a telephone number, as it is shown."""
    session_idle_minutes: int = Field(default=60, ge=1, le=1_440)
    """Whoever is signed in to the pages and asks nothing for so long has to sign in again."""
    session_hours: int = Field(default=12, ge=1, le=24)
    """Nobody stays signed in to the pages for longer, whatever they do."""
    claim_minutes: int = Field(default=60, ge=1, le=1_440)
    """Whoever says that they are working on a person is held to be for so long."""
    decision_days: int = Field(default=56, ge=1, le=730)
    """So many days before somebody would move by a transfer's plan social work is asked to have decided."""
    case_link: str = Field(default="", max_length=500, pattern=r"^(https://[^\s{}<>\"'\\]*(\{package_id\}[^\s{}<>\"'\\]*)+)?$")
    """Where the council's own case system shows a person, ``{package_id}`` for their id; empty: no page links there."""
    smtp_host: str = Field(default="", pattern=r"^\S*$")
    """The mail server that messages are given to; empty: none are sent by e-mail."""
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    """Its port."""
    smtp_security: str = Field(default="starttls", pattern="^(starttls|tls)$")
    """How the way to it is kept private: ``starttls``, or ``tls`` from the beginning (mostly on port 465). Never without."""
    smtp_user: str = ""
    """Who signs in at it; empty: nobody has to."""
    smtp_password_file: str = ""
    """A file with their password."""
    smtp_from: str = Field(default="", max_length=320, pattern=r"^([^\s@<>\"]+@[^\s@<>\"]+)?$")
    """Whom e-mails come from: an address to which bounces are sent."""
    notify_key_file: str = ""
    """A file with an API key of GOV.UK Notify; empty: nothing is sent by it."""
    notify_template: str = Field(default="", pattern=r"^[0-9a-fA-F-]*$")
    """The id of an e-mail template there that holds ``((subject))`` and ``((body))`` alone."""
    notify_address: str = "https://api.notifications.service.gov.uk"
    """Where its API is."""
    webhook_secret_file: str = ""
    """A file with the secrets (``whsec_…``, one a line, the newest first) that sign what programs are told; empty: none are."""
    telling_ca_file: str = ""
    """Certificates that mail servers and receivers are known by; empty: those of the machine."""
    telling_seconds: float = Field(default=2.0, ge=0, le=A_DAY_OF_SECONDS)
    """How often this process looks whether there is anything to be sent; 0: never, ``optimiser outbox --send`` does elsewhere."""
    telling_timeout_seconds: float = Field(default=10.0, gt=0, le=600)
    """How long a receiver may take over one message."""
    telling_retry_seconds: int = Field(default=60, ge=1, le=A_DAY_OF_SECONDS)
    """After so long what was not taken is tried again, then after twice as long, and so on."""
    telling_most_retry_seconds: int = Field(default=3_600, ge=1, le=A_DAY_OF_SECONDS)
    """The longest that is waited for between two tries."""
    telling_give_up_hours: int = Field(default=72, ge=1, le=A_YEAR_OF_HOURS)
    """What is still not taken after so long is no longer tried: a person sees it and decides."""
    telling_lease_seconds: int = Field(default=30, ge=1, le=A_DAY_OF_SECONDS)
    """A process that sends and has not been heard of for so long has lost its turn to another."""
    metrics_open: bool = False
    """Whether ``/metrics`` is shown to anybody who reaches the port; else to the roles job and admin."""
    shutdown_seconds: int = Field(default=8, ge=1, le=A_DAY_OF_SECONDS)
    """How long requests under way may take to finish once the service is told to stop."""
    forget_runs_after_days: int = Field(default=365, ge=1, le=A_CENTURY_OF_DAYS)
    """``optimiser forget --due`` destroys results, explanations and events of runs that ended so long ago."""
    rights_answer_days: int = Field(default=28, ge=1, le=90)
    """Within so many days whoever asks for a correction, or objects, is to have an answer; a day later it is alerted."""
    statement_answer_working_days: int = Field(default=10, ge=1, le=60)
    """Within so many working days a provider's query about a line of its monthly statement is to have an answer."""
    subject_staff_names: str = Field(default="deciders", pattern="^(deciders|nobody|all)$")
    """Whom of the council's staff ``optimiser subject`` names: those who decided about the person, nobody, or all."""
    first_key_file: str = ""
    """Where the first key of a fresh database is written; empty: beside a SQLite database, else in the working folder."""
    key_file: str = ""
    """A file with a key: commands are done as its holder, in its roles. Empty: as the account that runs them."""
    audit_signing_key: str = ""
    """A PEM file with an Ed25519 private key, kept outside of the database: the head of the audit trail is signed with it."""
    head_file: str = ""
    """Where the last head of the trail that was acknowledged is noted; empty: beside a SQLite database, else in memory alone."""
    look_over_hours: float = Field(default=6.0, gt=0, le=A_YEAR_OF_HOURS)
    """How often the files of the database are looked over for damage, beside once at the start."""
    forget_worker_keys_after_days: int = Field(default=84, ge=28, le=A_CENTURY_OF_DAYS)
    """``optimiser forget --due`` destroys pseudonyms of care workers in records of visits so long ago, closed or not."""
    forget_after_days: int = Field(default=2_190, ge=1, le=A_CENTURY_OF_DAYS)
    """``optimiser forget --due`` destroys what is personal of packages that ended so long ago (six years)."""

    @field_validator("database_url")
    @classmethod
    def _kind_of_database_is_known(cls, url: str) -> str:
        try:
            found = make_url(url)
        except ArgumentError:
            raise ValueError(KINDS_OF_DATABASE) from None
        named = found.drivername.partition("+")[2]
        driver = DRIVERS.get(found.get_backend_name())
        if driver is None or named not in ("", driver):
            raise ValueError(KINDS_OF_DATABASE)
        return url

    @model_validator(mode="after")
    def _day_has_hours(self) -> Settings:
        if self.working_day_starts >= self.working_day_ends:
            raise ValueError("working_day_starts must be before working_day_ends")
        return self

    @model_validator(mode="after")
    def _periods_are_apart(self) -> Settings:
        in_order = sorted(self.window_periods, key=lambda each: each.since)
        for each in in_order:
            if each.since >= each.until:
                raise ValueError("window_periods: until, which is not included, must be after since")
        for before, after in pairwise(in_order):
            if after.since < before.until:
                raise ValueError("window_periods: two of them share a day; which hours would count on it?")
        return self

    @model_validator(mode="after")
    def _sign_in_is_whole(self) -> Settings:
        if self.oidc_issuer and not self.oidc_audience:
            raise ValueError("oidc_issuer needs oidc_audience: else tokens made for other programs would open this one")
        if (self.oidc_audience or self.oidc_jwks_url) and not self.oidc_issuer:
            raise ValueError("oidc_audience and oidc_jwks_url need oidc_issuer: without it keys alone open the door")
        for name, address in (("oidc_issuer", self.oidc_issuer), ("oidc_jwks_url", self.oidc_jwks_url)):
            if address and not safe_address(address):
                raise ValueError(f"{name} must be https://, or on this machine: else anybody on the way signs people in")
        return self

    @model_validator(mode="after")
    def _directory_of_pages_is_whole(self) -> Settings:
        if self.oidc_client_id and not (self.oidc_issuer and self.public_address):
            raise ValueError("oidc_client_id needs oidc_issuer and public_address: who signs in, and where people come back to")
        if self.oidc_client_secret_file and not self.oidc_client_id:
            raise ValueError("oidc_client_secret_file needs oidc_client_id: the secret is of that name")
        parts = urlsplit(self.public_address)
        if self.public_address and (
            not safe_address(self.public_address) or parts.path.strip("/") or parts.query or parts.fragment
        ):
            raise ValueError("public_address must be https:// with a host and nothing behind it, or http:// on this machine")
        return self

    @model_validator(mode="after")
    def _senders_are_whole(self) -> Settings:
        for name, needed in (
            ("smtp_host", ("smtp_from", "public_address")),
            ("notify_key_file", ("notify_template", "public_address")),
            ("webhook_secret_file", ("public_address",)),
            ("smtp_user", ("smtp_host", "smtp_password_file")),
            ("smtp_password_file", ("smtp_user",)),
        ):
            if getattr(self, name) and not all(getattr(self, each) for each in needed):
                raise ValueError(f"{name} needs {' and '.join(needed)}")
        if not safe_address(self.notify_address):
            raise ValueError("notify_address must be https://, or on this machine: else anybody on the way reads who is told")
        return self

    @model_validator(mode="after")
    def _roles_that_are_named_may(self) -> Settings:
        for name, roles in (("purchase_approved_by", MAY_APPROVE), ("visits_compared_by", MAY_COMPARE_VISITS)):
            named = getattr(self, name)
            if not set(named) <= set(roles) or (name == "purchase_approved_by" and not named):  # somebody has to
                raise ValueError(f"{name} must name roles out of {', '.join(roles)}")
        return self

    @cached_property
    def clock(self) -> Clock:
        return Clock(self.as_of)


def exported(name: str) -> str:
    """What a setting is called in the environment."""
    return str(Settings.model_fields[name].validation_alias or f"OPTIMISER_{name}".upper())
