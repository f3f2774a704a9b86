//! A stand-in for the token endpoint of Microsoft Entra ID, for demos, tests and continuous integration.
//!
//! It checks what the service checks and answers in the service's words: signature, algorithm, thumbprint, audience,
//! times, issuer and replay of a client assertion, client secrets, passwords, refresh tokens, scopes. It shares no
//! code with the engine, so that an error in one of them cannot hide in the other. [`run`] is the whole of it;
//! [`Settings`] is its command line.
//!
//! From the top down, each folder uses only those below it: `serve` is the process and its addresses; `check` refuses
//! and `fault` spoils; `identity` serves machines; `issue` makes tokens and remembers refresh tokens; `request` is what was asked for; `answer` is
//! what goes back, and `directory` knows tenants, applications and users.

mod answer;
mod check;
mod clock;
mod directory;
mod fault;
mod identity;
mod issue;
mod request;
mod serve;
mod settings;
mod start_error;

pub use serve::run;
pub use settings::Settings;
pub use start_error::StartError;
