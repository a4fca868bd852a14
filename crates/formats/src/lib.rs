//! claviger-formats
