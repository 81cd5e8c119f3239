"""The guards of the house, and what each looks like when somebody takes it out."""

from dataclasses import dataclass

GUARDS = "tests/integration/guards"
ACCOUNTS = "tests/integration/foundation/accounts"
PAYOUTS = "portal/migrations/versions/0007_payouts.py"
WINDOW = "portal/migrations/versions/0008_window.py"
OUTCOMES = "portal/migrations/versions/0012_outcomes.py"


@dataclass(frozen=True, slots=True)
class Mutation:
    """One guard taken out: *old* stands once in *file*; *test* has to fail, on the database *on* at least."""

    guard: str
    file: str
    old: str
    new: str
    test: str
    on: str = "sqlite"


MUTATIONS = (
    # --- the schema ---
    Mutation(
        "CHECK: a pool covers what it promises",
        PAYOUTS,
        "reserved_fen + paid_fen <= total_fen",
        "1 = 1",
        f"{GUARDS}/test_schema.py::test_a_pool_cannot_promise_more_than_it_holds",
    ),
    Mutation(
        "UNIQUE: one live attempt of a payment",
        PAYOUTS,
        '["claim_id", "source", "instalment"],\n        unique=True,',
        '["claim_id", "source", "instalment"],\n        unique=False,',
        f"{GUARDS}/test_schema.py::test_a_payment_has_one_live_attempt",
    ),
    Mutation(
        "UNIQUE: one claim a case",
        PAYOUTS,
        'sa.UniqueConstraint("subject", name=op.f("uq_pool_claim_subject")),',
        "",
        f"{GUARDS}/test_schema.py::test_a_case_is_decided_once",
    ),
    Mutation(
        "CHECK: four eyes on a payment",
        PAYOUTS,
        "payer_id IS NULL OR payer_id <> maker_id",
        "1 = 1",
        f"{GUARDS}/test_schema.py::test_nobody_confirms_a_payment_of_their_own",
    ),
    Mutation(
        "CHECK: four eyes on a decision",
        WINDOW,
        "reviewer_id IS NULL OR decider_id IS NULL OR reviewer_id <> decider_id",
        "1 = 1",
        "tests/integration/portal/window/test_life.py::test_who_gave_the_opinion_does_not_decide",
    ),
    Mutation(
        "UNIQUE: one live case of a firm and item",
        OUTCOMES,
        '"uq_case_live",\n        "case_",\n        ["applicant_id", "item_code"],\n        unique=True,',
        '"uq_case_live",\n        "case_",\n        ["applicant_id", "item_code"],\n        unique=False,',
        f"{GUARDS}/test_schema.py::test_a_firm_has_one_live_case_of_an_item",
    ),
    Mutation(
        "triggers: timeline and ledger are only added to",
        "portal/migrations/append_only.py",
        "for statement in _statements(table, op.get_bind().dialect.name):",
        "for statement in ():",
        f"{GUARDS}/test_schema.py::test_a_record_is_only_added_to",
    ),
    # --- transactions ---
    Mutation(
        "BEGIN IMMEDIATE",
        "foundation/db.py",
        '"BEGIN IMMEDIATE" if writes else "BEGIN"',
        '"BEGIN"',
        f"{GUARDS}/test_races.py::test_who_looks_first_and_writes_later_is_not_overtaken",
    ),
    Mutation(
        "a GET cannot write",
        "foundation/db.py",
        "PRAGMA query_only={'OFF' if writes else 'ON'}",
        "PRAGMA query_only=OFF",
        f"{GUARDS}/test_schema.py::test_a_look_cannot_write",
    ),
    Mutation(
        "run again after a deadlock",
        "foundation/db.py",
        'RETRYABLE = frozenset({"40001", "40P01"})',
        "RETRYABLE: frozenset[str] = frozenset()",
        f"{GUARDS}/test_races.py::test_two_who_wait_for_each_other_both_get_through",
        "postgresql",
    ),
    Mutation(
        "whoever hangs lets go",
        "foundation/db.py",
        "-c idle_in_transaction_session_timeout={HUNG_SECONDS}s",
        "-c idle_in_transaction_session_timeout=600s",
        f"{GUARDS}/test_races.py::test_whoever_hangs_in_a_transaction_does_not_hold_up_the_house",
        "postgresql",
    ),
    Mutation(
        "the case is locked before the rule is asked",
        "portal/window/services/step.py",
        "select(Case).where(Case.number == number).with_for_update()",
        "select(Case).where(Case.number == number)",
        f"{GUARDS}/test_acts.py::test_of_two_who_accept_at_once_the_second_is_told",
        "postgresql",
    ),
    Mutation(
        "one statement reserves or does not",
        "portal/payouts/ledger.py",
        "reserved >= 0, paid >= 0, reserved + paid <= total, *also",
        "*also",
        f"{GUARDS}/test_races.py::test_a_pool_is_never_overspent",
    ),
    # --- acts ---
    Mutation(
        "idempotency key: the same click gets the first answer",
        "foundation/web/act.py",
        "known = db.get(Answer, (str(actor.person_id), key))",
        "known, key = None, secrets.token_hex(16)",
        f"{GUARDS}/test_acts.py::test_twenty_clicks_at_once_book_the_money_once",
    ),
    Mutation(
        "idempotency key: a twin waits for the first one's answer",
        "foundation/web/act.py",
        "raise _Twin from None",
        "raise",
        f"{GUARDS}/test_acts.py::test_twenty_clicks_at_once_book_the_money_once",
        "postgresql",
    ),
    Mutation(
        "idempotency key: another content under the same key is refused",
        "foundation/web/act.py",
        "if known.body_digest != digest:",
        "if False:",
        f"{GUARDS}/test_acts.py::test_a_refusal_keeps_nothing_and_the_same_form_may_be_sent_again",
    ),
    Mutation(
        "CSRF token",
        "foundation/web/pages.py",
        "    CSRFProtect(app)\n",
        '    app.config["WTF_CSRF_ENABLED"] = False\n',
        f"{GUARDS}/test_acts.py::test_a_form_without_its_key_or_token_does_nothing",
    ),
    Mutation(
        "access rule of a route",
        "foundation/web/act.py",
        "if not rule.admits(actor):",
        "if False:",
        "tests/integration/portal/payouts/test_pages.py::test_the_desk_is_finances_alone",
    ),
    Mutation(
        "scope: whose case it is",
        "portal/window/queries.py",
        "return not_draft & own & in_scope(actor, Case.item_code)",
        "return not_draft & in_scope(actor, Case.item_code)",
        "tests/integration/portal/window/test_pages.py::test_foreign_cases_are_not_found",
    ),
    Mutation(
        "scope: whose pool it is",
        "portal/payouts/queries.py",
        "return Pool.organisation_id == actor.organisation_id",
        "return true()",
        "tests/integration/portal/payouts/test_pages.py::test_what_belongs_to_another_finance_bureau_is_not_there",
    ),
    Mutation(
        "four eyes: who gave the opinion does not decide",
        "portal/window/services/review.py",
        "four_eyes.check_other(actor, case.reviewer_id, refusal)",
        "pass",
        "tests/integration/portal/window/test_life.py::test_who_gave_the_opinion_does_not_decide",
    ),
    Mutation(
        "four eyes: who prepared a payment does not confirm it",
        "portal/payouts/services.py",
        "four_eyes.check_other(actor, line.maker_id, rules.NOT_YOUR_OWN)",
        "pass",
        "tests/integration/portal/payouts/test_pages.py::test_the_maker_cannot_confirm_even_by_hand",
    ),
    Mutation(
        "four eyes: a deputy does not decide on what the absent one prepared",
        "foundation/four_eyes.py",
        "first_id not in (author.person_id, author.stands_in_for)",
        "first_id != author.person_id",
        "tests/integration/portal/window/test_life.py::test_who_gave_the_opinion_does_not_decide",
    ),
    Mutation(
        "moves: no step is skipped",
        "portal/window/rules.py",
        "raise MoveRefused(stage, act) from None",
        "after = next(to for (_, does), to in moves(mode, ending).items() if does is act)",
        "tests/integration/portal/window/test_life.py::test_no_step_is_skipped",
    ),
    # --- lists, publicity, batches ---
    Mutation(
        "nothing is decided before its publicity is over",
        "portal/window/publicity/rules.py",
        "if not over:",
        "if False:",
        "tests/integration/portal/window/test_publicity.py::test_no_decision_goes_past_an_objection",
    ),
    Mutation(
        "an open objection holds up its row",
        "portal/window/lists/showing.py",
        "if not all_wait and row.credit_code not in waiting",
        "if True",
        "tests/integration/portal/window/test_publicity.py::test_an_objection_holds_up_its_own_row_alone",
    ),
    Mutation(
        "four eyes: who examined an objection does not decide it",
        "portal/window/publicity/services.py",
        "four_eyes.check_other(actor, objection.examiner_id, refusal)",
        "pass",
        "tests/integration/portal/window/test_publicity.py::test_an_objection_holds_up_its_own_row_alone",
    ),
    Mutation(
        "four eyes: who prepared a batch does not release it",
        "portal/payouts/batches/services.py",
        "BatchState.PREPARED)\n    four_eyes.check_other(actor, batch.maker_id, rules.NOT_YOUR_OWN)",
        "BatchState.PREPARED)",
        "tests/integration/portal/payouts/test_batches.py"
        "::test_one_prepares_another_releases_and_the_digest_is_of_the_file",
    ),
    Mutation(
        "a line that the bank sent back is set apart",
        "portal/payouts/batches/queries.py",
        "        ~sent_back(),\n",
        "",
        "tests/integration/portal/payouts/test_batches.py::test_a_returned_line_is_set_apart_and_the_others_go_on",
    ),
    # --- numbers ---
    Mutation(
        "a number belongs to the transaction that uses it",
        "foundation/numbering.py",
        "last = db.execute(statement).scalar_one()",
        "with db.get_bind().engine.begin() as own:\n        last = own.execute(statement).scalar_one()",
        f"{GUARDS}/test_races.py::test_numbers_have_no_gap_and_no_repeat_however_many_give_up",
        "postgresql",
    ),
    Mutation(
        "a number is counted up by the database",
        "foundation/numbering.py",
        'set_={"last": Counter.last + count}',
        'set_={"last": (db.get(Counter, (series, year)) or Counter(last=0)).last + count}',
        f"{GUARDS}/test_races.py::test_numbers_have_no_gap_and_no_repeat_however_many_give_up",
        "postgresql",
    ),
    # --- effects ---
    Mutation(
        "an event is told in the transaction of its act",
        "foundation/outbox.py",
        "db.add(Outbox(topic=topic, payload=payload, created_at=clock.now()))",
        "with Session(db.get_bind().engine) as own, own.begin():\n"
        "        own.add(Outbox(topic=topic, payload=payload, created_at=clock.now()))",
        f"{GUARDS}/test_outbox.py::test_what_is_rolled_back_was_never_told",
        "postgresql",
    ),
    Mutation(
        "an effect is marked done in its own transaction",
        "foundation/outbox.py",
        "                delivery.done_at = clock.now()\n",
        "                db.commit()\n                delivery.done_at = clock.now()\n",
        f"{GUARDS}/test_outbox.py::test_death_between_effect_and_mark_leaves_neither",
    ),
    Mutation(
        "a delivery is locked while it is carried out",
        "foundation/outbox.py",
        "delivery = db.get(Delivery, (outbox_id, name), with_for_update=True)",
        "delivery = db.get(Delivery, (outbox_id, name))",
        f"{GUARDS}/test_outbox.py::test_delivered_twice_at_once_it_happens_once",
        "postgresql",
    ),
    Mutation(
        "what was done is not done again",
        "foundation/outbox.py",
        "return delivery is not None and delivery.done_at is None and delivery.failed_at is None",
        "return delivery is not None",
        f"{GUARDS}/test_outbox.py::test_delivered_again_later_it_has_no_effect",
    ),
    Mutation(
        "what the broker lost is published again",
        "portal/relay.py",
        "due += database.write(lambda db: outbox.overdue(db, now))",
        "pass",
        f"{GUARDS}/test_outbox.py::test_what_the_broker_lost_is_published_again",
    ),
    Mutation(
        "one relay leads",
        "portal/relay.py",
        "yield bool(leads)",
        "yield True",
        f"{GUARDS}/test_outbox.py::test_the_second_relay_stands_by_until_the_first_is_gone",
        "postgresql",
    ),
    Mutation(
        "given up is shown",
        "foundation/outbox.py",
        'INVARIANTS = (("every effect was delivered", failed),)',
        'INVARIANTS = (("every effect was delivered", lambda db: []),)',
        f"{GUARDS}/test_outbox.py::test_ten_failures_are_shown_to_whoever_looks",
    ),
    # --- the timeline ---
    Mutation(
        "hash chain: a changed line is found",
        "foundation/audit.py",
        "row.previous_hash != previous or row.hash != _hash(row)",
        "row.previous_hash != previous",
        f"{GUARDS}/test_chain.py::test_a_change_by_hand_is_found",
    ),
    Mutation(
        "hash chain: its end is known",
        "foundation/audit.py",
        "if (head.seq, head.hash) != (seq, previous):",
        "if False:",
        f"{GUARDS}/test_chain.py::test_a_change_by_hand_is_found",
    ),
    Mutation(
        "the end of the chain is locked by whoever adds to it",
        "foundation/audit.py",
        "select(AuditHead).where(AuditHead.id == 1).with_for_update()",
        "select(AuditHead).where(AuditHead.id == 1)",
        f"{GUARDS}/test_races.py::test_everybody_finds_the_end_of_the_timeline",
        "postgresql",
    ),
    # --- what comes in and goes out ---
    Mutation(
        "credit code: the check digit",
        "foundation/enterprises/rules.py",
        "uscc.validate(row.credit_code)",
        "pass",
        "tests/integration/foundation/enterprises/test_import.py"
        "::test_a_real_code_that_fails_the_check_digit_needs_a_reason_once",
    ),
    Mutation(
        "a message is told once by its key",
        "notices/services.py",
        'bulk.insert(db, Message, rows, once="key")',
        'bulk.insert(db, Message, [{**row, "key": f"{row}{now.microsecond}"[-160:]} for row in rows])',
        "tests/integration/notices/test_inbox.py::test_a_message_is_told_once_by_its_key",
    ),
    Mutation(
        "the press fetches nothing",
        "notices/press.py",
        'allowed_protocols=("data",)',
        'allowed_protocols=("data", "http", "https", "file", "ftp")',
        "tests/integration/notices/test_print.py::test_even_as_markup_no_address_is_fetched",
        "any",
    ),
    # --- people ---
    Mutation(
        "UNIQUE: one administrator's office a person",
        "portal/migrations/versions/0010_deputies.py",
        "unique=True,",
        "unique=False,",
        f"{ACCOUNTS}/test_memberships.py::test_nobody_holds_two_of_the_three_offices",
    ),
    Mutation(
        "who left is out at the next request",
        "foundation/accounts/queries.py",
        "        membership.ended_at.is_(None),\n",
        "",
        f"{ACCOUNTS}/test_memberships.py::test_a_former_colleague_is_out_at_the_next_request",
    ),
    Mutation(
        "a lock holds the right password too",
        "foundation/accounts/views/sign_in.py",
        "    lockout.refuse_locked(db, login, browser.address())\n",
        "",
        f"{ACCOUNTS}/test_sign_in.py::test_a_lock_that_fell_meanwhile_holds_the_right_password_too",
    ),
    Mutation(
        "a code of the telephone is taken once",
        "foundation/accounts/rules.py",
        "if step > last_step and ",
        "if ",
        "tests/unit/foundation/accounts/test_rules.py::test_a_code_is_taken_once_and_a_little_early_or_late",
    ),
)
