//! The rules of the product: values in, values out. Nothing here does I/O, waits, reads a clock, draws
//! randomness, or knows SQL or a wire format; time and every outside fact come in as arguments.
#![warn(clippy::arithmetic_side_effects)]

pub mod approval;
pub mod delivery;
pub mod fido_version;
pub mod ids;
pub mod otp;
pub mod pin;
pub mod policy;
pub mod privilege;
pub mod revision;
pub mod role;
pub mod security_key;
pub mod serial_number;
pub mod text;
pub mod timestamp;
pub mod user;
mod words;

pub use fido_version::FidoVersion;
pub use ids::{
    AdministratorId, ApiTokenId, ApprovalId, AuditEventId, BatchId, DownloadId, JobId, OtpTokenId, PasskeyId, PolicyId,
    RoleId, SecurityKeyId, SessionId, TenantId, UserId,
};
pub use privilege::{Privilege, PrivilegeSet};
pub use revision::Revision;
pub use role::{BuiltInRole, CustomRole, Role};
pub use serial_number::SerialNumber;
pub use timestamp::Timestamp;
