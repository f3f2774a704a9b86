//! The options of managed identities.

use crate::base::parameter;
use crate::client::options::row::{Documentation, OptionRow, Scope};
use crate::client::options::value;

pub(super) const CLIENT_ID: OptionRow = OptionRow::new(
    &parameter::IDENTITY_CLIENT_ID,
    Documentation {
        scope: Scope::Client,
        meaning: "The client id of the user-assigned managed identity to use. Only for clients of a managed identity, and only one of the three ids.",
        values: "a GUID",
        default: "the machine's own identity, or the only one",
        since: "0.1.0",
    },
    |options, text| {
        options.client.identity.client_id = Some(value::guid(&parameter::IDENTITY_CLIENT_ID, text)?);
        Ok(())
    },
);

pub(super) const OBJECT_ID: OptionRow = OptionRow::new(
    &parameter::IDENTITY_OBJECT_ID,
    Documentation {
        scope: Scope::Client,
        meaning: "The object (principal) id of the user-assigned managed identity to use.",
        values: "a GUID",
        default: "the machine's own identity, or the only one",
        since: "0.1.0",
    },
    |options, text| {
        options.client.identity.object_id = Some(value::guid(&parameter::IDENTITY_OBJECT_ID, text)?);
        Ok(())
    },
);

pub(super) const RESOURCE_ID: OptionRow = OptionRow::new(
    &parameter::IDENTITY_RESOURCE_ID,
    Documentation {
        scope: Scope::Client,
        meaning: "The Azure resource id of the user-assigned managed identity to use.",
        values: "a path that begins with `/subscriptions/`",
        default: "the machine's own identity, or the only one",
        since: "0.1.0",
    },
    |options, text| {
        options.client.identity.resource_id = Some(value::resource_id(text)?);
        Ok(())
    },
);

pub(super) const SOURCE: OptionRow = OptionRow::new(
    &parameter::IDENTITY_SOURCE,
    Documentation {
        scope: Scope::Client,
        meaning: "The platform whose managed identity is used. Clients of a managed identity find it by the variables that it sets.",
        values: "`auto`, `service_fabric`, `app_service`, `machine_learning`, `cloud_shell`, `arc` or `imds`",
        default: "`auto`",
        since: "0.1.0",
    },
    |options, text| {
        options.client.identity.source = value::identity_source(text)?;
        Ok(())
    },
);

pub(super) const VARIABLES: OptionRow = OptionRow::new(
    &parameter::IDENTITY_VARIABLES,
    Documentation {
        scope: Scope::Client,
        meaning: "The environment variables that name a platform's endpoint and its secret, or describe a credential, for programs whose environment is not that of the process. Secret.",
        values: "pairs `NAME=value`, each ended by U+0000",
        default: "the environment of the process",
        since: "0.1.0",
    },
    |options, text| {
        options.client.identity.variables = value::variables(text)?;
        Ok(())
    },
)
.verbatim();

pub(super) const TOOL_TENANT: OptionRow = OptionRow::new(
    &parameter::TOOL_TENANT,
    Documentation {
        scope: Scope::Client,
        meaning: "The tenant whose token a developer tool is asked for. Only for clients of a developer tool.",
        values: "a GUID or a domain",
        default: "the tenant that the tool is signed in to",
        since: "0.1.0",
    },
    |options, text| {
        options.client.tool_tenant = value::tool_tenant(text)?;
        Ok(())
    },
);
