//! A federated credential of an application (Microsoft: "Configure an app to trust an external identity provider").

/// An identity at another issuer that an application trusts.
pub(crate) struct FederatedCredential {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) audience: String,
}

/// What Microsoft recommends for the worldwide cloud.
pub(crate) const AUDIENCE: &str = "api://AzureADTokenExchange";

impl FederatedCredential {
    /// Of `issuer`, whose subject is not known yet.
    pub(crate) fn of_issuer(issuer: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            subject: String::new(),
            audience: AUDIENCE.to_owned(),
        }
    }
}
