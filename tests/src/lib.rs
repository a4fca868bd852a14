//! tests
#![cfg(test)]
