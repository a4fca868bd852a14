//! Commands as people and scripts give them, on a bench.

mod asking;
mod finding;
mod looking;
