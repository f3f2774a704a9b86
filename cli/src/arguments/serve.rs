//! The arguments of `serve`.

use std::ffi::OsString;
use std::net::SocketAddr;

use clap::Args;

use super::cache::{CacheArguments, SharingArguments};
use super::client::ClientArguments;
use super::network::NetworkArguments;
use super::user::UserArguments;

/// The arguments of `serve`.
#[derive(Args)]
pub struct ServeArguments {
    /// Serve tokens as App Service does for its managed identity
    #[arg(long, required = true, conflicts_with_all = ["device_code", "interactive"], help_heading = "Endpoint")]
    pub managed_identity_endpoint: bool,
    /// Address and port to listen on, of this machine only; port 0 is any that is free
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:0",
        help_heading = "Endpoint"
    )]
    #[arg(value_parser = loopback_address)]
    pub listen: SocketAddr,
    /// Program that gets the endpoint in its environment, and its arguments [default: print the variables and go on]
    #[arg(last = true, value_name = "COMMAND", help_heading = "Endpoint")]
    pub command: Vec<OsString>,
    #[command(flatten)]
    pub client: ClientArguments,
    #[command(flatten)]
    pub user: UserArguments,
    #[command(flatten)]
    pub network: NetworkArguments,
    #[command(flatten)]
    pub cache: CacheArguments,
    #[command(flatten)]
    pub sharing: SharingArguments,
    /// Log engine activity to standard error; secrets are never logged
    #[arg(long, help_heading = "Output")]
    pub verbose: bool,
}

/// Only programs on this machine may ask for tokens.
fn loopback_address(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text
        .parse()
        .map_err(|_| "use an IP address and a port, such as 127.0.0.1:0".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("use an address of this machine only: 127.0.0.1 or [::1]".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_machine_are_listened_on() {
        for (text, is_accepted) in [
            ("127.0.0.1:0", true),
            ("127.8.9.1:8080", true),
            ("[::1]:0", true),
            ("0.0.0.0:80", false),
            ("[::]:80", false),
            ("10.0.0.1:80", false),
            ("localhost:80", false),
            ("127.0.0.1", false),
        ] {
            assert_eq!(loopback_address(text).is_ok(), is_accepted, "{text}");
        }
    }
}
