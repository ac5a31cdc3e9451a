"""Exact amounts as text, with integers only."""

PICO_DIGITS = 12
PICO_PER_USD = 10**PICO_DIGITS


def usd(pico: int) -> str:
    """Decimal USD of an amount in 1e-12 USD, without trailing zeros."""
    sign = "-" if pico < 0 else ""
    whole, part = divmod(abs(pico), PICO_PER_USD)
    text = f"{sign}{whole}.{part:0{PICO_DIGITS}d}"
    return text.rstrip("0").rstrip(".")
