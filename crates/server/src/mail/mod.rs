//! Mail to users: put down with the change, written in the user's language, sent beside the requests.

mod tls;

pub(crate) use tls::certificates;

/// Languages that mail is written in; the first serves where none fits.
pub const LANGUAGES: [&str; 3] = ["en", "cs", "de"];
