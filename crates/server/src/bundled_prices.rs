//! The price snapshot that ships with the binary.

use std::collections::{HashMap, HashSet};

use anyhow::{Context, Result};
use tollgate_catalog::{GuardRules, PlanInput, plan, snapshot};
use tollgate_domain::ports::{PriceStore, ReportStore};
use tollgate_domain::{Clock, IdSource, NewRelease, PriceBookData, PricedModel, ReleaseId, ReleaseOrigin};

/// Publishes the bundled snapshot where nothing better is there: at the first start, and when a newer binary brings
/// other prices while the current release is an older bundled one. A synced release is never replaced. Models the
/// snapshot does not have any more keep their last price, marked stale; prices the guard would stop in a sync stay as
/// they are too.
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
    let book = match &current {
        Some(_) => store.price_book(None).await.context("loading the price book")?,
        None => None,
    };
    let id = ReleaseId::new(ids.new_id(clock.now()));
    let Some(release) = release(id, book.as_ref())? else {
        return Ok(());
    };
    let models = release.models.len();
    let version = store
        .publish_release(release, clock.now())
        .await
        .context("publishing the bundled prices")?;
    tracing::info!(models, %version, "bundled price snapshot published");
    Ok(())
}

/// The snapshot on top of the catalog; `None` where it changes nothing.
fn release(id: ReleaseId, book: Option<&PriceBookData>) -> Result<Option<NewRelease>> {
    let Some(book) = book else {
        let first = snapshot::bundled_release(id, AUTHOR).context("reading the bundled price snapshot")?;
        return Ok(Some(first));
    };
    let map = tollgate_catalog::parse_map(snapshot::BUNDLED).context("reading the bundled price snapshot")?;
    let planned = plan(PlanInput {
        map: &map,
        book: Some(book),
        in_use: &HashSet::new(),
        refused: &HashSet::new(),
        waiting: &HashMap::new(),
        rules: GuardRules {
            min_models_percent: 0,
            ..GuardRules::default()
        },
    });
    if planned.write.put.is_empty() {
        return Ok(None);
    }
    let mut models: HashMap<_, PricedModel> = book
        .models
        .iter()
        .map(|model| (model.name.clone(), model.clone()))
        .collect();
    models.extend(
        planned
            .write
            .put
            .into_iter()
            .map(|model| (model.name.clone(), model)),
    );
    Ok(Some(NewRelease {
        id,
        content_hash: map.content_hash,
        origin: ReleaseOrigin::Bundled,
        author: AUTHOR.to_owned(),
        models: models.into_values().collect(),
        cards: planned.write.cards,
        counts: planned.counts,
        unknown_fields: map.unknown_fields.into_keys().collect(),
    }))
}

/// Whose name bundled releases carry.
const AUTHOR: &str = "tollgate";

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tollgate_domain::{ModelLimits, ModelName, PriceVersion};

    use super::*;

    fn id() -> ReleaseId {
        ReleaseId::new(uuid::Uuid::from_u128(1))
    }

    fn book(release: &NewRelease) -> PriceBookData {
        PriceBookData {
            version: PriceVersion::new(1),
            created_at: "2026-11-05T08:00:00Z".parse().unwrap(),
            release_id: Some(release.id),
            models: release.models.clone(),
            cards: release.cards.clone(),
            overrides: Vec::new(),
            aliases: Vec::new(),
            multipliers: Vec::new(),
        }
    }

    #[test]
    fn the_same_snapshot_changes_nothing() {
        let first = release(id(), None).unwrap().unwrap();
        assert!(first.models.len() > 4_000);
        assert!(release(id(), Some(&book(&first))).unwrap().is_none());
    }

    #[test]
    fn what_an_older_snapshot_had_more_stays_as_stale() {
        let mut older = release(id(), None).unwrap().unwrap();
        let card = Arc::clone(&older.cards[0]);
        let gone = PricedModel {
            name: ModelName::new("acme/gone"),
            card_id: card.id(),
            provider: None,
            mode: None,
            stale: false,
            limits: ModelLimits::default(),
        };
        older.models.push(gone.clone());
        older.models.remove(0);
        let newer = release(id(), Some(&book(&older))).unwrap().unwrap();
        assert_eq!((newer.counts.added, newer.counts.removed), (1, 1));
        assert_eq!(newer.models.len(), older.models.len() + 1);
        assert!(newer.models.contains(&PricedModel { stale: true, ..gone }));
    }
}
