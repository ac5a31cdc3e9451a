//! Requests as a busy installation has them, written as the gateway writes them.

use std::sync::Arc;

use chrono::TimeDelta;
use tollgate_domain::ports::{LedgerStore, LedgerWrite};
use tollgate_domain::{
    AdjustmentRef, AttemptContext, CallerRef, EntryKind, ErrorOrigin, EventId, JournalId, JournaledEntry,
    LedgerEntry, ModelName, PriceVersion, Protocol, RequestFacts, RequestId, RequestLog, RoutingDecision,
    Timestamp,
};
use uuid::Uuid;

use crate::Failure;
use crate::entry::{self, Fate};
use crate::stage::Stage;
use crate::world::{Draw, KEYS, World, upstream_of};

const PATHS: [(Protocol, &str); 4] = [
    (Protocol::OpenaiChat, "/v1/chat/completions"),
    (Protocol::AnthropicMessages, "/v1/messages"),
    (Protocol::OpenaiEmbeddings, "/v1/embeddings"),
    (Protocol::OpenaiImages, "/v1/images/generations"),
];

/// Writes so many requests, spread over the time until now, some a transaction.
pub(crate) async fn fill(
    stage: &Stage,
    world: &World,
    (requests, span, batch): (u32, TimeDelta, u32),
    progress: &(dyn Fn(u32) -> Result<(), Failure> + Sync),
) -> Result<(), Failure> {
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    let begun = stage.now - span;
    let step = span.num_microseconds().unwrap_or(0) / i64::from(requests.max(1));
    let mut writer = Writer {
        world,
        seq: 0,
        later: Vec::new(),
    };
    for first in (0..requests).step_by(batch as usize) {
        let mut write = LedgerWrite::default();
        let mut recorded = begun;
        writer.correct(&mut write);
        for number in first..(first + batch).min(requests) {
            let jitter = i64::from(draw.below(1_000_000));
            let at = begun + TimeDelta::microseconds(step * i64::from(number) + step * jitter / 1_000_000);
            writer.request(number, at, &mut draw, &mut write);
            recorded = at + TimeDelta::seconds(20);
        }
        stage.store.commit(write, recorded.min(stage.now)).await?;
        if first % 100_000 < batch {
            progress(first)?;
        }
    }
    Ok(())
}

struct Writer<'w> {
    world: &'w World,
    seq: u64,
    /// Entries to be corrected with the next batch.
    later: Vec<LedgerEntry>,
}

impl Writer<'_> {
    fn request(&mut self, number: u32, at: Timestamp, draw: &mut Draw, write: &mut LedgerWrite) {
        let place = draw.skewed(KEYS);
        let Some(key) = self.world.keys.get(place as usize) else {
            return;
        };
        let model = self.world.model_of(place, draw);
        let (protocol, path) = match draw.below(10_000) {
            0..7_000 => PATHS[0],
            7_000..9_500 => PATHS[1],
            9_500..9_998 => PATHS[2],
            _ => PATHS[3],
        };
        let caller = Arc::new(CallerRef {
            request_id: draw.once_in(3).then(|| format!("call-{number:08}")),
            ..CallerRef::default()
        });
        let fate = Fate::draw(draw);
        let attempts = if draw.once_in(100) { 2 } else { 1 };
        let request_id = RequestId::new(id(at, number, 1));
        let mut last = None;
        for attempt in 1..=attempts {
            let upstream = upstream_of(&model, draw);
            let Some(upstream) = self.world.upstreams.get(upstream as usize) else {
                return;
            };
            let context = AttemptContext {
                event_id: EventId::new(id(at, number, 1 + u128::from(attempt))),
                request_id,
                attempt,
                occurred_at: at + TimeDelta::milliseconds(i64::from(attempt) * 3),
                key: Arc::clone(key),
                upstream: Arc::clone(upstream),
                protocol,
                stream: number.is_multiple_of(2),
                model_requested: Some(ModelName::new(model.as_str())),
                model_sent: Some(ModelName::new(model.as_str())),
                tier_requested: None,
                caller: Arc::clone(&caller),
                facts: RequestFacts::default(),
                price_version: PriceVersion::new(1),
            };
            let fate = if attempt < attempts { Fate::Rejected } else { fate };
            let entry = entry::of(context, fate, draw);
            if draw.once_in(500) && entry.amounts.is_some() {
                self.later.push(entry.clone());
            }
            last = Some(entry.clone());
            self.push(entry, write);
        }
        let Some(last) = last else { return };
        // What the gateway refuses by itself goes to no upstream; its request is there all the same.
        let (http_status, error_origin) = fate.answer(draw);
        write.logs.push(RequestLog {
            request_id,
            occurred_at: at,
            ended_at: last.outcome.ended_at,
            key: Arc::clone(key),
            protocol,
            path: path.to_owned(),
            stream: last.attempt.stream,
            model_requested: last.attempt.model_requested.clone(),
            http_status,
            error_origin,
            error: error_origin.map(|origin: ErrorOrigin| format!("{} failed", origin.as_str())),
            attempts,
            upstream: Some((last.attempt.upstream.id, Arc::clone(&last.attempt.upstream.name))),
            ttft_us: last.outcome.ttft_us,
            duration_us: entry::took(&last),
            caller,
            routing: RoutingDecision::default(),
        });
    }

    fn push(&mut self, entry: LedgerEntry, write: &mut LedgerWrite) {
        self.seq += 1;
        write.entries.push(JournaledEntry {
            journal_id: JournalId::new(Uuid::from_u128(4)),
            journal_seq: self.seq,
            entry,
        });
    }

    /// Corrections of a batch come with the next.
    fn correct(&mut self, write: &mut LedgerWrite) {
        for entry in std::mem::take(&mut self.later) {
            let corrected = LedgerEntry {
                revision: 1,
                kind: EntryKind::Adjustment,
                amounts: entry.amounts.map(|amounts| entry::tenth(&amounts)),
                adjustment: Some(AdjustmentRef {
                    run_id: Uuid::from_u128(5),
                    author: "bench".to_owned(),
                    note: None,
                }),
                ..entry
            };
            self.push(corrected, write);
        }
    }
}

/// A `UUIDv7`.
fn id(at: Timestamp, number: u32, kind: u128) -> Uuid {
    let millis = u128::from(at.timestamp_millis().unsigned_abs());
    Uuid::from_u128((millis << 80) | (7 << 76) | (2 << 62) | (kind << 40) | u128::from(number))
}
