//! Wire types of the REST API: what server, console and command line say to each other, and nothing else.
//!
//! Requests refuse unknown fields; answers may grow. Conversions to the rules' own types stand in the server.

mod account;
mod administrator;
mod api_token;
mod approval;
mod audit;
mod bulk;
#[cfg(feature = "client")]
pub mod client;
mod configuration;
mod download;
mod events;
pub mod headers;
mod import;
mod initial_pin;
mod job;
mod otp_token;
mod overview;
mod page;
mod passkey;
mod policy;
mod problem;
mod radius_client;
mod role;
mod security_key;
mod security_key_command;
mod session;
mod settings;
mod setup;
mod sign_in;
mod tenant;
mod time;
mod user;
mod verification;

pub use account::{AccountChange, AccountSession, PasswordChange};
pub use administrator::{Administrator, AdministratorChange, AdministratorDraft, AdministratorSession, Invitation};
pub use api_token::{ApiToken, ApiTokenDraft, ApiTokenStopped, NewApiToken};
pub use approval::{Approval, ApprovalDraft, ApprovalKind, ApprovalParty, ApprovalStatus, SecurityKeyRef};
pub use audit::{
    Acknowledged, Acknowledgement, AttentionEvent, AuditActor, AuditCheckpoint, AuditEvent, AuditHead, AuditObject,
    AuditProblem, AuditVerification,
};
pub use bulk::{Bulk, BulkAction, BulkCount, Selection};
pub use configuration::{
    Configuration, Configure, ConfirmConfiguration, CredentialState, Enroll, Observation, Observations, PinState,
    PolicyToWrite, ReadBack, Reinstate, ReinstateInto,
};
pub use download::{Download, DownloadSystem};
pub use events::{ChangeNotice, Changes};
pub use import::{
    Import, ImportColumn, ImportCounts, ImportError, ImportKind, ImportMode, ImportRow, ImportStatus, ImportTokenRow,
};
pub use initial_pin::{
    DeviceType, ExtendInitialPin, InitialPin, InitialPinDetail, InitialPinState, PinField, ShowInitialPin,
    ShownInitialPin,
};
pub use job::{Job, JobResult, JobStatus, Progress};
pub use otp_token::{
    Compromise, EmergencyCode, EmergencyCodes, FoundOtpTokens, NewEmergencyCodes, OtpAlgorithm, OtpBulk, OtpBulkAction,
    OtpToken, OtpTokenCounts, OtpTokenDraft, OtpTokenStatus, OtpType, Resync, Resynchronised, SeedEncoding, ShownOtp,
};
pub use overview::{Attention, Overview, OverviewCounts, OverviewSlice};
pub use page::{Page, Total};
pub use passkey::{Ceremony, CeremonyAnswer, Passkey, PasskeyRegistration};
pub use policy::{NewPolicy, PinKind, Policy, PolicyDraft, PolicyType, PolicyVersion};
pub use problem::{FieldError, Problem, ProblemKind};
pub use radius_client::{RadiusClient, RadiusClientChange, RadiusClientDraft, RadiusClients};
pub use role::{Role, RoleDraft};
pub use security_key::{
    BatchRef, IdentityProviderState, InventoryCounts, MailDelivery, MailDeliveryState, NotifyHindrance, PolicyRef,
    RevocationPreview, SecurityKey, SecurityKeyCounts, SecurityKeyEvent, SecurityKeyMode, SecurityKeyStatus,
    StockCounts, UserRef,
};
pub use security_key_command::{
    Assign, ConfirmRemoved, LinkPolicy, NoArguments, Quarantine, Release, RevocationReason, Revoke,
};
pub use session::{
    Credentials, Session, SessionAdministrator, SessionChange, SessionTenant, SignInMethod, StepUp, TenantGrant,
};
pub use settings::{
    MailChange, MailEncryption, MailSettings, MailTest, MailTested, PinSettings, PinSettingsChange, RetentionChange,
    RetentionSettings, SessionSettings, SessionSettingsChange, Settings, SettingsChange, VerificationChange,
    VerificationSettings,
};
pub use setup::{Setup, SetupLink, SetupLinkQuestion, SetupPasskey, SetupState};
pub use sign_in::{OidcDraft, OidcSettings, OidcTest, OidcTested, SignInMethods, SignInProvider};
pub use tenant::{Tenant, TenantChange, TenantDraft};
pub use time::Time;
pub use user::{User, UserDraft, UserImport, UserImportCounts, UserImportRow, UserStatus};
pub use verification::{OtpVerification, OtpVerificationReason, OtpVerified};
