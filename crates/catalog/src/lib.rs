//! LiteLLM's price map as rate cards, overrides and price resolution.
