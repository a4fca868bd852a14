"""The hands that the device tests of python-fido2 ask for, as a plugin of pytest: they pull the card out of the reader
and put it back. And the judge of the outcome: a test that is skipped without being listed fails the run, and so does one that
is listed and not skipped.

A list has a reason in brackets, and under it tests, one a line; `*` at a line's end stands for any ending, and all
tests that it fits must be skipped. Tests under a reason that begins with `not run:` are left out before they run.

Settings: CLAVIGER_CARD (the card's program with its arguments, as JSON), CLAVIGER_SKIPPED (the list),
CLAVIGER_READER (the reader's name).
"""

import importlib
import json
import os
import pathlib
import subprocess

CARD = json.loads(os.environ["CLAVIGER_CARD"])
LIST = pathlib.Path(os.environ["CLAVIGER_SKIPPED"])


class Hands:
    """Holds the card's program: the card is in the reader for as long as it runs."""

    def __init__(self):
        self.card = None

    def insert(self, *_, **__):
        self.remove()
        self.card = subprocess.Popen(CARD, stdin=subprocess.DEVNULL)

    def remove(self, *_, **__):
        if self.card:
            self.card.kill()
            self.card.wait()
        self.card = None


hands = Hands()
outcomes = {}
whys = {}


def listed(text):
    """The patterns of a list, each with the reason under which it stands."""
    patterns, reason = {}, None
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("#"):
            continue
        if line.startswith("["):
            reason = line.strip("[]")
        elif reason is None or line in patterns:
            raise SystemExit(f"{LIST}: {line} stands twice or under no reason")
        else:
            patterns[line] = reason
    return patterns


def fits(pattern, name):
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def pytest_configure(config):
    config.option.reader = os.environ["CLAVIGER_READER"]


def pytest_collection_modifyitems(config, items):
    left_out = [pattern for pattern, reason in PATTERNS.items() if reason.startswith("not run:")]
    for item in [item for item in items if any(fits(pattern, item.nodeid) for pattern in left_out)]:
        items.remove(item)
        outcomes[item.nodeid] = "not run"


def pytest_collection_finish(session):
    printer = importlib.import_module("tests.device").Printer
    printer.insert = lambda self, *_, **__: hands.insert()
    printer.remove = lambda self, *_, **__: hands.remove()
    printer.touch = lambda self: None
    printer.print = lambda self, *_: None


def pytest_runtest_logreport(report):
    # A test has three parts; one that failed or was skipped in any part did not pass.
    if report.failed or report.nodeid not in outcomes:
        outcomes[report.nodeid] = report.outcome
    elif report.skipped and outcomes[report.nodeid] == "passed":
        outcomes[report.nodeid] = "skipped"
    if report.skipped:
        whys[report.nodeid] = report.longrepr[2].removeprefix("Skipped: ")


def pytest_sessionfinish(session, exitstatus):
    hands.remove()
    wrong = list(mistakes())
    for mistake in wrong:
        print(f"\n{LIST.name}: {mistake}", end="")
    count = {outcome: sum(own == outcome for own in outcomes.values()) for outcome in ("passed", "failed", "skipped", "not run")}
    failed = count["failed"] + len(wrong) + (count["passed"] == 0)
    figures = " ".join(f"{outcome.replace(' ', '_')}={number}" for outcome, number in count.items())
    print(f"\npython-fido2: card={pathlib.Path(CARD[0]).name} {figures} wrongly_listed={len(wrong)}")
    print(f"{count['passed']} passed, {failed} failed")
    if failed:
        session.exitstatus = 1


def mistakes():
    """Where the list and what happened differ."""
    for name, outcome in sorted(outcomes.items()):
        if outcome == "skipped" and not any(fits(pattern, name) for pattern in PATTERNS):
            yield f"{name} is skipped and not listed ({whys.get(name)})"
    for pattern in PATTERNS:
        others = {name: outcome for name, outcome in outcomes.items() if fits(pattern, name)}
        if not others:
            yield f"{pattern} is no test"
        for name, outcome in others.items():
            if outcome not in ("skipped", "not run"):
                yield f"{name} is listed and {outcome}"


PATTERNS = listed(LIST.read_text())
