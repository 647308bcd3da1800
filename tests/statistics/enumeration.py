"""Every table of lost and gained problems that matters, with its exact probability: no simulation."""

import numpy as np
from scipy.special import gammaln, xlogy
from scipy.stats import binom


def tables(n, discordance):
    """Counts of lost and gained problems, all but those that are together less likely than 1e-10."""
    most = int(min(n, binom.isf(1e-11, n, discordance) + 1))
    lost, gained = np.meshgrid(np.arange(most + 1), np.arange(most + 1), indexing="ij")
    possible = lost + gained <= min(n, most)
    return lost[possible], gained[possible]


def probabilities(lost, gained, n, discordance, difference):
    """Probability of each table when a share of `discordance` changes, by `difference` on balance."""
    p_lost, p_gained = max(0.0, (discordance - difference) / 2), max(0.0, (discordance + difference) / 2)
    kept = n - lost - gained
    log = gammaln(n + 1) - gammaln(lost + 1) - gammaln(gained + 1) - gammaln(kept + 1)
    return np.exp(log + xlogy(lost, p_lost) + xlogy(gained, p_gained) + xlogy(kept, 1.0 - discordance))
