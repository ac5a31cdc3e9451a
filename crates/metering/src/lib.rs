//! Provider responses to one disjoint usage vector: JSON bodies and incremental SSE.
