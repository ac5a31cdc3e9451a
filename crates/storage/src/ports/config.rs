//! Configuration for the hot path.

use async_trait::async_trait;
use tollgate_domain::ports::{ConfigStore, GatewayConfig, StoreError, UpstreamWithCredential, Versions};

use crate::database::{Database, credential_place, run};
use crate::error::{Corrupt, QueryError, StorageError};
use crate::rows::UpstreamRow;

const OPERATION: &str = "reading the configuration";

#[async_trait]
impl ConfigStore for Database {
    async fn versions(&self) -> Result<Versions, StoreError> {
        run!(
            self.backend,
            reading,
            "reading the current versions",
            config::versions()
        )
    }

    async fn gateway_config(&self) -> Result<GatewayConfig, StoreError> {
        let (version, rows, keys) = run!(
            self.backend,
            reading,
            "reading the configuration",
            config::snapshot()
        )?;
        let upstreams = rows.into_iter().map(|row| self.opened(row));
        let upstreams = upstreams.collect::<Result<_, QueryError>>();
        Ok(GatewayConfig {
            version,
            upstreams: upstreams.map_err(|error| error.during(OPERATION))?,
            keys,
        })
    }
}

impl Database {
    fn opened(&self, mut row: UpstreamRow) -> Result<UpstreamWithCredential, QueryError> {
        let place = credential_place(row.id.0);
        let sealed = row.sealed_credential.take();
        let opened = sealed
            .map(|sealed| self.keyring.open(&place, &sealed))
            .transpose();
        let credential = opened.map_err(|error: StorageError| {
            Corrupt::new("upstream credential", format!("that of {:?}: {error}", row.name))
        })?;
        Ok(UpstreamWithCredential {
            upstream: row.try_into()?,
            credential,
        })
    }
}
