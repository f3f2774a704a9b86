//! The foundation of the engine: errors, secrets, time, threads. It knows neither tokens nor HTTP.

pub mod algorithm;
pub mod cancel;
pub mod clock;
pub mod correlation_id;
pub mod digest;
pub mod error;
pub mod handoff;
pub mod invisible;
pub mod jitter;
pub mod json;
pub mod loopback;
pub mod parameter;
pub mod pasted;
pub mod percent_encoding;
pub mod quote;
pub mod redaction;
pub mod regular_file;
pub mod secret;
pub mod secret_form;
pub mod short_list;
pub mod shown_path;
pub mod surface;
pub mod sync;
pub mod text;
pub mod time_limited;
