//! The management API and its OpenAPI document.
