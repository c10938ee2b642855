"""All proofs, by name."""

from __future__ import annotations

from soak import (
    api_fuzz,
    bit_flips,
    canaries,
    chaos,
    disk_full,
    full_hub,
    hostile,
    hub_kills,
    kiosk_kills,
    mark_attacks,
    mark_unmarked,
    outage,
    power_cuts,
    state_machine,
    tampering,
)
from soak.promise import Proof

PROOFS = {
    proof.name: proof
    for proof in (
        Proof("kiosk-kills", 1000, "kills of a kiosk's process", "kills", kiosk_kills.run),
        Proof("power-cuts", 1000, "simulated power cuts", "cuts", power_cuts.run),
        Proof("bit-flips", 1000, "bits turned", "flips", bit_flips.run),
        Proof("canaries", 200, "documents with canaries of every page", "documents", canaries.run),
        Proof("disk-full", 1000, "writes that find the disk full", "times full", disk_full.run),
        Proof("disk-full-hub", 1000, "writes that find the hub's disk full", "times full", full_hub.run),
        Proof("chaos-network", 30, "minutes of a shift on a bad network", "faults", chaos.run),
        Proof("hostile", 400, "bad documents to publish", "documents", hostile.run),
        Proof("api-fuzz", 200, "requests to each route of a hub", "requests", api_fuzz.run),
        Proof("outage-72h", 4000, "looks while the hub is away", "looks", outage.run),
        Proof("hub-kills", 200, "kills of the hub", "kills", hub_kills.run),
        Proof("mark-attacks", 500, "attacks of each kind on marked pictures", "attacks", mark_attacks.run),
        Proof("mark-unmarked", 10_000, "pictures without a mark", "pictures", mark_unmarked.run),
        Proof(
            "tampering", 10_000, "edits of bundles and of the database", "edits of a bundle", tampering.run
        ),
        Proof("state-machine", 200_000, "steps of hub, kiosks and adversary", "steps", state_machine.run),
    )
}
