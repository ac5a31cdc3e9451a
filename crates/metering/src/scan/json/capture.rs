//! The value being captured.

use super::{Sink, Slot};

/// The longest value captured; a longer one is reported as such and dropped.
pub(super) const MAX_CAPTURE: usize = 64 * 1024;

/// A value's JSON text as far as it has come.
#[derive(Debug, Default)]
pub(super) struct Capture {
    slot: Option<Slot>,
    pub(super) text: Vec<u8>,
}

impl Capture {
    /// Begins a value, wanted or not.
    pub(super) fn begin(&mut self, slot: Option<Slot>) {
        self.slot = slot;
        self.text.clear();
    }

    pub(super) fn is_on(&self) -> bool {
        self.slot.is_some()
    }

    /// Adds to a wanted value, up to one byte past the limit.
    pub(super) fn keep(&mut self, bytes: &[u8]) {
        if self.slot.is_some() {
            let room = (MAX_CAPTURE + 1).saturating_sub(self.text.len());
            self.text.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        }
    }

    /// Hands on a wanted value.
    pub(super) fn end(&mut self, sink: &mut impl Sink) {
        match self.slot.take() {
            Some(slot) if self.text.len() > MAX_CAPTURE => sink.too_long(slot),
            Some(slot) => sink.captured(slot, &self.text),
            None => {}
        }
    }
}
