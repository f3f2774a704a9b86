//! Serializes a token with its user's tokens for another process.

use std::sync::Arc;
use std::time::SystemTime;

use zeroize::Zeroizing;

use crate::base::clock::{from_unix_seconds, unix_seconds};
use crate::base::secret::Secret;
use crate::token::{Holder, Token, UserTokens, bad_character};

/// Writes `token` as fields in a fixed order, each after its length. The bytes contain secrets.
pub fn write(token: &Token) -> Zeroizing<Vec<u8>> {
    let expires_on = unix_seconds(token.expires_on).to_le_bytes();
    let refresh_on = token.refresh_on.map(|time| unix_seconds(time).to_le_bytes());
    let user = token.user.as_deref();
    let fields = [
        Some(token.access_token.expose()),
        Some(token.scopes.as_bytes()),
        Some(token.holder.tenant_id.as_bytes()),
        Some(token.holder.client_id.as_bytes()),
        Some(&expires_on),
        refresh_on.as_ref().map(<[u8; 8]>::as_slice),
        user.map(|user| user.username.as_bytes()),
        user.and_then(|user| user.refresh_token.as_ref()).map(Secret::expose),
        user.and_then(|user| user.id_token.as_ref()).map(Secret::expose),
        user.and_then(|user| user.client_info.as_deref()).map(str::as_bytes),
    ];
    // The capacity suffices for all fields: a growing buffer leaves copies of the token in memory.
    let length = fields.iter().map(|field| 4 + field.map_or(0, <[u8]>::len)).sum();
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    for field in fields {
        let length = field.map_or(NONE, |field| u32::try_from(field.len()).unwrap_or(NONE));
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(field.unwrap_or_default());
    }
    bytes
}

/// Reads what [`write`] wrote; `None` for anything else.
pub fn read(bytes: &[u8]) -> Option<Token> {
    let mut fields = Fields(bytes);
    let token = fields.token().ok()?;
    let is_all = fields.0.is_empty();
    (is_all && is_possible(&token)).then_some(token)
}

/// Whether no part of it would end a header.
fn is_possible(token: &Token) -> bool {
    let of_user = [token.refresh_token(), token.id_token()];
    let mut all = of_user.into_iter().flatten().chain([&token.access_token]);
    all.all(|token| bad_character(token).is_none())
}

/// The length of a missing field.
const NONE: u32 = u32::MAX;

/// The bytes that are left to read.
struct Fields<'a>(&'a [u8]);

/// The bytes are not those that [`write`] wrote.
struct Damaged;

impl<'a> Fields<'a> {
    fn token(&mut self) -> Result<Token, Damaged> {
        let access_token = Secret::copy_of(self.required()?);
        let scopes = text(self.required()?)?.into();
        let holder = Holder {
            tenant_id: text(self.required()?)?.to_owned(),
            client_id: text(self.required()?)?.to_owned(),
        };
        let expires_on = time(self.required()?)?;
        let refresh_on = self.next()?.map(time).transpose()?;
        let username = self.next()?.map(text).transpose()?;
        let refresh_token = self.next()?.map(Secret::copy_of);
        let id_token = self.next()?.map(Secret::copy_of);
        let client_info = self.next()?.map(text).transpose()?;
        let user = username.map(|username| {
            Box::new(UserTokens {
                refresh_token,
                id_token,
                username: username.to_owned(),
                client_info: client_info.map(str::to_owned),
                family: None,
            })
        });
        Ok(Token {
            access_token,
            scopes,
            holder: Arc::new(holder),
            user,
            expires_on,
            refresh_on,
            correlation_id: None,
        })
    }

    fn required(&mut self) -> Result<&'a [u8], Damaged> {
        self.next()?.ok_or(Damaged)
    }

    /// The next field; `None` if it is missing.
    fn next(&mut self) -> Result<Option<&'a [u8]>, Damaged> {
        let (length, rest) = self.0.split_first_chunk().ok_or(Damaged)?;
        self.0 = rest;
        let length = u32::from_le_bytes(*length);
        if length == NONE {
            return Ok(None);
        }
        let length = usize::try_from(length).map_err(|_| Damaged)?;
        let (field, rest) = rest.split_at_checked(length).ok_or(Damaged)?;
        self.0 = rest;
        Ok(Some(field))
    }
}

fn text(bytes: &[u8]) -> Result<&str, Damaged> {
    std::str::from_utf8(bytes).map_err(|_| Damaged)
}

fn time(bytes: &[u8]) -> Result<SystemTime, Damaged> {
    let bytes = bytes.try_into().map_err(|_| Damaged)?;
    Ok(from_unix_seconds(i64::from_le_bytes(bytes)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn application_token() -> Token {
        Token {
            access_token: Secret::copy_of(b"the-access-token"),
            scopes: "https://graph.microsoft.com/.default".into(),
            holder: Arc::new(Holder {
                tenant_id: "contoso.com".to_owned(),
                client_id: "a client".to_owned(),
            }),
            user: None,
            expires_on: from_unix_seconds(1_800_003_600),
            refresh_on: None,
            correlation_id: None,
        }
    }

    pub(crate) fn user_token() -> Token {
        Token {
            user: Some(Box::new(UserTokens {
                refresh_token: Some(Secret::copy_of(b"the-refresh-token")),
                id_token: None,
                username: "al\u{ef}ce@contoso.com".to_owned(),
                client_info: Some("eyJ1aWQi".to_owned()),
                family: None,
            })),
            refresh_on: Some(from_unix_seconds(1_800_001_800)),
            ..application_token()
        }
    }

    #[test]
    fn what_was_written_is_read() {
        for token in [application_token(), user_token()] {
            let read = read(&write(&token)).unwrap();
            assert_eq!(format!("{read:?}"), format!("{token:?}"));
            assert_eq!(read.access_token, token.access_token);
            assert_eq!(read.refresh_token(), token.refresh_token());
            assert_eq!(read.id_token(), token.id_token());
        }
    }

    #[test]
    fn a_token_with_a_line_break_is_not_read() {
        let access_token = Secret::copy_of(b"token\r\nX-Injected: 1");
        let token = Token {
            access_token,
            ..user_token()
        };
        assert!(read(&write(&token)).is_none());
    }

    #[test]
    fn nothing_else_is_read() {
        let bytes = write(&user_token());
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).is_none(), "truncated at {length}");
        }
        assert!(read(&[&bytes[..], b"x"].concat()).is_none());
        // Damage does not panic either.
        for index in 0..bytes.len() {
            let mut damaged = bytes.to_vec();
            damaged[index] ^= 0xff;
            let _ = read(&damaged);
        }
    }

    #[test]
    fn the_buffer_never_grew() {
        let bytes = write(&user_token());
        assert_eq!(bytes.len(), bytes.capacity());
    }
}
