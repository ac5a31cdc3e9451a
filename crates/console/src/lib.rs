//! The web console, embedded in the binary.
