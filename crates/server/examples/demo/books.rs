//! The gateway's books, read through its admin API.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::stage::{RESELLER, Stage};
use crate::wire::{Attempt, LogPage, LogRow, Overview, Receipt};

const PATIENCE: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// Overview and every receipt.
pub(crate) struct Books {
    pub(crate) overview: Overview,
    /// Newest first.
    pub(crate) receipts: Vec<Receipt>,
}

impl Books {
    /// Reads them once everything that was sent is in them; entries follow the answers within moments.
    pub(crate) async fn read(stage: &Stage) -> Result<Self> {
        let expected = stage.attempts();
        for _ in 0..PATIENCE {
            let rows = rows(stage).await?;
            let overview: Overview = stage.admin.get("/billing/overview").await?;
            let ended = rows.iter().all(|row| row.ended_at.is_some());
            let attempts: usize = rows.iter().map(|row| row.attempts).sum();
            if ended && attempts >= expected && overview.journal.pending_entries == 0 {
                let receipts = receipts(stage, &rows).await?;
                return Ok(Self { overview, receipts });
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("half a minute after the last answer the books do not hold all {expected} attempts")
    }

    /// Every attempt that was sent.
    pub(crate) fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.receipts.iter().flat_map(|receipt| &receipt.attempts)
    }

    /// The receipt worth showing: the reseller's multipliers and as many lines as there are.
    pub(crate) fn example(&self) -> Option<&Receipt> {
        let lines = |receipt: &&Receipt| {
            let of_reseller = |attempt: &&Attempt| attempt.upstream.name == RESELLER;
            let attempts = receipt.attempts.iter().filter(of_reseller);
            attempts
                .flat_map(|attempt| &attempt.entries)
                .map(|entry| entry.lines.len())
                .sum::<usize>()
        };
        self.receipts.iter().max_by_key(lines)
    }
}

async fn rows(stage: &Stage) -> Result<Vec<LogRow>> {
    let mut rows = Vec::new();
    let mut path = "/request-logs?limit=200".to_owned();
    loop {
        let page: LogPage = stage.admin.get(&path).await?;
        rows.extend(page.items);
        match page.next_cursor {
            Some(cursor) => path = format!("/request-logs?limit=200&cursor={cursor}"),
            None => return Ok(rows),
        }
    }
}

async fn receipts(stage: &Stage, rows: &[LogRow]) -> Result<Vec<Receipt>> {
    let mut receipts = Vec::with_capacity(rows.len());
    for row in rows {
        let path = format!("/billing/requests/{}/receipt", row.request_id);
        receipts.push(stage.admin.get(&path).await?);
    }
    Ok(receipts)
}
