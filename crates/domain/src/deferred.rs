//! Usage that comes later than the answer: what was asked for, and where its end will be seen.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{AttemptContext, EventId, KeyId, ModelName, Protocol, Timestamp, UpstreamId};

/// What kind of object a request made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeferredKind {
    /// An `OpenAI` response in the background.
    Response,
    /// An `OpenAI` batch: a file of requests, answered by a file.
    OpenaiBatch,
    /// An Anthropic batch of messages.
    AnthropicBatch,
    /// A Gemini batch: requests within it or in a file, answers likewise.
    GeminiBatch,
    /// An `OpenAI` video.
    Video,
}

/// The object, and the item in it, that told an entry's usage. With the upstream it is the name under which the usage
/// is billed exactly once.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeferredRef {
    /// The provider's id of the object.
    pub object_id: String,
    /// The item's id within a batch; `None` for the object itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_id: Option<String>,
}

/// A request whose usage comes later. It takes the place of the attempt's end in the journal and of the entry in the
/// database, until the entry is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeferredOperation {
    /// The attempt that made the object, as it was dispatched.
    pub attempt: Arc<AttemptContext>,
    /// What it made.
    pub kind: DeferredKind,
    /// The provider's id of it.
    pub object_id: String,
    /// The wire protocol its items, or it itself, tell their usage in.
    pub item_protocol: Protocol,
    /// When the provider was seen to have made it.
    pub created_at: Timestamp,
    /// When waiting for its end is given up.
    pub expires_at: Timestamp,
}

/// An object that costs nothing by itself: a file. It is at one upstream and belongs to one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamObject {
    /// Where it is.
    pub upstream_id: UpstreamId,
    /// The provider's id of it.
    pub object_id: String,
    /// Whose it is.
    pub key_id: KeyId,
    /// The one model that the requests in it name, if it is one.
    pub model: Option<ModelName>,
    /// Every model that the requests in it name; `None` where nobody has read all of them.
    pub models: Option<Vec<ModelName>>,
    /// The operation whose results it holds, if it does.
    pub event_id: Option<EventId>,
    /// When it was first seen.
    pub created_at: Timestamp,
}

impl DeferredKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Response,
        Self::OpenaiBatch,
        Self::AnthropicBatch,
        Self::GeminiBatch,
        Self::Video,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::OpenaiBatch => "openai_batch",
            Self::AnthropicBatch => "anthropic_batch",
            Self::GeminiBatch => "gemini_batch",
            Self::Video => "video",
        }
    }

    /// Whether its items are billed one by one, and it itself is not.
    pub const fn has_items(self) -> bool {
        matches!(self, Self::OpenaiBatch | Self::AnthropicBatch | Self::GeminiBatch)
    }

    /// From its stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl DeferredOperation {
    /// The event of one of its items: always the same one, so that whoever settles an item twice settles the same event.
    /// It is a `UUIDv7` of the operation's instant, as the ledger's partitions want it.
    pub fn item_event(&self, item_id: &str) -> EventId {
        let own = self.attempt.event_id.uuid();
        let mut hash = Sha256::new();
        hash.update(own.as_bytes());
        hash.update(item_id.as_bytes());
        let digest: [u8; 32] = hash.finalize().into();
        let (_, random) = Uuid::from_bytes(first_half(digest)).as_u64_pair();
        let (time, more) = own.as_u64_pair();
        let (_, low) = Uuid::from_bytes(second_half(digest)).as_u64_pair();
        // 48 bits of time, the version, 12 bits; the variant, 62 bits.
        let high = (time & !0xffff) | 0x7000 | (random & 0x0fff);
        let low = (low ^ more) & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000;
        EventId::new(Uuid::from_u64_pair(high, low))
    }

    /// The name under which it is billed.
    pub fn reference(&self, item_id: Option<String>) -> DeferredRef {
        DeferredRef {
            object_id: self.object_id.clone(),
            item_id,
        }
    }
}

fn first_half(digest: [u8; 32]) -> [u8; 16] {
    std::array::from_fn(|index| digest.get(index).copied().unwrap_or_default())
}

fn second_half(digest: [u8; 32]) -> [u8; 16] {
    std::array::from_fn(|index| digest.get(index + 16).copied().unwrap_or_default())
}
