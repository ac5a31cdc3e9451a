//! The closed set of problems.

use http::StatusCode;

macro_rules! problem_types {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $status:ident, $title:literal;)*) => {
        /// Every kind of error the API answers with.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum ProblemType {
            $($(#[$doc])* $variant,)*
        }

        impl ProblemType {
            /// All of them, by status.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name, last part of [`Self::uri`].
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The status it is answered with.
            pub(crate) const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)* }
            }

            /// What it means, the same for every occurrence.
            pub(crate) const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

problem_types! {
    /// The body is not JSON.
    InvalidJson = "invalid_json", BAD_REQUEST, "The body is not JSON";
    /// No living admin token.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "An admin token is needed";
    /// The role of the token does not allow it.
    Forbidden = "forbidden", FORBIDDEN, "The role of the token does not allow this";
    /// A cookie that may have been sent by another site.
    CrossSite = "cross_site", FORBIDDEN, "The request may come from another site";
    /// No living thing of that id.
    NotFound = "not_found", NOT_FOUND, "There is no such thing";
    /// No such path.
    NoSuchEndpoint = "no_such_endpoint", NOT_FOUND, "There is no such endpoint";
    /// A known path, another verb.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The path does not know this method";
    /// A living thing has this name.
    NameTaken = "name_taken", CONFLICT, "The name is taken";
    /// Another price rule is in force for the same name and upstream.
    RuleExists = "rule_exists", CONFLICT, "Another rule is in force for that name";
    /// A change of prices beyond the guard, without the operator's confirmation.
    ConfirmationRequired = "confirmation_required", CONFLICT, "The change needs a confirmation";
    /// One price sync at a time.
    SyncRunning = "sync_running", CONFLICT, "A price sync is under way";
    /// One run of a job at a time.
    JobRunning = "job_running", CONFLICT, "The job is running";
    /// Nothing waits for a decision.
    NothingHeld = "nothing_held", CONFLICT, "The release holds no price that waits";
    /// The release is in force, or never was.
    NotActivatable = "not_activatable", CONFLICT, "The release cannot be made current";
    /// No model is gone from the map.
    NothingStale = "nothing_stale", CONFLICT, "No model is stale";
    /// Nobody would be left who may do everything.
    LastAdmin = "last_admin", CONFLICT, "It is the last living admin token";
    /// An earlier request of the same idempotency key has no answer to give.
    IdempotencyConflict = "idempotency_conflict", CONFLICT, "The request is being carried out, or was";
    /// The `If-Match` condition does not hold.
    Stale = "stale", PRECONDITION_FAILED, "Somebody else changed it since";
    /// A body past the limit.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, "The body is too large";
    /// A body that does not say it is JSON, or CSV where that is read too.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body is of a type that is not read here";
    /// Well-formed, but a field or parameter is unknown, of the wrong type or out of bounds.
    ValidationFailed = "validation_failed", UNPROCESSABLE_ENTITY, "The request breaks a rule";
    /// The idempotency key belongs to another request.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "The idempotency key was used for another request";
    /// Too many failures from one address, or from all.
    TooManyAttempts = "too_many_attempts", TOO_MANY_REQUESTS, "Too many failed attempts";
    /// As many live streams as there may be.
    TooManyStreams = "too_many_streams", TOO_MANY_REQUESTS, "Too many live streams are open";
    /// Our fault.
    Internal = "internal", INTERNAL_SERVER_ERROR, "The gateway failed";
    /// The database is away.
    DatabaseUnavailable = "database_unavailable", SERVICE_UNAVAILABLE, "The database is not available";
}

impl ProblemType {
    const PREFIX: &'static str = "urn:tollgate:problem:";

    /// What stands in the problem's `type`.
    pub(crate) fn uri(self) -> String {
        format!("{}{}", Self::PREFIX, self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_uri(uri: &str) -> Option<ProblemType> {
        let name = uri.strip_prefix(ProblemType::PREFIX)?;
        ProblemType::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    #[test]
    fn every_type_survives_its_uri_and_is_an_error() {
        for kind in ProblemType::ALL {
            assert_eq!(from_uri(&kind.uri()), Some(*kind));
            assert!(kind.status().is_client_error() || kind.status().is_server_error());
            assert!(!kind.title().ends_with('.'));
        }
        assert_eq!(from_uri("about:blank"), None);
    }
}
