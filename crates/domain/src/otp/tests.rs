//! What holds of tokens.

mod vectors;
