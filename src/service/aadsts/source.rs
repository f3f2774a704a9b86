//! Where the meaning of an AADSTS number is published.

/// A public page. A test writes it into `docs/troubleshooting.md`, and the shipped library leaves it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Microsoft's list of error codes.
    ErrorCodes,
    /// Microsoft's former list of the codes in sign-in reports.
    SignInReport,
    /// Microsoft's notes about changes of the platform.
    WhatsNew,
    /// Troubleshooting of Conditional Access.
    ConditionalAccess,
    /// Authentication transfer as a condition of Conditional Access.
    AuthenticationTransfer,
    /// Troubleshooting of certificate-based authentication of users.
    CertificateAuthentication,
    /// Revocation lists for certificate-based authentication of users.
    RevocationList,
    /// Troubleshooting of pass-through authentication.
    PassThrough,
    /// Considerations about federated identity credentials.
    Federation,
    /// Troubleshooting of workload identities in Azure Pipelines.
    AzurePipelines,
    /// Troubleshooting of applications' credentials in the Azure SDK for Java.
    AzureSdk,
    /// Troubleshooting of credentials in the Azure Identity library for C++.
    AzureIdentity,
    /// Troubleshooting of errors of Microsoft Entra ID in Viva Goals.
    VivaGoals,
    /// The description of the password grant.
    PasswordGrant,
    /// Troubleshooting of consent.
    Consent,
    /// An article of Microsoft's support about one error, by the end of its address.
    Article(&'static str),
    /// An issue or discussion on GitHub, as `OWNER/REPOSITORY#NUMBER`.
    Issue(&'static str),
    /// A question on Microsoft's site that quotes the service's own text, by the end of its address.
    Question(&'static str),
    /// A file on GitHub that quotes the service's own text, as `OWNER/REPOSITORY/PATH`.
    Quotation(&'static str),
}
