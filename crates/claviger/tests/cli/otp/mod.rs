//! OTP tokens at real processes: no code is believed twice, however many send it at once and whoever is killed.

mod bombs;
mod kills;
mod once;
mod tokens;
