//! Files and packets of others: bytes in, rows out; and CSV out. No rule stands here but what a cell must look like.

pub mod csv_out;
pub mod delivery;
pub mod inert;
pub mod inventory;
pub mod people;
pub mod radius;
pub mod seeds;
