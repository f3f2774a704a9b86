//! The table of AADSTS numbers as a document: what to do about each, and where that is published.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use graphtoken::base::parameter;
use graphtoken::service::aadsts::{ServiceCode, Source, TABLE, VARIANTS};

const PATH: &str = "docs/aadsts.md";

#[test]
fn the_document_is_that_of_the_table() {
    let expected = document();
    if std::env::var_os("BLESS").is_some() {
        fs::write(root().join(PATH), &expected).unwrap();
    }
    let found = fs::read_to_string(root().join(PATH)).unwrap_or_default();
    assert!(
        found == expected,
        "{PATH} is not what the table makes; run the tests with BLESS=1"
    );
}

/// `hint_for` finds a variant by its number, so one of a number that is not in the table would never be found.
#[test]
fn every_variant_belongs_to_a_number_of_the_table() {
    for variant in VARIANTS {
        assert!(
            TABLE.iter().any(|code| code.code == variant.code),
            "{}: {}",
            variant.code,
            variant.words
        );
    }
}

/// The first variant whose words are found wins, so the words of one must not stand in those of a later one.
#[test]
fn no_variant_hides_another() {
    for (index, variant) in VARIANTS.iter().enumerate() {
        for later in VARIANTS[index + 1..].iter().filter(|later| later.code == variant.code) {
            assert!(!later.words.contains(variant.words), "{}: {}", later.code, later.words);
        }
    }
}

fn document() -> String {
    let mut text = "\
# AADSTS numbers

What the hint says about a refusal, by its first AADSTS number that is in this table. Where the service uses a number
for several things, words of its text tell them apart. A name such as `{SCOPES}` is a parameter, which each surface
names in its own words (the end of [messages.md](messages.md)). The kind of error stands here where the number decides
it; otherwise the OAuth `error` does ([errors.md](errors.md)).

This file is made from `src/service/aadsts/table.rs` by a test.

| number | text | kind | hint | source |
|---|---|---|---|---|
"
    .to_owned();
    for code in TABLE {
        row(&mut text, code.code, "", &kind(code), &code.hint(), code.source);
        for variant in VARIANTS.iter().filter(|variant| variant.code == code.code) {
            let words = format!("\"{}\"", variant.words);
            row(&mut text, code.code, &words, "", &variant.hint(), variant.source);
        }
    }
    let sources = TABLE.iter().map(|code| code.source);
    let sources = sources.chain(VARIANTS.iter().map(|variant| variant.source));
    let pages: BTreeSet<String> = sources
        .filter_map(|source| match page(source) {
            (title, Some(address)) => Some(format!("[{title}]: {address}\n")),
            (_, None) => None,
        })
        .collect();
    text.push('\n');
    text.extend(pages);
    text
}

fn row(text: &mut String, code: u32, words: &str, kind: &str, hint: &str, source: Source) {
    let hint = with_ids(hint).replace('<', "\\<");
    let source = match page(source) {
        (title, Some(_)) => format!("[{title}]"),
        (title, None) => title,
    };
    let _ = writeln!(text, "| {code} | {words} | {kind} | {hint} | {source} |");
}

fn kind(code: &ServiceCode) -> String {
    match (code.status, code.ends_refresh_token) {
        (Some(status), _) => format!("`{}`", status.name()),
        (None, true) => "`InteractionRequired` for a refresh token".to_owned(),
        (None, false) => String::new(),
    }
}

/// A hint with the ids of its parameters in braces.
fn with_ids(hint: &str) -> String {
    parameter::ALL.iter().fold(hint.to_owned(), |hint, parameter| {
        hint.replace(&parameter.to_string(), &format!("`{{{}}}`", parameter.id()))
    })
}

/// The title and the address of a page; a quotation has no page.
fn page(source: Source) -> (String, Option<String>) {
    let learn = |title: &str, page: &str| (title.to_owned(), Some(format!("https://learn.microsoft.com/{page}")));
    let github = |title: &str, page: &str| (title.to_owned(), Some(format!("https://github.com/{page}")));
    match source {
        Source::ErrorCodes => learn(
            "Microsoft Entra authentication and authorization error codes",
            "entra/identity-platform/reference-error-codes",
        ),
        Source::SignInReport => github(
            "Sign-in activity report error codes",
            "MicrosoftDocs/azure-docs/blob/02a4dd5bbcbdb08759b5cfe486858ab85e35ed1f/articles/active-directory/\
             reports-monitoring/reference-sign-ins-error-codes.md",
        ),
        Source::WhatsNew => learn(
            "What's new for authentication?",
            "entra/identity-platform/reference-breaking-changes",
        ),
        Source::ConditionalAccess => learn(
            "Troubleshooting sign-in problems with Conditional Access",
            "entra/identity/conditional-access/troubleshoot-conditional-access",
        ),
        Source::AuthenticationTransfer => learn(
            "Conditional Access: Authentication transfer",
            "entra/identity/conditional-access/concept-authentication-transfer",
        ),
        Source::CertificateAuthentication => github(
            "Troubleshoot Azure AD certificate-based authentication",
            "MicrosoftDocs/azure-docs/blob/cbb7830010caaea54c7efea1bb052aa419693dc9/articles/active-directory/\
             authentication/troubleshoot-certificate-based-authentication.md",
        ),
        Source::RevocationList => learn(
            "Certificate-based authentication: certificate revocation list",
            "entra/identity/authentication/concept-certificate-based-authentication-certificate-revocation-list",
        ),
        Source::PassThrough => learn(
            "Troubleshoot Microsoft Entra pass-through authentication",
            "entra/identity/hybrid/connect/tshoot-connect-pass-through-authentication",
        ),
        Source::Federation => learn(
            "Important considerations and restrictions for federated identity credentials",
            "entra/workload-id/workload-identity-federation-considerations",
        ),
        Source::AzurePipelines => learn(
            "Troubleshoot an Azure Resource Manager workload identity service connection",
            "azure/devops/pipelines/release/troubleshoot-workload-identity",
        ),
        Source::AzureSdk => learn(
            "Troubleshoot service principal authentication",
            "azure/developer/java/sdk/troubleshooting-authentication-service-principal",
        ),
        Source::AzureIdentity => github(
            "Troubleshoot Azure Identity authentication issues",
            "Azure/azure-sdk-for-cpp/blob/main/sdk/identity/azure-identity/TROUBLESHOOTING.md",
        ),
        Source::VivaGoals => github(
            "Troubleshoot AAD errors for integrations",
            "MicrosoftDocs/Viva/blob/b61b18a32b58be041a5b6e5c880c8129c89cada5/Viva/goals/integration-aad-errors.md",
        ),
        Source::PasswordGrant => learn(
            "OAuth 2.0 Resource Owner Password Credentials",
            "entra/identity-platform/v2-oauth-ropc",
        ),
        Source::Consent => learn(
            "Troubleshoot consent issues in Microsoft Entra ID",
            "troubleshoot/entra/entra-id/app-integration/troubleshoot-consent-issues",
        ),
        Source::Article(page) => learn(page, &format!("troubleshoot/entra/entra-id/app-integration/{page}")),
        Source::Issue(issue) => github(issue, &issue.replace('#', "/issues/")),
        Source::Quotation => ("the service's text, quoted in public source code".to_owned(), None),
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
