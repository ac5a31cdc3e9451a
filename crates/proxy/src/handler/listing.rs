//! Requests for a list of a key's own objects.

use std::sync::Arc;

use axum::body::Body;
use http::{Response, request};
use tollgate_domain::{KeyId, KeyRef};

use super::Arrival;
use crate::admit::admit;
use crate::endpoint::CallPath;
use crate::error::ProxyError;
use crate::listing::{Asked, Listed, Walked, render, walk};
use crate::respond;

impl Arrival {
    /// Answers by itself: no request of the caller's goes to an upstream, so there is no attempt and nothing to bill.
    pub(super) async fn listed(
        self,
        listed: Listed,
        path: CallPath,
        key: Arc<KeyRef>,
        head: request::Parts,
        body: Body,
    ) -> Response<Body> {
        let dialect = path.protocol.dialect();
        let mut scribe = self.scribe(&path, &key, head.uri.path());
        let page = match admit(path, head, body, &self.shared.config, false).await {
            Ok(call) => {
                scribe.call(false, None, &call.caller);
                self.page(listed, key.id, call.query.as_deref()).await
            }
            Err(error) => Err(error),
        };
        match page {
            Ok(page) => respond::page(self.request_id, render(listed, &page), page.unseen, scribe),
            Err(error) => respond::refusal(dialect, self.request_id, &error, Some(scribe)),
        }
    }

    async fn page(&self, listed: Listed, key: KeyId, query: Option<&str>) -> Result<Walked, ProxyError> {
        let asked = Asked::read(listed, query)?;
        let desk = self.shared.desk().ok_or(ProxyError::ObjectsAway)?;
        walk(&self.shared, desk, listed, &asked, key).await
    }
}
