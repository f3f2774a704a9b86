//! Options for the token service of a workload.

use crate::base::parameter;
use crate::base::secret::Secret;
use crate::client::options::row::{Documentation, OptionRow, Scope};

/// Where it is.
pub const REQUEST_URL: OptionRow = OptionRow::new(
    &parameter::FEDERATION_REQUEST_URL,
    Documentation {
        scope: Scope::Client,
        meaning: "The address of the token service of a job, for programs that read the environment by themselves.",
        values: "an `https` URL",
        default: "the environment variable `ACTIONS_ID_TOKEN_REQUEST_URL` or `SYSTEM_OIDCREQUESTURI`",
        since: "0.1.0",
    },
    |options, text| {
        options.client.federation.request_url = Some(text.to_owned());
        Ok(())
    },
);

/// What it demands.
pub const REQUEST_TOKEN: OptionRow = OptionRow::new(
    &parameter::FEDERATION_REQUEST_TOKEN,
    Documentation {
        scope: Scope::Client,
        meaning: "The token that this service demands. Secret.",
        values: "text",
        default: "the environment variable `ACTIONS_ID_TOKEN_REQUEST_TOKEN` or `SYSTEM_ACCESSTOKEN`",
        since: "0.1.0",
    },
    |options, text| {
        options.client.federation.request_token = Some(Secret::copy_of(text.as_bytes()));
        Ok(())
    },
)
.verbatim();
