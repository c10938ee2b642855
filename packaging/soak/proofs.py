"""All proofs, by name."""

from __future__ import annotations

from soak import power_cuts
from soak.promise import Proof

PROOFS = {
    proof.name: proof
    for proof in (
        Proof("power-cuts", 1000, "simulated power cuts", power_cuts.run),
    )
}
