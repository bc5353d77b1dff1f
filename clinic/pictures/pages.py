"""Which pages are pictured: whatever a role reaches by links from its first page, how often each, and the addresses no link leads to."""

from typing import Final

# In this order a page is pictured for the first who may open it: the folder of the pictures, and the log-in of the demo.
PEOPLE: Final = {"therapist": "anna", "admin": "boris", "doctor": "clara", "lead": "david", "auditor": "eva"}
SIGNED_OUT: Final = "signed-out"
NEW_CLINIC: Final = "new-clinic"

# Most pages look alike for every record; these have states that look different. A question mark stands for the page with filters.
SEVERAL: Final = {
    "courses:detail": 6,
    "courses:sign-off": 3,
    "studio:plan": 2,
    "studio:plan?": 3,
    "outcomes:course": 2,
    "day:before": 3,
    "day:record": 2,
    "calendar:day?": 4,
    "calendar:booking": 3,
    "patients:detail": 4,
    "patients:referral": 4,
    "library:condition": 2,
    "variants:stage": 2,
}
# In a clinic that was kept, the session that is given now is another one each time.
ANEW: Final = frozenset({"day:player", "day:finish"})
# With a filter these tell no more than without.
NO_FILTERS: Final = frozenset({"calendar:slip", "calendar:day-sheet"})

# What no link leads to. The last two refuse, as they should.
ALONE: Final = {
    "account_login": "/accounts/login/",
    "account_reset_password": "/accounts/password/reset/",
    "account_reset_password_done": "/accounts/password/reset/done/",
    "account_confirm_login_code": "/accounts/password/reset/key/1-wrong/",
    "patient-link-that-is-over": "/r/" + "x" * 43 + "/",
    "404": "/nowhere/",
}
UNLINKED: Final = {
    "therapist": {"lock": "/lock/", "403": "/staff/", "search-without-a-find": "/patients/?q=nobody"},
    "lead": {"search-in-the-library": "/library/?q=neck"},
}

# Not pages: files, answers to scripts, and ways out.
NO_PAGE_ENDS: Final = (".pdf", ".csv", ".ics", ".json", ".svg")
NO_PAGES: Final = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reset_password",
        "patients:document-file",
        "exchange:course-fhir",
        "exchange:patient-fhir",
        "exchange:protocol-fhir",
        "exchange:import-template",
        "exchange:import-wrong",
        "keeping:copy-file",
        "reminders:mailbox-file",
        "mfa_download_recovery_codes",
    }
)


def how_often(name: str) -> int:
    """How many records of the page with this URL name are pictured."""
    return SEVERAL.get(name, 1)


def may_be_empty(kind: str, path: str) -> bool:
    """Whether this page shows something else where a clinic has nothing yet: no record, no filter, nothing that comes with the program."""
    of_the_program = ("/library/", "/account", "/help/", "/signatures/")
    return "?" not in kind and not any(sign.isdigit() for sign in path) and not path.startswith(of_the_program)
