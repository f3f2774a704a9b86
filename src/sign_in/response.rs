//! The authorization response: what a browser brings from the authority (RFC 6749 section 4.1.2).

use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::authority::Authority;
use crate::base::percent_encoding::byte_of;
use crate::base::secret::Secret;

/// What an answer is compared with.
#[derive(Debug)]
pub struct Expected {
    /// What the authority has to repeat.
    pub state: Secret,
    /// Who answers.
    pub authority: Authority,
    /// Whether an answer must name its issuer (RFC 9207 section 2.4).
    pub requires_issuer: bool,
}

/// What the authority answers.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// The user has signed in.
    Code(Secret),
    /// Why there is no code.
    Refusal {
        /// The OAuth error (RFC 6749 section 4.1.2.1).
        error: String,
        /// What the service says about it.
        description: String,
    },
    /// It comes from another authority than it should (RFC 9207 section 2.4).
    OtherIssuer,
}

/// Why a request is no answer to this sign-in. The wait for the right one goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// It is not a form, or a parameter stands in it twice.
    Malformed,
    /// It belongs to another sign-in, or to none.
    WrongState,
}

/// Reads an answer: the fields of a form or of a query. Nothing in it is believed before its state is the right one.
pub fn read(fields: &[u8], expected: &Expected) -> Result<Answer, NoAnswer> {
    let fields = Fields::read(fields).ok_or(NoAnswer::Malformed)?;
    let state = fields.only("state")?.ok_or(NoAnswer::WrongState)?;
    if verify_slices_are_equal(state.expose(), expected.state.expose()).is_err() {
        return Err(NoAnswer::WrongState);
    }
    let [code, error, issuer, description] = [
        fields.only("code")?,
        fields.only("error")?,
        fields.only("iss")?,
        fields.only("error_description")?,
    ];
    if code.is_some() == error.is_some() {
        return Err(NoAnswer::Malformed);
    }
    let is_own = match issuer.and_then(Secret::expose_text) {
        Some(issuer) => expected.authority.is_issuer(issuer, None),
        None => issuer.is_none() && !expected.requires_issuer,
    };
    let text = |field: &Secret| String::from_utf8_lossy(field.expose()).into_owned();
    Ok(match (code, error) {
        _ if !is_own => Answer::OtherIssuer,
        (Some(code), _) => Answer::Code(code.clone()),
        (None, error) => Answer::Refusal {
            error: error.map(text).unwrap_or_default(),
            description: description.map(text).unwrap_or_default(),
        },
    })
}

/// Decoded fields of a form. All are handled as secrets, because a code is among them.
struct Fields(Vec<(Secret, Secret)>);

impl Fields {
    fn read(form: &[u8]) -> Option<Self> {
        let pairs = form.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        let field = |pair: &[u8]| {
            let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let value = pair.get(end + 1..).unwrap_or_default();
            Some((decoded(&pair[..end])?, decoded(value)?))
        };
        pairs.map(field).collect::<Option<_>>().map(Self)
    }

    /// The value of the field, if it is there and not empty. It must not be there twice (RFC 6749 section 3.1).
    fn only(&self, name: &str) -> Result<Option<&Secret>, NoAnswer> {
        let mut values = self.0.iter().filter(|(known, _)| known.expose() == name.as_bytes());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(NoAnswer::Malformed),
            (first, None) => Ok(first.map(|(_, value)| value).filter(|value| !value.is_empty())),
        }
    }
}

/// `text` without the encoding of `application/x-www-form-urlencoded`; `None` unless it is that of UTF-8.
fn decoded(text: &[u8]) -> Option<Secret> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, others)) = rest.split_first() {
        rest = others;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => {
                let (digits, after) = rest.split_first_chunk()?;
                rest = after;
                byte_of(*digits)?
            }
            byte => byte,
        });
    }
    let decoded = Secret::new(bytes);
    decoded.expose_text().is_some().then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_with(fields: &str, is_required: bool) -> Result<Answer, NoAnswer> {
        let expected = Expected {
            state: Secret::copy_of(b"right"),
            authority: Authority::new("https://fs.contoso.com/adfs", None, None).unwrap(),
            requires_issuer: is_required,
        };
        read(fields.as_bytes(), &expected)
    }

    fn code(code: &str) -> Answer {
        Answer::Code(Secret::copy_of(code.as_bytes()))
    }

    #[test]
    fn a_code_comes_with_the_right_state() {
        for (fields, expected) in [
            ("code=a%20b%2B&state=right", Ok(code("a b+"))),
            ("state=right&x=1&code=a+b&session_state=2", Ok(code("a b"))),
            (
                "code=c&state=right&iss=https%3A%2F%2Ffs.contoso.com%2Fadfs",
                Ok(code("c")),
            ),
            ("code=c&state=wrong", Err(NoAnswer::WrongState)),
            ("code=c&state=", Err(NoAnswer::WrongState)),
            ("code=c", Err(NoAnswer::WrongState)),
            ("", Err(NoAnswer::WrongState)),
            ("error=access_denied&state=wrong", Err(NoAnswer::WrongState)),
            ("error=access_denied", Err(NoAnswer::WrongState)),
            ("state=right", Err(NoAnswer::Malformed)),
            ("code=&state=right", Err(NoAnswer::Malformed)),
            ("code=c&error=e&state=right", Err(NoAnswer::Malformed)),
            ("code=c&code=d&state=right", Err(NoAnswer::Malformed)),
            ("code=c&code=&state=right", Err(NoAnswer::Malformed)),
            ("code=c&state=right&state=right", Err(NoAnswer::Malformed)),
            ("error=e&error=f&state=right", Err(NoAnswer::Malformed)),
            (
                "code=c&state=right&iss=https%3A%2F%2Ffs.contoso.com%2Fadfs&iss=x",
                Err(NoAnswer::Malformed),
            ),
            ("code=%4&state=right", Err(NoAnswer::Malformed)),
            ("code=%zz&state=right", Err(NoAnswer::Malformed)),
            ("code=%ff&state=right", Err(NoAnswer::Malformed)),
        ] {
            assert_eq!(read_with(fields, false), expected, "{fields}");
        }
    }

    #[test]
    fn a_refusal_says_why() {
        let refusal = |error: &str, description: &str| {
            Ok(Answer::Refusal {
                error: error.to_owned(),
                description: description.to_owned(),
            })
        };
        let fields = "error=access_denied&error_description=AADSTS65004%3A+no&state=right";
        assert_eq!(read_with(fields, false), refusal("access_denied", "AADSTS65004: no"));
        assert_eq!(read_with("error=e&state=right", false), refusal("e", ""));
    }

    #[test]
    fn another_issuer_is_told_from_a_missing_one() {
        let other = "code=c&state=right&iss=https%3A%2F%2Fother";
        assert_eq!(read_with(other, false), Ok(Answer::OtherIssuer));
        assert_eq!(read_with("error=e&state=right&iss=x", false), Ok(Answer::OtherIssuer));
        assert_eq!(read_with("code=c&state=right", true), Ok(Answer::OtherIssuer));
        assert_eq!(
            read_with("code=c&state=right&iss=https%3A%2F%2Ffs.contoso.com%2Fadfs", true),
            Ok(code("c"))
        );
    }
}
