//! Which gateway, and as whom.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use secrecy::SecretString;

use super::api::Api;
use super::failure::Failure;
use super::secret;
use crate::config;

/// How to reach a running gateway. Secrets are better given by file or environment than on the command line, where other
/// users of the machine can read them.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connect {
    /// The gateway's admin address [default: where the configuration says it listens].
    #[arg(long, global = true, env = "TOLLGATE_URL", value_name = "URL")]
    url: Option<String>,

    /// The admin token [default: the file admin-token in the data directory].
    #[arg(
        long,
        global = true,
        env = "TOLLGATE_ADMIN_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    token: Option<String>,

    /// A file with the admin token, - for standard input; it counts before the variable and --token.
    #[arg(long, global = true, value_name = "FILE")]
    token_file: Option<PathBuf>,

    /// Print exactly the JSON that the API answers with.
    #[arg(long, global = true)]
    json: bool,
}

/// A gateway that can be asked.
pub(super) struct Context {
    pub(super) api: Api,
    /// Whether answers are wanted as they are.
    pub(super) json: bool,
}

impl Context {
    pub(super) fn new(connect: &Connect, config: Option<&Path>) -> Result<Self> {
        // What is given here needs no configuration, so a broken one is no obstacle.
        let settings = config::load(config);
        let url = match (&connect.url, &settings) {
            (Some(url), _) => url.clone(),
            (None, Ok(settings)) => listening(settings.admin_listen.as_ref().unwrap_or(&settings.listen)),
            (None, Err(error)) => {
                return Err(Failure::usage(format!(
                    "give --url, or mend the configuration: {error:#}"
                )));
            }
        };
        let data_dir = settings.map_or_else(|_| PathBuf::from("data"), |settings| settings.data_dir);
        let api = Api::new(&url, &token(connect, &data_dir)?, connect.json)?;
        Ok(Self {
            api,
            json: connect.json,
        })
    }
}

/// Where a gateway that listens on every address is reached from the same machine.
fn listening(address: &str) -> String {
    match address.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_unspecified() && address.is_ipv6() => {
            format!("http://[::1]:{}", address.port())
        }
        Ok(address) if address.ip().is_unspecified() => format!("http://127.0.0.1:{}", address.port()),
        _ => format!("http://{address}"),
    }
}

fn token(connect: &Connect, data_dir: &Path) -> Result<SecretString> {
    if let Some(file) = &connect.token_file {
        return secret::read(file);
    }
    if let Some(token) = &connect.token {
        return Ok(token.clone().into());
    }
    let file = data_dir.join("admin-token");
    if !file.is_file() {
        let text = format!(
            "no admin token: set TOLLGATE_ADMIN_TOKEN, give --token-file, or run where {} is",
            file.display()
        );
        return Err(Failure::usage(text));
    }
    secret::read(&file).context("reading the admin token")
}

#[cfg(test)]
mod tests {
    use super::listening;

    #[test]
    fn a_gateway_that_listens_everywhere_is_asked_on_this_machine() {
        assert_eq!(listening("0.0.0.0:8787"), "http://127.0.0.1:8787");
        assert_eq!(listening("[::]:8787"), "http://[::1]:8787");
        assert_eq!(listening("10.0.0.4:80"), "http://10.0.0.4:80");
    }
}
