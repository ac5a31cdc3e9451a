//! Simulated provider with its own invoice, database fixtures, load driver (development only).
