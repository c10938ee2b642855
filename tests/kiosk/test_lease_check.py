"""Leases that must not be believed, each named after the attack.

The attacks of python-tuf's tests and of tuf-conformance by their names: rollback, same version with other
content, freeze, mix-and-match, fast-forward (and recovery), key rotation, duplicate key ids, over-long, wrong
hash. What the hub does for a recovery stands in ``hub_api/test_leases.py``, rotation between real processes
in ``test_rotation.py``, the wrong hash of a page in ``test_pull_and_deliver.py``.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kiosk.lease_check import MAX_MANIFEST_BYTES, Identity, Mark, check_lease, open_lease
from app.model.errors import Untrusted
from app.model.terms import Classification
from app.seal.boxes import hpke_seal
from app.seal.dsse import MAX_ENVELOPE_BYTES, sign_envelope
from app.seal.encoding import sha256
from app.seal.keys import SealKey, SigningKey
from app.wire.lease import Bundle, mark_info
from app.wire.messages import LEASE_TYPE, MAX_BLOB_BYTES, TRUST_TYPE
from tests.kiosk.leases import NOW, Desk, Signed, page, station

if TYPE_CHECKING:
    from app.kiosk.lease_check import Checked

DESK = Desk()
FIRST = DESK.lease(7)
HELD = Mark(7, FIRST.payload)


def check(signed: Signed, mark: Mark = HELD, *, manifest: str | None = None, **changes: Any) -> Checked:
    text = signed.manifest if manifest is None else manifest
    told = {"identity": DESK.identity, "mark": mark, "now": NOW, **changes}
    return check_lease(signed.envelope, text, **told)


def refused(signed: Signed, mark: Mark = HELD, **changes: Any) -> str:
    with pytest.raises(Untrusted) as caught:
        check(signed, mark, **changes)
    assert caught.value.advice
    assert str(caught.value).endswith(".")
    return caught.value.code


# -- what is believed ---------------------------------------------------------------------------------------


def test_the_first_lease_of_a_kiosk_may_have_any_number() -> None:
    checked = check(FIRST, Mark())
    assert (checked.holding.lease, checked.mark) == (FIRST.lease, HELD)
    assert checked.manifest == FIRST.manifest


def test_the_next_lease_names_the_one_before() -> None:
    assert check(DESK.lease(8, previous=FIRST.payload)).mark.number == 8


def test_numbers_may_be_skipped_when_a_kiosk_was_away() -> None:
    assert check(DESK.lease(12, previous="of a lease that never arrived")).mark.number == 12


def test_the_same_lease_again_is_fine_also_under_a_new_signature() -> None:
    assert check(FIRST).mark == HELD
    twice = Signed(
        sign_envelope(LEASE_TYPE, FIRST.lease.exact(), [DESK.key, SigningKey.generate()]),
        FIRST.manifest,
        FIRST.payload,
        FIRST.lease,
    )
    assert check(twice).mark == HELD


def test_a_manifest_that_is_left_out_is_the_one_that_is_kept() -> None:
    following = DESK.lease(8, previous=FIRST.payload)
    assert check(following, manifest="", kept=lambda: FIRST.manifest).manifest == FIRST.manifest


def test_a_kept_lease_opens_after_it_has_ended() -> None:
    ended = DESK.lease(7, expires=NOW - timedelta(days=1))
    assert open_lease(ended.envelope, ended.manifest, identity=DESK.identity).mark.number == 7


# -- attacks ------------------------------------------------------------------------------------------------


def test_rollback_to_an_older_lease() -> None:
    assert refused(DESK.lease(6)) == "lease_rollback"


def test_same_version_with_other_content() -> None:
    assert refused(DESK.lease(7, page("other"))) == "lease_forked"


@pytest.mark.parametrize("mark", [b"", hpke_seal(bytes(67), SealKey.generate().public, mark_info("K-1", 8))])
def test_a_lease_without_the_keys_of_this_devices_mark(mark: bytes) -> None:
    assert refused(DESK.lease(8, previous=FIRST.payload, mark=mark)) == "lease_mark"


def test_a_second_history() -> None:
    assert refused(DESK.lease(8, previous=sha256(b"another seventh lease"))) == "lease_forked"


def test_freeze_by_a_lease_that_has_ended() -> None:
    stale = DESK.lease(8, previous=FIRST.payload)
    assert refused(stale, now=stale.lease.expires) == "lease_expired"
    assert refused(FIRST, now=FIRST.lease.expires) == "lease_expired"


def test_a_lease_from_the_future() -> None:
    early = DESK.lease(8, previous=FIRST.payload, issued=NOW + timedelta(minutes=6))
    assert refused(early) == "lease_future"
    assert check(DESK.lease(8, previous=FIRST.payload, issued=NOW + timedelta(minutes=4))).mark.number == 8


def test_rollback_to_what_only_the_keyring_knows_of() -> None:
    """An older lease store was put back: it alone would take every lease after its own."""
    between = DESK.lease(9, previous=sha256(b"the eighth"))
    assert check(between).mark.number == 9
    assert check(between, at_least=9).mark.number == 9
    assert refused(between, at_least=10) == "lease_rollback"


def test_mix_and_match_of_lease_and_manifest() -> None:
    new = DESK.lease(8, page("new"), previous=FIRST.payload)
    assert refused(new, manifest=FIRST.manifest) == "lease_manifest"
    assert refused(new, manifest="", kept=lambda: FIRST.manifest) == "lease_manifest"
    assert refused(new, manifest="") == "lease_manifest"


def test_wrong_hash_of_the_manifest() -> None:
    following = DESK.lease(8, previous=FIRST.payload, manifest=sha256(b"another list"))
    assert refused(following) == "lease_manifest"


def test_fast_forward_and_recovery_from_it() -> None:
    """Somebody had the lease key: the hub goes on above his number, leaving out one it cannot name."""
    far = Mark(2**30, sha256(b"a forged lease"))
    assert refused(DESK.lease(8, previous=FIRST.payload), far) == "lease_rollback"
    assert refused(DESK.lease(2**30 + 1, previous=FIRST.payload), far) == "lease_forked"
    assert check(DESK.lease(2**30 + 2, previous=FIRST.payload), far).mark.number == 2**30 + 2


def test_key_rotation() -> None:
    """While both keys are trusted either one will do; afterwards the old one alone signs nothing."""
    new = SigningKey.generate()

    def trusting(*keys: SigningKey) -> Identity:
        return replace(DESK.identity, lease_keys=tuple(key.public for key in keys))

    by_old, by_new, by_both = (
        DESK.lease(8, previous=FIRST.payload, keys=keys) for keys in ((DESK.key,), (new,), (DESK.key, new))
    )
    assert refused(by_new) == "lease_not_signed"
    for lease in (by_old, by_new, by_both):
        assert check(lease, identity=trusting(DESK.key, new)).mark.number == 8
    assert check(by_both, identity=trusting(new)).mark.number == 8
    assert refused(by_old, identity=trusting(new)) == "lease_not_signed"


def test_keys_of_a_page_that_is_not_listed() -> None:
    bundle = Bundle(classification=Classification.INTERNAL, keys={sha256(b"unlisted"): b"k"}, sealed={})
    assert refused(DESK.lease(8, previous=FIRST.payload, bundles=(bundle,))) == "lease_manifest"


def test_a_lease_of_another_kiosk() -> None:
    assert refused(DESK.lease(8, kiosk="K-2", previous=FIRST.payload)) == "lease_wrong_kiosk"


def test_a_lease_of_another_site() -> None:
    assert refused(DESK.lease(8, site="S2", previous=FIRST.payload)) == "lease_wrong_site"
    assert refused(DESK.lease(8, station=station("S2"), previous=FIRST.payload)) == "lease_wrong_site"


def test_a_lease_under_a_key_that_is_not_trusted() -> None:
    strangers = (SigningKey.generate(),)
    assert refused(DESK.lease(8, previous=FIRST.payload, keys=strangers)) == "lease_not_signed"


def test_a_changed_payload_under_a_real_signature() -> None:
    real, other = json.loads(FIRST.envelope), json.loads(DESK.lease(8, page("x")).envelope)
    forged = json.dumps({**other, "signatures": real["signatures"]}).encode()
    assert refused(Signed(forged, FIRST.manifest, "", FIRST.lease)) == "lease_not_signed"


def test_duplicate_key_ids() -> None:
    fields = json.loads(FIRST.envelope)
    fields["signatures"] *= 2
    assert refused(Signed(json.dumps(fields).encode(), FIRST.manifest, "", FIRST.lease)) == "lease_bad_form"


def test_another_signed_statement_in_place_of_a_lease() -> None:
    envelope = sign_envelope(TRUST_TYPE, FIRST.lease.exact(), [DESK.key])
    assert refused(Signed(envelope, FIRST.manifest, "", FIRST.lease)) == "lease_bad_form"
    nonsense = sign_envelope(LEASE_TYPE, b'{"v":1}', [DESK.key])
    assert refused(Signed(nonsense, FIRST.manifest, "", FIRST.lease)) == "lease_bad_form"


def test_a_signed_manifest_that_is_not_one() -> None:
    text = '{"v":1,"pages":[{"page":"x"}]}'
    lease = DESK.lease(8, previous=FIRST.payload, manifest=sha256(text.encode()))
    assert refused(lease, manifest=text) == "lease_bad_form"


def test_over_long() -> None:
    endless = Signed(b" " * (MAX_ENVELOPE_BYTES + 1), FIRST.manifest, "", FIRST.lease)
    assert refused(endless) == "lease_too_long"
    assert refused(FIRST, manifest=" " * (MAX_MANIFEST_BYTES + 1)) == "lease_too_long"


def test_over_long_page() -> None:
    huge = page("huge", size=MAX_BLOB_BYTES + 1)
    assert refused(DESK.lease(8, huge, previous=FIRST.payload)) == "lease_too_long"


@given(st.binary(max_size=400), st.text(max_size=100))
def test_whatever_arrives_is_refused_in_words(envelope: bytes, manifest: str) -> None:
    assert refused(Signed(envelope, manifest, "", FIRST.lease)).startswith("lease_")


@given(st.integers(0, len(FIRST.envelope) - 1), st.integers(1, 255))
def test_no_single_changed_byte_passes(place: int, change: int) -> None:
    changed = bytearray(FIRST.envelope)
    changed[place] ^= change
    assert refused(Signed(bytes(changed), FIRST.manifest, "", FIRST.lease), Mark()).startswith("lease_")


@given(st.integers(1, 20), st.integers(1, 20))
def test_no_order_of_leases_lowers_the_number(held: int, offered: int) -> None:
    ours = DESK.lease(held)
    theirs = DESK.lease(offered, previous=ours.payload)
    mark = Mark(held, ours.payload)
    if offered > held:
        assert check(theirs, mark).mark.number == offered
    else:
        assert refused(theirs, mark) == ("lease_rollback" if offered < held else "lease_forked")
