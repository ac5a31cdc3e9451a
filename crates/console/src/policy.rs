//! What the console's document may load and do.

/// The `Content-Security-Policy` of the document: scripts, styles, images and calls of its own origin, nothing else.
///
/// No script is inline and none may be. Style elements that the component library writes while it runs carry the
/// `nonce`; it must differ from answer to answer.
///
/// ```
/// let policy = tollgate_console::content_security_policy("c2VjcmV0");
/// assert!(policy.contains("script-src 'self';"));
/// assert!(policy.contains("style-src 'self' 'nonce-c2VjcmV0';"));
/// assert!(!policy.contains("unsafe"));
/// ```
pub fn content_security_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}
