//! Files that are sent to Gemini in several requests.
//!
//! The first answer names an address for what follows. It is the provider's, so it is replaced by the gateway's own, and
//! clients send nothing else to it: no key. Whoever knows the upload's id may go on with it, at the provider as here. The
//! id itself is kept nowhere.

use http::{HeaderMap, HeaderValue};
use sha2::{Digest as _, Sha256};
use tollgate_domain::{KeyId, UpstreamId, UpstreamObject};

use super::desk::Desk;
use crate::query;

/// Where the provider wants the content.
const URL: &str = "x-goog-upload-url";
/// The same address once more.
const CONTROL_URL: &str = "x-goog-upload-control-url";
/// Names the upload.
const ID: &str = "upload_id";
/// Says whose upload it is; nothing that has to be kept secret.
const OWNER: &str = "tollgate_key";

/// The name under which an upload is kept, from the query of its address.
pub(crate) fn object_of(query: Option<&str>) -> Option<String> {
    let id = query::parameter(query?, ID).filter(|id| !id.is_empty())?;
    let digest: [u8; 32] = Sha256::digest(id.as_bytes()).into();
    let digest = digest.map(|byte| format!("{byte:02x}")).concat();
    Some(format!("upload:{digest}"))
}

/// Whose upload an address of the gateway's is for, and the query without that.
pub(crate) fn owner(query: Option<&str>) -> Option<(KeyId, Option<String>)> {
    let query = query?;
    let owner = query::parameter(query, OWNER)?.parse().ok()?;
    Some((owner, query::without(query, OWNER)))
}

/// Notes an upload that has begun, and leads its client back to the gateway. `as_called` is the address that was asked
/// for it. What cannot be led back is not shown.
pub(crate) async fn begin(desk: &Desk, headers: &mut HeaderMap, as_called: &str, at: (UpstreamId, KeyId)) {
    headers.remove(CONTROL_URL);
    let Some(url) = headers.remove(URL) else { return };
    let (upstream_id, key_id) = at;
    let asked = url.to_str().ok().and_then(|url| url.split_once('?'));
    let Some((query, object_id)) = asked.and_then(|(_, query)| Some((query, object_of(Some(query))?))) else {
        tracing::warn!("an upstream names an address for an upload that has no upload_id");
        return;
    };
    let Ok(local) = HeaderValue::try_from(format!("{as_called}?{query}&{OWNER}={key_id}")) else {
        return;
    };
    desk.note_files(vec![UpstreamObject {
        upstream_id,
        object_id,
        key_id,
        model: None,
        models: None,
        event_id: None,
        created_at: desk.now(),
    }])
    .await;
    headers.insert(URL, local);
}
