//! An attempt's `opened` record on its way into the journal.

use tokio::sync::oneshot::error::TryRecvError;
use tollgate_journal::{JournalError, Ticket};

use crate::books::Written;
use crate::open_set::OpenKey;

/// What is known of the record.
#[derive(Debug)]
pub(crate) struct Opening {
    key: OpenKey,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Not written yet. It is ahead of the attempt's end, whatever becomes of both.
    Waiting(Written),
    Written,
    /// The journal did not take it.
    Refused,
}

impl Opening {
    pub(crate) fn new(key: OpenKey, written: Written) -> Self {
        Self {
            key,
            state: State::Waiting(written),
        }
    }

    /// Waits for the journal's word. Cancel-safe.
    pub(crate) async fn written(&mut self) -> Result<Option<Ticket>, JournalError> {
        let State::Waiting(written) = &mut self.state else {
            return Ok(None);
        };
        let result = written.await.unwrap_or(Err(JournalError::Closed));
        self.state = match result {
            Ok(_) => State::Written,
            Err(_) => State::Refused,
        };
        result.map(Some)
    }

    /// Its place among the open attempts, unless the journal refused it.
    pub(crate) fn in_journal(&mut self) -> Option<OpenKey> {
        if let State::Waiting(written) = &mut self.state {
            match written.try_recv() {
                Ok(Ok(_)) => self.state = State::Written,
                Err(TryRecvError::Empty) => {}
                Ok(Err(_)) | Err(TryRecvError::Closed) => self.state = State::Refused,
            }
        }
        (!matches!(self.state, State::Refused)).then_some(self.key)
    }
}
