//! The tokens of other issuers, which prove workloads: GitHub Actions, Azure Pipelines, Kubernetes.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::clock::Moment;

/// A token of another issuer. The key of this one stands for the key of every issuer.
pub(crate) struct WorkloadToken {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) audience: String,
    /// In seconds; negative for a token that has expired.
    pub(crate) lifetime: i64,
}

/// In seconds: that of GitHub Actions.
pub(crate) const USUAL_LIFETIME: i64 = 300;

impl WorkloadToken {
    pub(crate) fn claims(&self, now: Moment) -> Value {
        let issued = now.plus(self.lifetime.saturating_sub(USUAL_LIFETIME).min(0)).unix();
        json!({
            "iss": self.issuer,
            "sub": self.subject,
            "aud": self.audience,
            "jti": Uuid::new_v4().to_string(),
            "iat": issued,
            "nbf": issued,
            "exp": now.plus(self.lifetime).unix(),
        })
    }
}
