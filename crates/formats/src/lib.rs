//! Files of others: bytes in, rows out; and CSV out. No rule about keys stands here but what a cell must look like.

pub mod csv_out;
pub mod delivery;
pub mod inert;
pub mod inventory;
