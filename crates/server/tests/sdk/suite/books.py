"""The gateway's ledger against the provider's invoice: every attempt, every meter, every amount."""

import time
from collections import Counter

from .money import usd

SECONDS = 20

# Protocols whose answers say which model they come from.
NAMING = {
    "openai_chat",
    "openai_completions",
    "openai_responses",
    "openai_embeddings",
    "anthropic_messages",
    "gemini_generate",
}


def every_attempt_the_provider_saw_is_in_the_ledger_once(world):
    invoice = world.provider.invoice()
    books = _settled(world, invoice)
    ids = Counter(entry["outcome"]["response_id"] for entry in books.entries if entry["outcome"]["response_id"])
    twice = [response_id for response_id, count in ids.items() if count > 1]
    assert not twice, f"entered twice: {twice}"
    assert len(books.entries) == len(invoice), f"{len(books.entries)} entries, {len(invoice)} invoice lines"
    assert all(entry["revision"] == 0 for entry in books.entries), books.entries
    assert not world.reference.invoice() or all(
        line["id"] not in ids for line in world.reference.invoice()
    ), "a request reached the wrong provider"
    return f"{len(invoice)} attempts"


def the_ledger_equals_the_invoice_entry_by_entry(world):
    invoice = world.provider.invoice()
    books = _settled(world, invoice)
    billed = [line for line in invoice if line["billed"]]
    assert billed, "the provider billed nothing"
    left = {entry["event_id"] for entry in books.entries if entry["billing_status"] == "billed"}
    for line in billed:
        entry = books.entry_of(line)
        _compare(line, entry)
        left.discard(entry["event_id"])
    assert not left, f"{len(left)} billed entries that the provider did not invoice"
    return f"{len(billed)} entries, {usd(_total(invoice))} USD"


def what_the_provider_refused_costs_nothing(world):
    invoice = world.provider.invoice()
    books = _settled(world, invoice)
    refused = Counter((line["protocol"], line["status"]) for line in invoice if not line["billed"])
    assert refused, "the provider refused nothing"
    entered = Counter(
        (entry["protocol"], entry["outcome"]["http_status"])
        for entry in books.entries
        if entry["billing_status"] == "no_charge"
    )
    assert entered == refused, f"the ledger has {entered}, the invoice {refused}"
    free = [entry for entry in books.entries if entry["reason"] == "free_endpoint"]
    assert free and all(entry["outcome"]["http_status"] == 200 for entry in free), free
    reasons = {entry["reason"] for entry in books.entries if entry["billing_status"] == "no_charge"}
    assert reasons == {"rejected", "free_endpoint"}, reasons


def nothing_is_left_unbilled(world):
    unbilled = world.gateway.get("/billing/overview")["unbilled"]
    assert unbilled == [], unbilled


def the_overview_shows_the_invoices_total(world):
    invoice = world.provider.invoice()
    _settled(world, invoice)
    month = world.gateway.get("/billing/overview")["month"]
    assert month["cost"] == usd(_total(invoice)), f"{month['cost']} USD shown, {usd(_total(invoice))} invoiced"
    assert month["attempts"] == len(invoice), month


def each_log_row_shows_its_receipts_cost(world):
    books = _settled(world, world.provider.invoice())
    for row in books.rows:
        receipt = books.receipts[row["request_id"]]
        assert (row["cost"], row["billing_status"]) == (receipt["cost"], receipt["billing_status"]), (row, receipt)
        assert row["key_name"] == "sdk" and row["owner"] == "alice", row


def the_cost_an_answer_named_is_the_one_entered(world):
    books = _settled(world, world.provider.invoice())
    assert world.quoted, "no answer named its cost"
    for request_id, cost in world.quoted:
        assert books.receipts[request_id]["cost"] == cost, (books.receipts[request_id], cost)


def an_sdks_retry_is_marked_as_one(world):
    books = _settled(world, world.provider.invoice())
    retried = [
        (attempt["billing_status"], attempt["caller"]["sdk_retry_count"])
        for receipt in books.receipts.values()
        for attempt in receipt["attempts"]
        if attempt["model_requested"] == "o3-mini"
    ]
    # One call without a retry, then one that was refused and sent again.
    assert sorted(retried) == [("billed", 1), ("no_charge", 0), ("no_charge", 0)], retried


class Books:
    """All request logs, their receipts and the entries on them."""

    def __init__(self, gateway):
        self.rows = gateway.request_logs()
        self.receipts = {row["request_id"]: gateway.receipt(row["request_id"]) for row in self.rows}
        self.entries = [
            entry | {name: attempt[name] for name in ("event_id", "protocol", "model_sent", "stream")}
            for receipt in self.receipts.values()
            for attempt in receipt["attempts"]
            for entry in attempt["entries"]
        ]

    def complete(self, attempts: int) -> bool:
        ended = all(row["ended_at"] for row in self.rows)
        return ended and len(self.entries) >= attempts

    def entry_of(self, line: dict) -> dict:
        """The entry with the response id of an invoice line."""
        found = [entry for entry in self.entries if entry["outcome"]["response_id"] == line["id"]]
        assert len(found) == 1, f"{len(found)} entries for invoice line {line['number']} ({line['path']})"
        return found[0]


def _compare(line, entry):
    where = f"invoice line {line['number']} ({line['path']}, {line['model']})"
    assert entry["billing_status"] == "billed", f"{where}: {entry['reason']}, {entry['detail']}"
    assert entry["usage"] == line["counts"], f"{where}: {entry['usage']} counted, {line['counts']} invoiced"
    cost = usd(int(line["amount_pico_usd"]))
    assert entry["cost"] == cost, f"{where}: {entry['cost']} USD entered, {cost} invoiced"
    itemised = {
        item["meter"]: (item["count"], item["usd_per_million"], item["cost"]) for item in entry["lines"]
    }
    invoiced = {
        part["meter"]: (part["count"], usd(int(part["rate_pico_usd_per_million"])), usd(int(part["amount_pico_usd"])))
        for part in line["components"]
    }
    assert itemised == invoiced, f"{where}: {itemised} itemised, {invoiced} invoiced"
    # Sound, pictures and vectors come without the name of their model.
    named = entry["outcome"]["model_served"]
    assert named == (line["model"] if line["protocol"] in NAMING else named), where
    assert entry["usage_source"] == "reported", f"{where}: {entry['usage_source']}"
    flags = ["counted_from_request"] if line["protocol"] == "openai_speech" and not line["stream"] else []
    assert entry["flags"] == flags, f"{where}: {entry['flags']}"
    assert entry["stream"] == line["stream"], where


def _settled(world, invoice) -> Books:
    """The books once nothing is missing; entries follow the answers within moments. What is missing after the first
    wait stays missing."""
    deadline = time.monotonic() + (0 if world.waited_in_vain else SECONDS)
    while not (books := Books(world.gateway)).complete(len(invoice)):
        if time.monotonic() >= deadline:
            world.waited_in_vain = True
            break
        time.sleep(0.1)
    return books


def _total(invoice) -> int:
    assert all(line["amount_pico_usd"] is not None for line in invoice), "the provider has no price for a request"
    return sum(int(line["amount_pico_usd"]) for line in invoice)


CASES = [
    every_attempt_the_provider_saw_is_in_the_ledger_once,
    the_ledger_equals_the_invoice_entry_by_entry,
    what_the_provider_refused_costs_nothing,
    nothing_is_left_unbilled,
    the_overview_shows_the_invoices_total,
    each_log_row_shows_its_receipts_cost,
    the_cost_an_answer_named_is_the_one_entered,
    an_sdks_retry_is_marked_as_one,
]
