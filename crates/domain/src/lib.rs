//! Types of the Tollgate LLM gateway: money, rates, usage, rate cards, ledger entries, ports.
