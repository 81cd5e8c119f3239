"""Guards at the doors: who gets in and how often, with which files, and which personal values go out."""

from tests.accept.mutation import Mutation

ACCOUNTS = "tests/integration/foundation/accounts"
LIMITS = "tests/integration/foundation/web/test_limits.py"
FILES = "tests/integration/foundation/web/test_hostile_files.py"
DISCLOSURE = "tests/integration/portal/disclosure/test_pages.py"
BULK = "tests/integration/portal/window/test_bulk.py"

DOORS = (
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
    Mutation(
        "a telephone's secret is sealed",
        "foundation/accounts/second_factor.py",
        "kept = sealed(offered.secret, person_id, keys)",
        "kept = offered.secret",
        f"{ACCOUNTS}/test_sign_in.py::test_who_reads_the_table_learns_no_secret",
    ),
    Mutation(
        "a telephone's secret is sealed for its account",
        "foundation/accounts/sealing.py",
        'return f"person:{person_id}".encode()',
        'return b"person"',
        f"{ACCOUNTS}/test_sign_in.py::test_two_rows_that_change_places_let_nobody_in",
    ),
    # --- how often one may ask ---
    Mutation(
        "who asks too often waits",
        "foundation/web/limits.py",
        "if number > most:",
        "if False:",
        f"{LIMITS}::test_looking_too_often_is_told_when_to_come_back",
    ),
    Mutation(
        "attempts are counted by account as well",
        "foundation/web/limits.py",
        'return (address, f"account {named}") if named else (address,)',
        "return (address,)",
        f"{LIMITS}::test_signing_in_is_counted_for_all_processes_by_address_and_by_account",
    ),
    Mutation(
        "nobody signs in uncounted",
        "foundation/web/limits.py",
        "        if rate.closed:\n",
        "        if False:\n",
        f"{LIMITS}::test_where_the_counter_is_down_one_looks_and_does_not_sign_in",
    ),
    Mutation(
        "the database counts where the broker is silent",
        "foundation/web/counting.py",
        "return self.second.hit(key, until)",
        "return 0",
        f"{LIMITS}::test_without_a_broker_the_database_counts",
    ),
    # --- personal values ---
    Mutation(
        "pages show a part of personal values",
        "foundation/web/personal.py",
        '    if not value:\n        return ""\n',
        '    return value or ""\n',
        f"{DISCLOSURE}::test_a_case_shows_a_part_and_its_own_firm_the_whole",
    ),
    Mutation(
        "the whole is told for a reason",
        "portal/disclosure/views.py",
        "StringConstraints(min_length=4, max_length=200)",
        "StringConstraints(max_length=200)",
        f"{DISCLOSURE}::test_the_whole_is_told_to_who_says_why_for_ten_minutes",
    ),
    Mutation(
        "only whose work it is may ask for the whole",
        "portal/disclosure/views.py",
        "if source is None or actor.role not in source.roles:",
        "if source is None:",
        f"{DISCLOSURE}::test_only_whose_work_it_is_may_ask",
    ),
    Mutation(
        "what was let out is open to whoever asked",
        "portal/disclosure/queries.py",
        "AuditEvent.person_id == actor.person_id,",
        "",
        f"{DISCLOSURE}::test_the_treasury_file_needs_a_reason_and_its_rows_are_counted",
    ),
    Mutation(
        "what was let out is open for ten minutes",
        "portal/disclosure/rules.py",
        "since <= now < since + OPEN",
        "since <= now",
        f"{DISCLOSURE}::test_the_whole_is_told_to_who_says_why_for_ten_minutes",
    ),
    Mutation(
        "a file with many accounts is fetched for a reason",
        "portal/disclosure/services.py",
        "if known is None or (known.what, known.of) != (what, of):",
        "if False:",
        f"{DISCLOSURE}::test_the_treasury_file_needs_a_reason_and_its_rows_are_counted",
    ),
    Mutation(
        "who grants rights does not learn of whom and why",
        "portal/disclosure/queries.py",
        "frozenset({Role.SUPERVISOR, Role.AUDIT_ADMIN})",
        "frozenset({Role.SUPERVISOR, Role.AUDIT_ADMIN, Role.SECURITY_ADMIN})",
        f"{DISCLOSURE}::test_who_watches_sees_all_of_it_and_administrators_no_case",
    ),
    # --- many at once ---
    Mutation(
        "a bulk act is its own role's",
        "portal/window/bulk/services.py",
        "    check_may(actor.role, act)\n",
        "",
        f"{BULK}::test_nobody_does_in_bulk_what_is_not_theirs_or_to_whom_it_is_not",
    ),
    Mutation(
        "a bulk act that one case refuses undoes that case alone",
        "portal/window/bulk/services.py",
        "with db.begin_nested():",
        "if True:",
        f"{BULK}::test_the_one_that_cannot_be_handed_off_holds_up_no_other_and_is_not_half_done",
    ),
    # --- files ---
    Mutation(
        "a PDF is kept without what acts in it",
        "foundation/web/uploads.py",
        '".pdf": pdf.defused,',
        '".pdf": bytes,',
        f"{FILES}::test_it_is_refused_or_defused",
        "any",
    ),
    Mutation(
        "archives are looked through",
        "foundation/web/uploads.py",
        "    **{suffix: _as_given(archives.check, suffix) for suffix in ARCHIVES},\n",
        "    **dict.fromkeys(ARCHIVES, bytes),\n",
        f"{FILES}::test_it_is_refused_or_defused",
        "any",
    ),
    Mutation(
        "only the scanner's yes lets a file in",
        "foundation/web/checks/scanner.py",
        'if answer != b"stream: OK":',
        "if False:",
        f"{FILES}::test_only_the_scanners_yes_lets_a_file_in",
        "any",
    ),
)
