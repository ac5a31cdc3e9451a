//! Through a key's own objects until a page is full.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tollgate_domain::ports::{
    DeferredState, FileFilter, HiddenObject, ObjectListing, ObjectOrder, ObjectPlace, StoreError,
};
use tollgate_domain::{KeyId, UpstreamId, UpstreamObject};

use super::asked::{Asked, Direction, invalid};
use super::rows::Noted;
use super::seen::{Seen, Shown, see};
use super::short::short;
use super::{Listed, Source};
use crate::deferred::Desk;
use crate::error::ProxyError;
use crate::grants::Granted;
use crate::state::Shared;

/// How many objects of a list are asked for at a time.
const AT_ONCE: usize = 8;
/// How many objects are asked for, for one page, most of them gone.
const ASKED_FOR: usize = 500;
/// How many are looked through, most of them not for the key any more.
const LOOKED_AT: usize = 10_000;
/// How long an upstream has to show an object.
const PATIENCE: Duration = Duration::from_secs(10);
/// An upstream that could not show so many objects of a page is not asked for more of it.
const TROUBLES: u32 = 3;
/// How long something that is gone stays out of lists at most.
const HIDDEN: Duration = Duration::from_hours(24 * 90);

/// A page.
#[derive(Debug)]
pub(crate) struct Walked {
    pub(crate) objects: Vec<Listing>,
    /// Whether there is more in its direction.
    pub(crate) has_more: bool,
    /// How many of them their upstreams could not show; they are there in short.
    pub(crate) unseen: usize,
}

/// An object of a page.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) id: String,
    pub(crate) text: String,
}

/// What is done for one page.
struct Walk<'a> {
    shared: &'a Arc<Shared>,
    desk: &'a Arc<Desk>,
    listed: Listed,
    key: KeyId,
    troubles: HashMap<UpstreamId, u32>,
    hidden: Vec<HiddenObject>,
    page: Vec<Found>,
}

/// An object on its way to a page.
struct Found {
    noted: Arc<Noted>,
    text: String,
    /// `None` where its upstream could not show it.
    seen: Option<End>,
}

/// What an object shows of its end.
struct End {
    files: Vec<String>,
    is_over: bool,
}

/// Makes the page that is asked for.
///
/// # Errors
/// [`ProxyError::ParameterInvalid`] where it begins behind an object that the key does not have;
/// [`ProxyError::ObjectsAway`] where the database is away, or so much in a row is gone that the next request is to go on
/// from there.
pub(crate) async fn walk(
    shared: &Arc<Shared>,
    desk: &Arc<Desk>,
    listed: Listed,
    asked: &Asked,
    key: KeyId,
) -> Result<Walked, ProxyError> {
    let mut walk = Walk {
        shared,
        desk,
        listed,
        key,
        troubles: HashMap::new(),
        hidden: Vec::new(),
        page: Vec::new(),
    };
    let begin = walk.begin(asked).await?;
    if asked.nothing {
        return Ok(Walked::of(Vec::new(), false));
    }
    let full = walk.fill(asked, begin).await;
    // What is gone is noted whatever became of the page.
    let hidden = std::mem::take(&mut walk.hidden);
    if !hidden.is_empty() {
        desk.hide(hidden).await;
    }
    let has_more = full?;
    walk.page.truncate(usize::from(asked.limit));
    walk.follow().await;
    let mut page = walk.page;
    if asked.direction == Direction::Back {
        page.reverse();
    }
    Ok(Walked::of(page, has_more))
}

impl Walk<'_> {
    /// Where the page begins.
    async fn begin(&self, asked: &Asked) -> Result<Option<ObjectPlace>, ProxyError> {
        let Some(beyond) = &asked.beyond else {
            return Ok(None);
        };
        let id = &beyond.object_id;
        let found = match self.listed.source() {
            Source::Operations(kind) => {
                let found = self.desk.find(id, self.key).await.map_err(|error| away(&error))?;
                found
                    .filter(|found| found.operation.kind == kind)
                    .map(|found| found.operation.created_at)
            }
            Source::Files(_) => {
                let found = self.desk.file(id, self.key).await.map_err(|error| away(&error))?;
                found.map(|found| found.created_at)
            }
        };
        let Some(created_at) = found else {
            let what = self.listed.what();
            let wanted = format!("an object of this key's own list; the key has no such {what}");
            return Err(invalid(beyond.parameter, id, &wanted));
        };
        Ok(Some(ObjectPlace {
            created_at,
            object_id: id.clone(),
        }))
    }

    /// Collects one object more than are asked for, to know whether there is one; says whether there is.
    async fn fill(&mut self, asked: &Asked, begin: Option<ObjectPlace>) -> Result<bool, ProxyError> {
        let wanted = usize::from(asked.limit) + 1;
        let (mut after, mut looked_at, mut asked_for) = (begin, 0, 0);
        while self.page.len() < wanted {
            if asked_for >= ASKED_FOR || looked_at >= LOOKED_AT {
                return if self.page.is_empty() {
                    Err(ProxyError::ObjectsAway)
                } else {
                    Ok(true)
                };
            }
            let missing = wanted - self.page.len();
            // Where some were gone, more may be.
            let limit = if looked_at == 0 {
                missing
            } else {
                missing.max(AT_ONCE)
            };
            let rows = self.rows(asked, after.take(), limit).await;
            let rows = rows.map_err(|error| away(&error))?;
            let is_last = rows.len() < limit;
            looked_at += rows.len();
            after = rows.last().map(Noted::place);
            asked_for += self.see_all(rows).await;
            if is_last {
                break;
            }
        }
        Ok(self.page.len() >= wanted)
    }

    async fn rows(
        &self,
        asked: &Asked,
        after: Option<ObjectPlace>,
        limit: usize,
    ) -> Result<Vec<Noted>, StoreError> {
        let listing = ObjectListing {
            key_id: self.key,
            after,
            order: match asked.direction {
                Direction::Down => ObjectOrder::NewestFirst,
                Direction::Up | Direction::Back => ObjectOrder::OldestFirst,
            },
            limit: u16::try_from(limit).unwrap_or(u16::MAX),
            now: self.desk.now(),
        };
        let lists = self.desk.lists();
        Ok(match self.listed.source() {
            Source::Operations(kind) => {
                let rows = lists.list_operations(kind, listing).await?;
                rows.into_iter().map(Box::new).map(Noted::Batch).collect()
            }
            Source::Files(naming) => {
                let filter = FileFilter {
                    naming,
                    results: asked.results,
                };
                let files = lists.list_files(filter, listing).await?;
                files.into_iter().map(Noted::File).collect()
            }
        })
    }

    /// Has objects shown, some at a time, and keeps their order; says how many the key may see.
    async fn see_all(&mut self, mut rows: Vec<Noted>) -> usize {
        let table = self.shared.routes.load_full();
        let granted = Granted::of(&table, self.key);
        rows.retain(|noted| noted.is_granted(granted));
        let rows: Vec<Arc<Noted>> = rows.into_iter().map(Arc::new).collect();
        let mut seen: Vec<Option<Seen>> = rows.iter().map(|_| None).collect();
        let mut under_way = JoinSet::new();
        for (index, noted) in rows.iter().enumerate() {
            if under_way.len() >= AT_ONCE {
                self.arrived(under_way.join_next().await, &rows, &mut seen);
            }
            let upstream = noted.upstream();
            let Some(route) = table.serving(upstream).map(Arc::clone) else {
                set(
                    &mut seen,
                    index,
                    Seen::Unseen("its upstream is disabled or gone".to_owned()),
                );
                continue;
            };
            if self
                .troubles
                .get(&upstream)
                .is_some_and(|count| *count >= TROUBLES)
            {
                set(
                    &mut seen,
                    index,
                    Seen::Unseen("its upstream is not asked again".to_owned()),
                );
                continue;
            }
            let (shared, desk, noted) = (Arc::clone(self.shared), Arc::clone(self.desk), Arc::clone(noted));
            let protocol = self.listed.protocol();
            under_way.spawn(async move {
                let turn = desk.turn_to_list().await;
                let asking = see(&shared, &route, protocol, &noted);
                let seen = tokio::time::timeout(PATIENCE, asking).await;
                drop(turn);
                let seen = seen.unwrap_or_else(|_| Seen::Unseen("the upstream took too long".to_owned()));
                (index, seen)
            });
        }
        while let Some(arrived) = under_way.join_next().await {
            self.arrived(Some(arrived), &rows, &mut seen);
        }
        for (noted, seen) in rows.iter().zip(seen) {
            let seen = seen.unwrap_or_else(|| Seen::Unseen("it was not asked for".to_owned()));
            self.take(noted, seen);
        }
        rows.len()
    }

    fn arrived(
        &mut self,
        arrived: Option<Result<(usize, Seen), tokio::task::JoinError>>,
        rows: &[Arc<Noted>],
        seen: &mut [Option<Seen>],
    ) {
        match arrived {
            Some(Ok((index, one))) => {
                if let (Seen::Unseen(_), Some(noted)) = (&one, rows.get(index)) {
                    *self.troubles.entry(noted.upstream()).or_default() += 1;
                }
                set(seen, index, one);
            }
            Some(Err(error)) => tracing::error!(%error, "asking for an object of a list failed"),
            None => {}
        }
    }

    fn take(&mut self, noted: &Arc<Noted>, seen: Seen) {
        match seen {
            Seen::Shown(Shown { text, files, is_over }) => {
                self.show(noted, text, Some(End { files, is_over }));
            }
            Seen::Gone => self.hidden.push(self.hide(noted)),
            Seen::Unseen(problem) => {
                let object = noted.id();
                tracing::warn!(object, problem, "an object of a list is shown in short");
                self.show(noted, short(self.listed, noted).to_string(), None);
            }
        }
    }

    fn show(&mut self, noted: &Arc<Noted>, text: String, seen: Option<End>) {
        let noted = Arc::clone(noted);
        self.page.push(Found { noted, text, seen });
    }

    /// What the objects of the page show of their ends serves as if they had been asked for one by one: their files are
    /// found by their key, and their usage is read soon.
    async fn follow(&self) {
        let (mut files, now) = (Vec::new(), self.desk.now());
        for found in &self.page {
            let (Noted::Batch(row), Some(end)) = (&*found.noted, &found.seen) else {
                continue;
            };
            files.extend(end.files.iter().map(|object_id| UpstreamObject {
                upstream_id: found.noted.upstream(),
                object_id: object_id.clone(),
                key_id: self.key,
                model: None,
                models: None,
                event_id: Some(row.operation.attempt.event_id),
                created_at: now,
            }));
            if end.is_over && row.state == DeferredState::Open {
                self.desk.nudge(&row.operation).await;
            }
        }
        if !files.is_empty() {
            self.desk.note_files(files).await;
        }
    }

    /// Out of lists for as long as it has been known: what was only just made may be about to appear, and what is long
    /// gone is hardly ever asked for.
    fn hide(&self, noted: &Noted) -> HiddenObject {
        let now = self.desk.now();
        let age = (now - noted.created_at()).to_std().unwrap_or_default();
        HiddenObject {
            upstream_id: noted.upstream(),
            object_id: noted.id().to_owned(),
            until: now + age.min(HIDDEN),
        }
    }
}

impl Walked {
    fn of(page: Vec<Found>, has_more: bool) -> Self {
        let unseen = page.iter().filter(|found| found.seen.is_none()).count();
        let listing = |found: Found| Listing {
            id: found.noted.id().to_owned(),
            text: found.text,
        };
        Self {
            objects: page.into_iter().map(listing).collect(),
            has_more,
            unseen,
        }
    }
}

fn set(seen: &mut [Option<Seen>], index: usize, one: Seen) {
    if let Some(slot) = seen.get_mut(index) {
        *slot = Some(one);
    }
}

fn away(error: &StoreError) -> ProxyError {
    tracing::warn!(%error, "objects cannot be listed");
    ProxyError::ObjectsAway
}
