//! One object as its upstream shows it now.

use serde::de::IgnoredAny;
use tollgate_domain::{Dialect, Protocol};

use super::rows::Noted;
use super::summary::Summary;
use crate::deferred::{ObjectScan, Pieces, Unseen, without_address};
use crate::route::Route;
use crate::state::Shared;

/// More of an object than this is not held: a batch of Gemini's has its requests and results within it.
const HELD: usize = 256 << 10;

/// What became of asking for an object.
#[derive(Debug)]
pub(super) enum Seen {
    Shown(Shown),
    /// Its upstream does not know it any more.
    Gone,
    /// It could not be seen, and why.
    Unseen(String),
}

/// An object.
#[derive(Debug)]
pub(super) struct Shown {
    /// As JSON.
    pub(super) text: String,
    /// The files with its results.
    pub(super) files: Vec<String>,
    /// Whether nothing more will be used.
    pub(super) is_over: bool,
}

/// Asks an upstream for an object.
pub(super) async fn see(shared: &Shared, route: &Route, protocol: Protocol, noted: &Noted) -> Seen {
    match read(shared, route, protocol, noted).await {
        Ok(shown) => Seen::Shown(shown),
        Err(Unseen::Missing) => Seen::Gone,
        Err(Unseen::Trouble(problem)) => Seen::Unseen(problem),
    }
}

async fn read(shared: &Shared, route: &Route, protocol: Protocol, noted: &Noted) -> Result<Shown, Unseen> {
    let mut pieces = Pieces::fetch(shared, route, protocol, &noted.path()).await?;
    let mut scan = ObjectScan::new(protocol.dialect(), false);
    let mut summary = Summary::new();
    let mut held = Some(Vec::new());
    while let Some(piece) = pieces.next().await? {
        scan.push(&piece);
        if protocol.dialect() == Dialect::Gemini {
            summary.push(&piece);
        }
        held = held.filter(|held| held.len() + piece.len() <= HELD);
        if let Some(held) = &mut held {
            held.extend_from_slice(&piece);
        }
    }
    if !scan.is_whole() {
        return Err(Unseen::trouble("the upstream's answer is no whole object"));
    }
    let text = match held {
        Some(held) => whole(held)?,
        None if protocol.dialect() == Dialect::Gemini => summary.finish(),
        None => return Err(Unseen::trouble("the upstream's answer is longer than any object")),
    };
    let facts = scan.facts();
    Ok(Shown {
        text,
        files: facts.files().map(ToOwned::to_owned).collect(),
        is_over: facts.is_terminal(),
    })
}

/// The object as it came, but for the address of its results.
fn whole(held: Vec<u8>) -> Result<String, Unseen> {
    let bytes = without_address(&held).unwrap_or(held);
    let text = String::from_utf8(bytes).map_err(|_| Unseen::trouble("the upstream's answer is no text"))?;
    let object = text.trim();
    if object.starts_with('{') && serde_json::from_str::<IgnoredAny>(object).is_ok() {
        Ok(object.to_owned())
    } else {
        Err(Unseen::trouble("the upstream's answer is no object"))
    }
}
