//! A gateway in front of a simulated provider, ready for traffic.

use tempfile::TempDir;
use tollgate_testkit::Simulator;

use super::{Admin, Backend, Books, Gateway, GatewayBuilder};

/// Everything a test needs; the simulator outlives the gateway.
pub(crate) struct Setup {
    pub(crate) simulator: Simulator,
    pub(crate) gateway: Gateway,
    pub(crate) admin: Admin,
    /// The client's key.
    pub(crate) key: String,
    pub(crate) backend: Backend,
    pub(crate) data_dir: TempDir,
}

impl Setup {
    /// Three upstreams at one simulator, one per dialect with the provider name its models are priced under.
    pub(crate) async fn new(backend: Backend) -> Self {
        Self::with(backend, |builder| builder).await
    }

    /// The same with more settings.
    pub(crate) async fn with(
        backend: Backend,
        settings: impl FnOnce(GatewayBuilder) -> GatewayBuilder,
    ) -> Self {
        let simulator = Simulator::start().await.unwrap();
        let data_dir = tempfile::tempdir().unwrap();
        let builder = GatewayBuilder::new(data_dir.path(), &backend.url(data_dir.path()));
        let gateway = settings(builder).start().await;
        let admin = Admin::new(gateway.admin_url());
        for (name, provider, protocols) in [
            (
                "openai",
                "openai",
                vec![
                    "openai_chat",
                    "openai_responses",
                    "openai_embeddings",
                    "openai_moderations",
                ],
            ),
            ("anthropic", "anthropic", vec!["anthropic_messages"]),
            ("gemini", "gemini", vec!["gemini_generate"]),
        ] {
            admin
                .create_upstream(serde_json::json!({
                    "name": name, "provider": provider, "protocols": protocols,
                    "base_url": simulator.base_url(), "credential": simulator.credential(),
                }))
                .await;
        }
        let key = admin.create_key("laptop").await;
        Self {
            simulator,
            gateway,
            admin,
            key,
            backend,
            data_dir,
        }
    }

    /// The ledger as it stands in the database.
    pub(crate) async fn books(&self) -> Books {
        Books::open(&self.backend.url(self.data_dir.path())).await
    }

    /// A new gateway on the same data directory and database.
    pub(crate) async fn restart(&mut self) {
        let url = self.backend.url(self.data_dir.path());
        self.gateway = GatewayBuilder::new(self.data_dir.path(), &url).start().await;
        self.admin = Admin::new(self.gateway.admin_url());
    }
}
