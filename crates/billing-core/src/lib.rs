//! Exact LLM billing: usage x rate card x multipliers = a charge with a receipt.
