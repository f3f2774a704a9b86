//! The options of a sign-in in a browser.

use crate::base::parameter;
use crate::client::options::row::{Documentation, OptionRow, Scope};
use crate::client::options::value;

pub(super) const REDIRECT_PORT: OptionRow = OptionRow::new(
    &parameter::REDIRECT_PORT,
    Documentation {
        scope: Scope::SignIn,
        meaning: "The port of this machine that the browser brings the answer to. One that is forwarded from another machine, on which the browser runs, must be known before.",
        values: "1 to 65535",
        default: "any that is free",
        since: "0.1.0",
    },
    |options, text| {
        options.sign_in.redirect_port = Some(value::port(&parameter::REDIRECT_PORT, text)?);
        Ok(())
    },
);

pub(super) const REDIRECT_HOST: OptionRow = OptionRow::new(
    &parameter::REDIRECT_HOST,
    Documentation {
        scope: Scope::SignIn,
        meaning: "The name of this machine in the redirect URI, as it is registered for the application.",
        values: "`localhost` or `127.0.0.1`",
        default: "that of the kind of authority: `localhost`, or `127.0.0.1` at AD FS and OpenID Connect issuers",
        since: "0.1.0",
    },
    |options, text| {
        options.sign_in.redirect_host = Some(value::redirect_host(text)?);
        Ok(())
    },
);

pub(super) const LOGIN_HINT: OptionRow = OptionRow::new(
    &parameter::LOGIN_HINT,
    Documentation {
        scope: Scope::SignIn,
        meaning: "The sign-in name of the user who is expected.",
        values: "a name such as `user@contoso.com`",
        default: "none",
        since: "0.1.0",
    },
    |options, text| {
        options.sign_in.login_hint = Some(text.to_owned()).filter(|text| !text.is_empty());
        Ok(())
    },
);

pub(super) const PROMPT: OptionRow = OptionRow::new(
    &parameter::PROMPT,
    Documentation {
        scope: Scope::SignIn,
        meaning: "What the user is shown: the accounts to choose from, the fields for name and password, what the application may do, or nothing, so that the sign-in fails if the user would have to act.",
        values: "`select_account`, `login`, `consent` or `none`",
        default: "the accounts, or with a login hint what the service chooses",
        since: "0.1.0",
    },
    |options, text| {
        options.sign_in.prompt = Some(value::prompt(text)?);
        Ok(())
    },
);
