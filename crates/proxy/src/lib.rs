//! Authenticate, route, forward, meter, settle.
