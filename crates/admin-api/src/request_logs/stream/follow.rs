//! What fills a stream: the database is asked for what has changed, each second.
//!
//! One way for one process and for many: whichever replica served a request, its row is where this looks, and the bill on
//! it is the ledger's. Rows are not always there in the order of their times, for replicas commit beside each other: the
//! last seconds are looked at again now and then, and what was told already is not told again.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::mpsc::Sender;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;
use tollgate_domain::Clock;
use tollgate_domain::ports::{LogFilter, LogRow, Store, StoreError};

use super::place::Place;
use super::{Farewell, News};
use crate::AdminState;
use crate::live::LivePace;

/// Each so many times, the last seconds are looked at again.
const LOOK_BACK_EACH: u32 = 5;
/// How late a row may be there after its time, in seconds.
const LATE: i64 = 10;
/// Rows a question.
const PAGE: u16 = 200;
/// How long ago a client may have left off, in minutes.
const RESUME_MINUTES: i64 = 60;

/// Follows what changes, for one stream.
pub(super) struct Follower {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    filter: LogFilter,
    news: Sender<News>,
    farewell: Farewell,
    pace: LivePace,
    /// How far it has come.
    head: Place,
    /// What was told of the last seconds.
    told: BTreeSet<Place>,
    /// Whether the reader knows that the database is away.
    is_away: bool,
}

/// Why it ends.
enum End {
    ReaderGone,
    ReaderSlow,
}

impl Follower {
    pub(super) fn new(state: &AdminState, filter: LogFilter, news: Sender<News>, farewell: Farewell) -> Self {
        Self {
            store: Arc::clone(&state.store),
            clock: Arc::clone(&state.clock),
            filter,
            news,
            farewell,
            pace: state.live.pace(),
            head: Place::at(state.clock.now()),
            told: BTreeSet::new(),
            is_away: false,
        }
    }

    /// Until the reader is gone or slow, or `stop` is cancelled.
    pub(super) async fn run(mut self, resume: Option<Place>, stop: CancellationToken) {
        // Dropping what is under way loses nothing: the stream is over.
        let why = tokio::select! {
            () = stop.cancelled() => Some("closing"),
            end = self.follow(resume) => match end {
                End::ReaderGone => None,
                End::ReaderSlow => Some("slow_reader"),
            },
        };
        if let Some(why) = why {
            // It is the first and only one.
            self.farewell.get_or_init(|| why);
        }
    }

    async fn follow(&mut self, resume: Option<Place>) -> End {
        let is_whole = self.begin(resume).await;
        let mut begun = self.tell(News::Begun).await;
        if begun.is_ok() && !is_whole {
            begun = self.tell(News::Gap).await;
        }
        if let Err(end) = begun {
            return end;
        }
        let mut ticks = interval(self.pace.every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut since_look_back = 0;
        loop {
            tokio::select! {
                () = self.news.closed() => return End::ReaderGone,
                _ = ticks.tick() => {}
            }
            since_look_back += 1;
            let mut from = self.head;
            if since_look_back >= LOOK_BACK_EACH || self.is_away {
                since_look_back = 0;
                from = self.look_back();
            }
            match self.tell_after(from).await {
                Ok(told) => {
                    if let Err(end) = told {
                        return end;
                    }
                    self.is_away = false;
                }
                Err(error) => {
                    tracing::debug!(%error, "a live stream found the database away");
                    if !std::mem::replace(&mut self.is_away, true)
                        && let Err(end) = self.tell(News::Unavailable).await
                    {
                        return end;
                    }
                }
            }
        }
    }

    /// Decides where to begin: after what the client has, or now, and then without what is there already. Whether that
    /// leaves nothing out.
    async fn begin(&mut self, resume: Option<Place>) -> bool {
        let oldest = self.clock.now() - TimeDelta::minutes(RESUME_MINUTES);
        if let Some(place) = resume.filter(|place| place.0.changed_at >= oldest) {
            self.head = place.min(self.head);
            // What was late when the client left is told now; what it has of those seconds, again.
            self.head = self.look_back();
            self.told.insert(place);
            return true;
        }
        let mut from = self.look_back();
        while let Ok(rows) = self.rows_after(from).await {
            let mut places = rows.iter().filter_map(Place::of);
            self.told.extend(places.clone());
            match places.next_back() {
                Some(last) if rows.len() == usize::from(PAGE) => from = last,
                _ => break,
            }
        }
        resume.is_none()
    }

    fn look_back(&self) -> Place {
        Place::at(self.head.0.changed_at - TimeDelta::seconds(LATE))
    }

    async fn rows_after(&self, place: Place) -> Result<Vec<LogRow>, StoreError> {
        self.store
            .changed_request_logs(self.filter.clone(), place.0, PAGE)
            .await
    }

    /// Tells everything after a place that was not told.
    async fn tell_after(&mut self, mut from: Place) -> Result<Result<(), End>, StoreError> {
        loop {
            let rows = self.rows_after(from).await?;
            let is_last = rows.len() < usize::from(PAGE);
            for row in rows {
                let Some(place) = Place::of(&row) else { continue };
                from = place;
                if !self.told.insert(place) {
                    continue;
                }
                if let Err(end) = self.tell(News::Request(Box::new(row))).await {
                    return Ok(Err(end));
                }
                self.head = self.head.max(place);
            }
            if is_last {
                break;
            }
        }
        let keep = self.look_back();
        self.told = self.told.split_off(&keep);
        Ok(Ok(()))
    }

    async fn tell(&self, news: News) -> Result<(), End> {
        match timeout(self.pace.patience, self.news.send(news)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::ReaderGone),
            Err(_) => Err(End::ReaderSlow),
        }
    }
}
