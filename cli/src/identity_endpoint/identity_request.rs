//! What a program asks the endpoint for: the query of its request.

use form_urlencoded::parse;

use super::answer::Refusal;

/// A request for a token. Parameters that App Service does not know are ignored.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct IdentityRequest {
    /// The resource that the token is for, such as `https://vault.azure.net`.
    pub resource: String,
    /// The client id of the identity, if the program names one.
    pub client_id: Option<String>,
}

/// The version of App Service's interface that the SDKs use.
const VERSION: &str = "2019-08-01";

impl IdentityRequest {
    /// Reads the query of a request.
    pub fn parse(query: &str) -> Result<Self, Refusal> {
        let value = |name: &str| only_value(query, name);
        match value("api-version")? {
            Some(version) if version == VERSION => {}
            _ => return Err(Refusal::bad_request("The parameter api-version must be 2019-08-01.")),
        }
        for name in ["principal_id", "object_id", "mi_res_id"] {
            if value(name)?.is_some() {
                return Err(Refusal::bad_request(
                    "This endpoint has one identity, which is named by its client ID only.",
                ));
            }
        }
        let resource = value("resource")?;
        let resource = resource.ok_or_else(|| Refusal::bad_request("The parameter resource is missing."))?;
        // It would become several scopes.
        if resource.contains(char::is_whitespace) {
            return Err(Refusal::bad_request("The parameter resource has a space in it."));
        }
        Ok(Self {
            resource,
            client_id: value("client_id")?,
        })
    }
}

/// The value of a parameter; `None` if it is missing or empty.
fn only_value(query: &str, name: &str) -> Result<Option<String>, Refusal> {
    let mut values = parse(query.as_bytes()).filter_map(|(key, value)| (key == name).then_some(value));
    let value = values.next();
    if values.next().is_some() {
        return Err(Refusal::bad_request("A parameter is given twice."));
    }
    Ok(value.filter(|value| !value.is_empty()).map(Into::into))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_one_of_app_service() {
        let parsed = |query: &str| IdentityRequest::parse(query).ok();
        let vault = |client_id: Option<&str>| IdentityRequest {
            resource: "https://vault.azure.net".to_owned(),
            client_id: client_id.map(str::to_owned),
        };
        for (query, expected) in [
            (
                "api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net",
                Some(vault(None)),
            ),
            (
                "resource=https://vault.azure.net&api-version=2019-08-01&more=1",
                Some(vault(None)),
            ),
            (
                "api-version=2019-08-01&resource=https://vault.azure.net&client_id=a",
                Some(vault(Some("a"))),
            ),
            (
                "api-version=2019-08-01&resource=https://vault.azure.net&client_id=",
                Some(vault(None)),
            ),
            ("api-version=2017-09-01&resource=https://vault.azure.net", None),
            ("resource=https://vault.azure.net", None),
            ("api-version=2019-08-01", None),
            ("api-version=2019-08-01&resource=", None),
            ("api-version=2019-08-01&resource=a+b", None),
            ("api-version=2019-08-01&resource=a%0Ab", None),
            ("api-version=2019-08-01&resource=a&resource=b", None),
            ("api-version=2019-08-01&resource=a&mi_res_id=/subscriptions/s", None),
            ("api-version=2019-08-01&resource=a&object_id=o", None),
            ("api-version=2019-08-01&resource=a&principal_id=o", None),
            ("", None),
        ] {
            assert_eq!(parsed(query), expected, "{query}");
        }
    }
}
