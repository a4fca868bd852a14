//! claviger-domain
