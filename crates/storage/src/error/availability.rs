//! Which driver errors mean "not now" rather than "never".

use diesel::result::{DatabaseErrorKind, Error};

/// What the servers say when they cannot serve at the moment. The drivers hand on no error codes for these, so
/// the text decides; a server that speaks another language is reported as failed, and writers retry either way.
const OUTAGES: [&str; 17] = [
    // PostgreSQL: shutdown, crash recovery, connection limits, timeouts, disk.
    "terminating connection",
    "the database system is",
    "too many clients",
    "too many connections",
    "remaining connection slots",
    "canceling statement due to",
    "deadlock detected",
    "could not serialize access",
    "no space left on device",
    "could not extend file",
    "could not write to file",
    // SQLite: locks, disk.
    "database is locked",
    "database table is locked",
    "database or disk is full",
    "disk i/o error",
    "unable to open database file",
    "connection closed",
];

/// Whether the same call may go through later.
pub(crate) fn is_outage(error: &Error) -> bool {
    match error {
        Error::DatabaseError(
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::SerializationFailure
            | DatabaseErrorKind::ReadOnlyTransaction,
            _,
        )
        | Error::BrokenTransactionManager => true,
        Error::DatabaseError(_, info) => {
            let message = info.message().to_ascii_lowercase();
            OUTAGES.iter().any(|outage| message.contains(outage))
        }
        Error::RollbackErrorOnCommit { commit_error, .. } => is_outage(commit_error),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saying(message: &str) -> Error {
        Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned()))
    }

    #[test]
    fn locks_shutdowns_and_full_disks_are_outages_and_faults_are_not() {
        for message in [
            "database is locked",
            "terminating connection due to administrator command",
            "could not extend file \"base/1/2\": No space left on device",
            "canceling statement due to lock timeout",
        ] {
            assert!(is_outage(&saying(message)), "{message}");
        }
        for message in [
            "syntax error at or near \"x\"",
            "no such table: x",
            "permission denied for table x",
        ] {
            assert!(!is_outage(&saying(message)), "{message}");
        }
        assert!(!is_outage(&Error::NotFound));
    }
}
