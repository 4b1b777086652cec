"""What holds for answers in files holds for answers in PostgreSQL: the very same tests.

Left out is what is about files: modes, links, torn and removed files, single system calls.
"""

from tests.answers.test_recovery import (  # noqa: F401
    old,
    saved,
    test_a_newer_definition_is_refused_and_nothing_changes,
    test_a_page_with_the_older_definition_gets_a_conflict,
    test_an_upgrade_that_changes_rows_stamps_those_rows,
    test_an_upgrade_that_does_not_fit_is_told_and_nothing_changes,
    test_older_answers_are_read_in_todays_definition_and_the_file_stays,
)
from tests.answers.test_store import *  # noqa: F403
from tests.answers.test_store import __dict__ as _store

ABOUT_FILES = (
    "test_the_file_is_readable_json_with_a_digest",
    "test_files_and_folders_open_for_their_owner_only",
    "test_a_document_of_somebody_else_is_not_served",
    "test_the_journal_stays_small_and_still_leads_to_the_answers",
)
for _name in ABOUT_FILES:
    assert _name in _store
    del globals()[_name]
