"""The secret in a link, and what is kept of it."""

import re

from clinic.web.links import new_token, token_digest


def test_a_token_fits_into_an_address_and_is_never_guessed() -> None:
    tokens = {new_token() for _time in range(1000)}
    assert len(tokens) == 1000
    # 43 characters of 64 hold 256 bits; 160 are asked for.
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_what_is_kept_does_not_hold_the_token() -> None:
    token = new_token()
    kept = token_digest(token)
    assert re.fullmatch(r"[0-9a-f]{64}", kept)
    assert token not in kept
    assert kept == token_digest(token)


def test_one_character_changed_anywhere_is_another_link() -> None:
    token = new_token()
    changed = [token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :] for place, letter in enumerate(token)]
    assert token_digest(token) not in {token_digest(each) for each in changed}


def test_any_text_that_an_address_can_hold_has_a_digest() -> None:
    assert token_digest("\udcff") != token_digest("")
