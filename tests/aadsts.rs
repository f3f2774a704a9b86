//! The table of AADSTS numbers as a document: what to do about each, and where that is published.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use graphtoken::base::parameter;
use graphtoken::base::surface::Surface;
use graphtoken::service::aadsts::{ServiceCode, Source, TABLE, VARIANTS, Variant};
use test_support::checkout::{compare, read};

/// Between two marks; the rest of it is written by hand and stays.
const PATH: &str = "docs/troubleshooting.md";
const BEGIN: &str = "<!-- A test makes what is between these marks from `src/service/aadsts/table.rs`. -->\n";
const END: &str = "<!-- The end of what is generated. -->\n";

#[test]
fn every_number_of_the_table_has_a_heading() {
    let text = read(PATH).replace("\r\n", "\n");
    let (before, rest) = text.split_once(BEGIN).expect("the first mark stands in the document");
    let (_, after) = rest.split_once(END).expect("the second mark stands after the first");
    compare(PATH, &format!("{before}{BEGIN}\n{}\n{END}{after}", sections()));
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

/// A section for each number, and the addresses of the pages that they name.
fn sections() -> String {
    let mut text = String::new();
    for code in TABLE {
        let _ = write!(text, "### AADSTS{}\n\n{}\n\n", code.code, wrapped(&shown(&code.hint())));
        let variants: Vec<&Variant> = VARIANTS.iter().filter(|variant| variant.code == code.code).collect();
        for variant in &variants {
            let (hint, source) = (shown(&variant.hint()), title(variant.source));
            let item = format!("- \"{}\": {hint} Source: {source}.", variant.words);
            let _ = writeln!(text, "{}", wrapped(&item).replace('\n', "\n  "));
        }
        if !variants.is_empty() {
            text.push('\n');
        }
        let facts = format!("Kind: {}. Source: {}.", kind(code), title(code.source));
        let _ = write!(text, "{}\n\n", wrapped(&facts));
    }
    text.extend(addresses());
    text
}

/// A hint with the names of its parameters in PowerShell and in the shell.
fn shown(hint: &str) -> String {
    let hint = parameter::ALL.iter().fold(hint.to_owned(), |hint, parameter| {
        let names: Vec<String> = [Surface::PowerShell, Surface::Command]
            .into_iter()
            .filter_map(|surface| parameter.name_on(surface))
            .map(|name| format!("`{name}`"))
            .collect();
        hint.replace(&parameter.to_string(), &names.join("/"))
    });
    hint.replace('<', "\\<")
}

fn kind(code: &ServiceCode) -> String {
    match (code.status, code.ends_refresh_token) {
        (Some(status), _) => format!("`{}`", status.name()),
        (None, true) => "`InteractionRequired` for a refresh token, otherwise by the OAuth `error`".to_owned(),
        (None, false) => "by the OAuth `error`".to_owned(),
    }
}

/// The title of a source, as a link.
fn title(source: Source) -> String {
    format!("[{}]", page(source).0)
}

/// What makes the titles links.
fn addresses() -> BTreeSet<String> {
    let sources = TABLE.iter().map(|code| code.source);
    sources
        .chain(VARIANTS.iter().map(|variant| variant.source))
        .map(|source| {
            let (title, address) = page(source);
            format!("[{title}]: {address}\n")
        })
        .collect()
}

/// `text` in lines of at most 118 columns, which leaves room for the indentation of a list.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= 118 {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.join("\n")
}

/// The title and the address of a page.
fn page(source: Source) -> (String, String) {
    let learn = |title: &str, page: &str| (title.to_owned(), format!("https://learn.microsoft.com/{page}"));
    let github = |title: &str, page: &str| (title.to_owned(), format!("https://github.com/{page}"));
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
        Source::Question(page) => {
            let (_, title) = page.split_once('/').expect("a number and a title");
            learn(title, &format!("answers/questions/{page}"))
        }
        Source::Quotation(place) => {
            let [owner, repository, path] = place.splitn(3, '/').collect::<Vec<_>>()[..] else {
                panic!("not OWNER/REPOSITORY/PATH: {place}")
            };
            let file = path.rsplit('/').next().unwrap_or(path);
            github(
                &format!("{file} in {owner}/{repository}"),
                &format!("{owner}/{repository}/blob/HEAD/{path}"),
            )
        }
    }
}
