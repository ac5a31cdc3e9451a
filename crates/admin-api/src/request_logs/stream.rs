//! `GET /api/admin/request-logs/stream`

mod follow;
mod place;

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use http::{HeaderMap, HeaderName};
use tokio::sync::mpsc;
use tollgate_domain::ports::LogRow;

use super::filter::{self, LogFilterParams};
use super::json::{RequestLogResponse, example};
use crate::AdminState;
use crate::extract::QueryReader;
use crate::live::LiveStreams;
use crate::problem::{Problem, ProblemType, StreamProblems};
use follow::Follower;
use place::Place;

/// Where a client that lost its connection had come to.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// How soon a client should come back, in milliseconds.
const RETRY: Duration = Duration::from_secs(3);

/// Events that wait for the reader: what a stream holds in memory at most.
const WAITING: usize = 64;

/// What a stream says.
#[derive(Debug)]
enum News {
    /// The stream follows: what changes from now on is told.
    Begun,
    /// A request has ended, or the bill of one that had ended has changed.
    Request(Box<LogRow>),
    /// What the client asked to go on from is too long ago: load the list anew.
    Gap,
    /// The database is away; the stream goes on when it is back.
    Unavailable,
}

/// Why a stream ends, if its client should know; said after all that waits.
type Farewell = Arc<OnceLock<&'static str>>;

/// Streams requests as they end, as server-sent events. `request` carries a request log as the list shows it, with the
/// bill the ledger holds at that moment; it comes again under the same `request_id` when the bill changes. Every event's
/// id goes into `Last-Event-ID` after a lost connection, for up to an hour; what was written within the last seconds may
/// then come twice. Further events: `gap` (go on is not possible from there: load the list), `unavailable` (the database is
/// away), `slow_reader` and `closing` (the stream ends). Lines that begin with a colon are heartbeats.
#[utoipa::path(
    get, path = "/api/admin/request-logs/stream", tag = "request logs",
    params(
        LogFilterParams,
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that arrived"),
    ),
    responses(
        (
            status = 200,
            description = "The stream; it ends when the client goes, reads too slowly, or the gateway stops",
            content((String = "text/event-stream", example = json!(format!("event: request\nid: 1793865600000000.0198f0a0-0000-7000-8000-000000000003\ndata: {}\n\n", example())))),
        ),
        StreamProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn stream_request_logs(
    State(state): State<AdminState>,
    headers: HeaderMap,
    mut query: QueryReader,
) -> Result<Response, Problem> {
    let filter = filter::read(&mut query);
    let resume = headers
        .get(LAST_EVENT_ID)
        .map(|value| Place::parse(value.to_str().unwrap_or_default()));
    let resume = match resume.transpose() {
        Ok(resume) => resume,
        Err(message) => {
            query.refuse(LAST_EVENT_ID.as_str(), message);
            None
        }
    };
    query.finish()?;
    let slot = state.live.slot().ok_or_else(|| {
        let detail = format!(
            "{} live streams are open, and there may be no more",
            LiveStreams::limit()
        );
        Problem::new(ProblemType::TooManyStreams, detail)
    })?;
    let (sender, receiver) = mpsc::channel(WAITING);
    let (stop, pace) = (state.live.stop(), state.live.pace());
    let farewell = Farewell::default();
    let follower = Follower::new(&state, filter, sender, Arc::clone(&farewell));
    state.live.spawn(async move {
        follower.run(resume, stop).await;
        drop(slot);
    });
    let events = Sse::new(events(receiver, farewell)).keep_alive(KeepAlive::new().interval(pace.heartbeat));
    // Proxies that gather answers would hold it up.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((unbuffered, events).into_response())
}

fn events(
    receiver: mpsc::Receiver<News>,
    farewell: Farewell,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let news = stream::unfold(Some(receiver), move |receiver| {
        let farewell = Arc::clone(&farewell);
        async move {
            let mut receiver = receiver?;
            if let Some(news) = receiver.recv().await {
                return Some((event(news), Some(receiver)));
            }
            let name = farewell.get()?;
            Some((Event::default().event(*name).data("{}"), None))
        }
    });
    news.map(Ok)
}

fn event(news: News) -> Event {
    let (name, row) = match news {
        News::Begun => return Event::default().retry(RETRY).comment("following"),
        News::Request(row) => ("request", Some(row)),
        News::Gap => ("gap", None),
        News::Unavailable => ("unavailable", None),
    };
    let Some(row) = row else {
        return Event::default().event(name).data("{}");
    };
    let place = Place::of(&row);
    let data = serde_json::to_string(&RequestLogResponse::from(*row)).unwrap_or_default();
    let event = Event::default().event(name).data(data);
    match place {
        Some(place) => event.id(place.to_string()),
        None => event,
    }
}
