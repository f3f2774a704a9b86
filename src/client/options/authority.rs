//! The options of the authority, its kind and its region.

use crate::base::parameter;
use crate::client::options::row::{Documentation, OptionRow, Scope};
use crate::client::options::value;

pub(super) const CLOUD: OptionRow = OptionRow::new(
    &parameter::CLOUD,
    Documentation {
        scope: Scope::Client,
        meaning: "The national cloud. It determines the sign-in host and the address of Microsoft Graph.",
        values: "`global`, `usgov`, `usgovdod` or `china`",
        default: "`global`",
        since: "0.1.0",
    },
    |options, text| {
        options.client.cloud = Some(value::cloud(text)?);
        Ok(())
    },
);

pub(super) const AUTHORITY: OptionRow = OptionRow::new(
    &parameter::AUTHORITY,
    Documentation {
        scope: Scope::Client,
        meaning: "The authority: a base URL to which the tenant is added, or an authority URL that includes the tenant.",
        values: "an `https` URL",
        default: "the sign-in host of the cloud",
        since: "0.1.0",
    },
    |options, text| {
        options.client.authority = Some(text.to_owned());
        Ok(())
    },
);

#[cfg(feature = "flows")]
pub(super) const KIND: OptionRow = OptionRow::new(
    &parameter::AUTHORITY_TYPE,
    Documentation {
        scope: Scope::Client,
        meaning: "The kind of authority: Microsoft Entra ID, AD FS, Azure AD B2C, Microsoft Entra External ID, or an issuer that OpenID Connect Discovery describes.",
        values: "`aad`, `adfs`, `b2c`, `ciam` or `oidc`",
        default: "what host and path of the authority tell: `adfs` for the path `/adfs`, `b2c` for hosts below `b2clogin.com` and the path `/tfp`, `ciam` for hosts below `ciamlogin.com`, and else `aad`",
        since: "0.1.0",
    },
    |options, text| {
        options.client.authority_kind = Some(value::authority_kind(text)?);
        Ok(())
    },
);

#[cfg(feature = "flows")]
pub(super) const REGION: OptionRow = OptionRow::new(
    &parameter::AZURE_REGION,
    Documentation {
        scope: Scope::Client,
        meaning: "The region of Azure whose token service answers requests of applications. `auto` finds it when a token is requested: in the environment variable `REGION_NAME`, or else from the metadata service of the virtual machine.",
        values: "the name of a region such as `westeurope`, or `auto`",
        default: "none: the authority itself answers",
        since: "0.1.0",
    },
    |options, text| {
        options.client.region = value::region(text)?;
        Ok(())
    },
);
