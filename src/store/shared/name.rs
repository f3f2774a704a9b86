//! The name of the record with a token.

use std::fmt::Write as _;

use aws_lc_rs::hmac::{Context, HMAC_SHA256, Key};

use crate::credential::Credential;
use crate::store::Wanted;
use crate::store::key::StoreKey;

/// Makes names: keyed hashes (HMAC-SHA-256, RFC 2104) of everything that two callers must have in common to share a
/// token. Without the key, a name reveals nothing and does not help to guess a password.
pub struct RecordNames {
    key: Key,
}

/// The prefix of all names. Its number changes when the way of making names does.
const PREFIX: &str = "graphtoken:1:";

impl RecordNames {
    /// Makes names with `key`.
    pub fn new(key: &StoreKey) -> Self {
        Self {
            key: Key::new(HMAC_SHA256, &*key.derive(b"names")),
        }
    }

    /// The name for `wanted`, which is the same in every process: a prefix and 64 hexadecimal digits.
    pub fn name(&self, wanted: &Wanted<'_>) -> String {
        let mut hash = Hash(Context::with_key(&self.key));
        let default_scope = wanted.authority.default_scope();
        hash.add(wanted.authority.token_endpoint().to_lowercase().as_bytes());
        hash.add(default_scope.as_bytes());
        hash.add(wanted.client_id.to_lowercase().as_bytes());
        let (credential, proof) = wanted.credential.map_or(("public", &[][..]), Credential::proof);
        hash.add(credential.as_bytes());
        hash.add(proof);
        let (grant, proof) = wanted.grant.proof();
        hash.add(grant.as_bytes());
        hash.add(wanted.grant.username().unwrap_or_default().to_lowercase().as_bytes());
        hash.add(proof);
        if wanted.scopes.is_empty() {
            hash.add(default_scope.to_ascii_lowercase().as_bytes());
        } else {
            hash.add(wanted.scopes.canonical().as_bytes());
        }
        hash.add(wanted.capabilities.as_bytes());
        hash.0.sign().as_ref().iter().fold(PREFIX.to_owned(), |mut name, byte| {
            let _ = write!(name, "{byte:02x}");
            name
        })
    }
}

/// A hash of a list of parts. The length of each part is hashed too, which keeps different lists apart.
struct Hash(Context);

impl Hash {
    fn add(&mut self, part: &[u8]) {
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::Authority;
    use crate::base::secret::Secret;
    use crate::request::grant::{ClientCredentials, Grant, OnBehalfOf, Password, RefreshToken};
    use crate::request::scope::Scopes;

    fn secret(text: &str) -> Secret {
        Secret::copy_of(text.as_bytes())
    }

    fn names(key: u8) -> RecordNames {
        RecordNames::new(&StoreKey::from_bytes(&[key; 32]).unwrap())
    }

    /// The settings of one caller, as text.
    #[derive(Clone, Copy)]
    struct Caller {
        key: u8,
        tenant: &'static str,
        client_id: &'static str,
        proof: &'static str,
        grant: &'static str,
        scopes: &'static str,
        capabilities: &'static str,
    }

    const CALLER: Caller = Caller {
        key: 1,
        tenant: "contoso.com",
        client_id: "11111111-1111-1111-1111-11111111111a",
        proof: "secret",
        grant: "",
        scopes: "",
        capabilities: "",
    };

    fn name(caller: Caller) -> String {
        let authority = Authority::new(caller.tenant, None, None).unwrap();
        let credential = match caller.proof.split_once(':') {
            Some(("assertion", text)) => Some(Credential::from_assertion(&secret(text)).unwrap()),
            _ if caller.proof.is_empty() => None,
            _ => Some(Credential::from_secret(secret(caller.proof)).unwrap()),
        };
        let grant: Box<dyn Grant> = match caller.grant.split_once(':') {
            Some(("assertion", token)) => Box::new(OnBehalfOf::new(&secret(token)).unwrap()),
            Some(("refresh", token)) => Box::new(RefreshToken::new(secret(token)).unwrap()),
            Some((user, password)) => Box::new(Password::new(user, secret(password)).unwrap()),
            None => Box::new(ClientCredentials),
        };
        names(caller.key).name(&Wanted {
            authority: &authority,
            client_id: caller.client_id,
            credential: credential.as_ref(),
            grant: &*grant,
            scopes: &Scopes::parse(caller.scopes).unwrap(),
            capabilities: caller.capabilities,
            refuses_older: false,
            clock_skew: 0,
        })
    }

    #[test]
    fn a_name_reveals_nothing() {
        let name = name(CALLER);
        let digits = name.strip_prefix(PREFIX).unwrap();
        assert_eq!(digits.len(), 64);
        assert!(digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn any_difference_gives_another_name() {
        let callers = [
            CALLER,
            Caller { key: 2, ..CALLER },
            Caller {
                tenant: "fabrikam.com",
                ..CALLER
            },
            Caller {
                tenant: "https://login.microsoftonline.us/contoso.com",
                ..CALLER
            },
            Caller {
                client_id: "22222222-1111-1111-1111-11111111111a",
                ..CALLER
            },
            Caller {
                proof: "other secret",
                ..CALLER
            },
            Caller { proof: "", ..CALLER },
            Caller {
                proof: "assertion:secret",
                ..CALLER
            },
            Caller {
                grant: "alice:password",
                ..CALLER
            },
            Caller {
                grant: "alice:other",
                ..CALLER
            },
            Caller {
                grant: "bob:password",
                ..CALLER
            },
            Caller {
                grant: "refresh:password",
                ..CALLER
            },
            Caller {
                grant: "refresh:other",
                ..CALLER
            },
            Caller {
                grant: "assertion:password",
                ..CALLER
            },
            Caller {
                grant: "assertion:other",
                ..CALLER
            },
            Caller {
                scopes: "User.Read",
                ..CALLER
            },
            Caller {
                scopes: "User.Read Mail.Read",
                ..CALLER
            },
            Caller {
                capabilities: "cp1",
                ..CALLER
            },
        ];
        let mut names: Vec<String> = callers.into_iter().map(name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), callers.len());
    }

    #[test]
    fn equivalent_settings_give_the_same_name() {
        for (one, other) in [
            (
                CALLER,
                Caller {
                    tenant: "Contoso.com",
                    ..CALLER
                },
            ),
            (
                CALLER,
                Caller {
                    client_id: "11111111-1111-1111-1111-11111111111A",
                    ..CALLER
                },
            ),
            (
                CALLER,
                Caller {
                    scopes: "https://graph.microsoft.com/.default",
                    ..CALLER
                },
            ),
            (
                Caller {
                    scopes: "User.Read Mail.Read",
                    ..CALLER
                },
                Caller {
                    scopes: "mail.read user.read",
                    ..CALLER
                },
            ),
            (
                Caller {
                    grant: "alice:p",
                    ..CALLER
                },
                Caller {
                    grant: "Alice:p",
                    ..CALLER
                },
            ),
        ] {
            assert_eq!(name(one), name(other));
        }
    }
}
