//! claviger-api
