"""Compares our receipt with another library's sum, and finds which rates the two differ in.

Where sums differ, the other library is asked again with a few units more or less of each meter: that gives the rate it
used for it, without a look at its code. What its rates times the counts leave over is a charge per request. The
disagreement is exactly the list of meters whose rates differ, and each of them needs a ruling.
"""

from dataclasses import dataclass, replace

# Lines of ours are rounded to 1e-12 USD each; the other side computes in binary floats.
ABSOLUTE = 1e-11
RELATIVE = 1e-9


def equal(ours, theirs):
    return abs(ours - theirs) <= ABSOLUTE + RELATIVE * max(abs(ours), abs(theirs))


PER_REQUEST = "(per request)"


@dataclass(frozen=True)
class Difference:
    """One meter of one case that the two price differently, in USD per unit."""

    case: object
    entry: dict
    meter: str
    ours: float
    theirs: float
    # litellm only: its name rules lead to another entry of the map.
    resolved_elsewhere: bool = False
    # genai-prices only: its rates for plain input and output.
    their_input: float = 0.0
    their_output: float = 0.0

    @property
    def provider(self):
        return self.entry["litellm_provider"]

    def listed(self, *fields):
        """The first of these fields the entry has, as a number."""
        return next((float(self.entry[field]) for field in fields if self.entry.get(field) is not None), None)

    def theirs_is(self, *fields):
        rate = self.listed(*fields)
        return rate is not None and equal_rates(rate, self.theirs)

    def ours_is(self, *fields):
        rate = self.listed(*fields)
        return rate is not None and equal_rates(rate, self.ours)


def equal_rates(one, other):
    return abs(one - other) <= 1e-6 * max(abs(one), abs(other)) + 1e-15


def differences(case, entry, lines, theirs, ask):
    """The meters that differ."""
    ours, rates = {PER_REQUEST: 0.0}, {}
    for meter, charged, rate in lines:
        if charged == case.usage[meter]:
            ours[meter] = float(rate) / 1e6
        else:  # A fixed number of units, however many were counted.
            ours[meter] = 0.0
            ours[PER_REQUEST] += charged * float(rate) / 1e6
    # Away from the band's threshold, so that the probe itself does not cross it.
    step = -100 if "at band" in case.kind else 100
    for meter, count in case.usage.items():
        by = (1 if step > 0 else -1) if count < 1000 else step
        probe = replace(case, usage={**case.usage, meter: count + by})
        rates[meter] = (ask(probe) - theirs) / by
    fixed = theirs - sum(rates[meter] * count for meter, count in case.usage.items())
    rates[PER_REQUEST] = fixed if abs(fixed) > 1e-6 * abs(theirs) else 0.0
    return [
        Difference(case, entry, meter, ours[meter], rate)
        for meter, rate in rates.items()
        if not equal_rates(ours[meter], rate)
    ]
