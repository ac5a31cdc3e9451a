//! Configuration for the hot path.

use async_trait::async_trait;
use tollgate_domain::ports::{ConfigStore, GatewayConfig, StoreError, UpstreamWithCredential, Versions};

use crate::database::{Database, credential_place, run};
use crate::error::QueryError;
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
        let upstreams = rows.into_iter().filter_map(|row| self.opened(row).transpose());
        let upstreams = upstreams.collect::<Result<_, QueryError>>();
        Ok(GatewayConfig {
            version,
            upstreams: upstreams.map_err(|error| error.during(OPERATION))?,
            keys,
        })
    }
}

impl Database {
    /// `None` for an upstream whose credential cannot be opened: it takes no traffic until the key is back or the
    /// credential is entered again, and everything else goes on.
    fn opened(&self, mut row: UpstreamRow) -> Result<Option<UpstreamWithCredential>, QueryError> {
        let place = credential_place(row.id.0);
        let sealed = row.sealed_credential.take();
        let opened = sealed
            .map(|sealed| self.keyring.open(&place, &sealed))
            .transpose();
        match opened {
            Ok(credential) => Ok(Some(UpstreamWithCredential {
                upstream: row.try_into()?,
                credential,
            })),
            Err(error) => {
                tracing::error!(upstream = row.name, %error, "an upstream is left out: its credential cannot be opened");
                Ok(None)
            }
        }
    }
}
