//! The reviewed list of operations that anybody may call.

/// Operation and reason; a test compares it with what is mounted.
pub const REVIEWED: &[(&str, &str)] = &[];
