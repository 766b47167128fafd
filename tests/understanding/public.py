"""Public sets, read from files that aren't part of this repository.

Bitext: https://github.com/bitext, customer support utterances of 27 intents, as CSV.
CLINC150: https://github.com/clinc/oos-eval, data/data_full.json (Larson et al., 2019).
"""

import csv
import json
from collections import defaultdict
from pathlib import Path
from random import Random

from tests.understanding.sets import Message

EACH = 40  # utterances that are drawn of an intent
DRAW = 11  # the dice of the draw

# Which of our intents answer theirs. Nobody here takes reviews or orders: those are not for us.
BITEXT: dict[str, frozenset[str]] = {
    "cancel_order": frozenset({"cancel-order"}),
    "change_order": frozenset({"change-order"}),
    "change_shipping_address": frozenset({"change-address", "account-settings"}),
    "check_cancellation_fee": frozenset({"cancel-order", "cancel-subscription"}),
    "check_invoice": frozenset({"invoice"}),
    "check_payment_methods": frozenset({"payment-methods"}),
    "check_refund_policy": frozenset({"return-policy"}),
    "complaint": frozenset({"complaint-service"}),
    "contact_customer_service": frozenset({"contact", "human"}),
    "contact_human_agent": frozenset({"contact", "human"}),
    "create_account": frozenset({"create-account"}),
    "delete_account": frozenset({"delete-account"}),
    "delivery_options": frozenset({"delivery-options", "shipping-abroad"}),
    "delivery_period": frozenset({"shipping-time", "order-status"}),
    "edit_account": frozenset({"account-settings"}),
    "get_invoice": frozenset({"invoice"}),
    "get_refund": frozenset({"refund-request"}),
    "newsletter_subscription": frozenset({"newsletter"}),
    "payment_issue": frozenset({"payment-failed"}),
    "place_order": frozenset(),
    "recover_password": frozenset({"forgot-password"}),
    "registration_problems": frozenset({"create-account"}),
    "review": frozenset(),
    "set_up_shipping_address": frozenset({"change-address", "account-settings"}),
    "switch_account": frozenset({"account-settings", "change-subscription"}),
    "track_order": frozenset({"order-status"}),
    "track_refund": frozenset({"refund-status"}),
}


def bitext(file: Path) -> list[Message]:
    """Some utterances of each intent; the columns are `instruction` (or `utterance`), `intent`."""
    said: dict[str, list[str]] = defaultdict(list)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            said[row["intent"]].append(row.get("instruction") or row["utterance"])
    dice = Random(DRAW)
    return [
        Message(text, BITEXT[name])
        for name, texts in sorted(said.items())
        for text in dice.sample(sorted(set(texts)), min(EACH, len(set(texts))))
    ]


def clinc(file: Path) -> list[str]:
    """The 1,000 test queries that are in no assistant's scope."""
    return [text for text, _ in json.loads(file.read_text("utf-8"))["oos_test"]]
