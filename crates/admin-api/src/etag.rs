//! A revision as ETag, so that two operators cannot overwrite each other.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::header::{ETAG, IF_MATCH};
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use tollgate_domain::ports::Edited;

use crate::problem::Problem;

/// How often an unconditional edit is repeated when others edit the same thing meanwhile.
pub(crate) const EDIT_TRIES: u32 = 4;

/// An edit of one thing that is repeated while others are faster, unless the caller's condition forbids it.
pub(crate) struct Repeated<'a, I> {
    if_match: &'a IfMatch,
    what: &'static str,
    id: I,
    tries: u32,
    revision: i64,
}

/// The condition a caller sets on an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// None: whatever the revision is.
    Unconditional,
    /// Any of these.
    Tags(Vec<String>),
}

/// The ETag header of a revision.
pub(crate) fn etag(revision: i64) -> (HeaderName, HeaderValue) {
    let value = HeaderValue::try_from(tag(revision)).unwrap_or(HeaderValue::from_static("\"\""));
    (ETAG, value)
}

fn tag(revision: i64) -> String {
    format!("\"{revision}\"")
}

impl<'a, I: std::fmt::Display> Repeated<'a, I> {
    /// The first try; `what` and `id` name the thing.
    pub(crate) const fn new(if_match: &'a IfMatch, what: &'static str, id: I) -> Self {
        Self {
            if_match,
            what,
            id,
            tries: EDIT_TRIES,
            revision: 0,
        }
    }

    /// What is to be edited, as it was just read.
    ///
    /// # Errors
    /// `not_found` where it is not there, `stale` where the condition does not hold or others were faster too often.
    pub(crate) fn current<T>(
        &mut self,
        found: Option<T>,
        revision: impl Fn(&T) -> i64,
    ) -> Result<T, Problem> {
        let Some(left) = self.tries.checked_sub(1) else {
            return Err(Problem::stale(self.revision));
        };
        let current = found.ok_or_else(|| Problem::not_found(self.what, &self.id))?;
        let revision = revision(&current);
        if !self.if_match.allows(revision) {
            return Err(Problem::stale(revision));
        }
        self.tries = left;
        Ok(current)
    }

    /// What the edit made; `None` where somebody else was faster: read it again.
    ///
    /// # Errors
    /// `not_found` where it is gone meanwhile.
    pub(crate) fn done<T>(&mut self, edited: Edited<T>) -> Result<Option<T>, Problem> {
        match edited {
            Edited::Done(done) => Ok(Some(done)),
            Edited::Missing => Err(Problem::not_found(self.what, &self.id)),
            Edited::Stale { revision } => {
                self.revision = revision;
                Ok(None)
            }
        }
    }
}

impl IfMatch {
    /// Whether an edit of this revision may go on. Weak tags never match (RFC 9110, 13.1.1).
    pub(crate) fn allows(&self, revision: i64) -> bool {
        match self {
            Self::Unconditional => true,
            Self::Tags(tags) => tags.contains(&tag(revision)),
        }
    }

    /// The revision an edit must find, as the store asks for it: the current one if the condition allows it, `None`
    /// without a condition. Only then the current one is read.
    ///
    /// # Errors
    /// `stale` where the condition does not hold, and whatever reading fails with.
    pub(crate) async fn expected(
        &self,
        revision: impl Future<Output = Result<i64, Problem>>,
    ) -> Result<Option<i64>, Problem> {
        if matches!(self, Self::Unconditional) {
            return Ok(None);
        }
        let revision = revision.await?;
        if self.allows(revision) {
            Ok(Some(revision))
        } else {
            Err(Problem::stale(revision))
        }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let tags: Vec<String> = parts
            .headers
            .get_all(IF_MATCH)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
            .map(|tag| String::from_utf8_lossy(tag).trim().to_owned())
            .collect();
        let unconditional = tags.is_empty() || tags.iter().any(|tag| tag == "*");
        Ok(if unconditional {
            Self::Unconditional
        } else {
            Self::Tags(tags)
        })
    }
}

/// What an edit made, or the problem with it; `what` and `id` name the thing.
///
/// # Errors
/// `not_found` or `stale`.
pub(crate) fn done<T>(edited: Edited<T>, what: &str, id: impl std::fmt::Display) -> Result<T, Problem> {
    match edited {
        Edited::Done(done) => Ok(done),
        Edited::Missing => Err(Problem::not_found(what, id)),
        Edited::Stale { revision } => Err(Problem::stale(revision)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_is_repeated_a_few_times_and_only_without_a_condition() {
        let mut repeated = Repeated::new(&IfMatch::Unconditional, "thing", 7);
        for revision in 1..=4 {
            assert_eq!(
                repeated.current(Some(revision), |found| *found).unwrap(),
                revision
            );
            let stale = Edited::<i64>::Stale {
                revision: revision + 1,
            };
            assert_eq!(repeated.done(stale).unwrap(), None);
        }
        let problem = format!("{:?}", repeated.current(Some(5), |found| *found).unwrap_err());
        assert!(problem.contains("Stale") && problem.contains('5'), "{problem}");
        let condition = IfMatch::Tags(vec!["\"1\"".to_owned()]);
        let mut once = Repeated::new(&condition, "thing", 7);
        assert_eq!(once.current(Some(1), |found| *found).unwrap(), 1);
        assert_eq!(once.done(Edited::Done(2)).unwrap(), Some(2));
        assert!(once.current(Some(2), |found| *found).is_err());
        assert!(once.current(None::<i64>, |found| *found).is_err());
        assert!(once.done(Edited::<i64>::Missing).is_err());
    }

    #[test]
    fn only_the_strong_tag_of_the_revision_matches() {
        let tags = |text: &str| IfMatch::Tags(text.split(", ").map(ToOwned::to_owned).collect());
        assert!(tags("\"3\"").allows(3));
        assert!(tags("\"2\", \"3\"").allows(3));
        for wrong in ["\"4\"", "W/\"3\"", "3", "\"03\""] {
            assert!(!tags(wrong).allows(3), "{wrong}");
        }
        assert!(IfMatch::Unconditional.allows(3));
    }
}
