//! The price snapshot that ships with the binary.

use anyhow::{Context, Result};
use tollgate_domain::ports::{PriceStore, ReportStore};
use tollgate_domain::{Clock, IdSource, ReleaseId, ReleaseOrigin};

/// Publishes the bundled snapshot where nothing better is there: at the first start, and when a newer binary brings
/// a newer snapshot while the current release is an older bundled one. A synced release is never replaced.
///
/// # Errors
/// When the database fails or the snapshot is damaged.
pub(crate) async fn ensure<S: PriceStore + ReportStore + ?Sized>(
    store: &S,
    clock: &dyn Clock,
    ids: &dyn IdSource,
) -> Result<()> {
    let current = store
        .catalog_state()
        .await
        .context("reading the catalog's state")?;
    if current
        .as_ref()
        .is_some_and(|state| state.origin != ReleaseOrigin::Bundled)
    {
        return Ok(());
    }
    let release =
        tollgate_catalog::snapshot::bundled_release(ReleaseId::new(ids.new_id(clock.now())), "tollgate")
            .context("reading the bundled price snapshot")?;
    if current.is_some_and(|state| state.content_hash == release.content_hash) {
        return Ok(());
    }
    let models = release.models.len();
    let version = store
        .publish_release(release, clock.now())
        .await
        .context("publishing the bundled prices")?;
    tracing::info!(models, %version, "bundled price snapshot published");
    Ok(())
}
