//! Sending a request to an upstream.

mod client;
mod connect;
mod headers;
mod tls;

pub(crate) use client::{SendFailure, UpstreamClient};
pub(crate) use headers::{for_caller, for_upstream};
