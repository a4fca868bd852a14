//! `authenticatorGetInfo`: CTAP §6.4.

use super::Body;
use super::cbor::{Entries, Fault, Fields, Member, Value};
use super::entities::Parameter;

/// What an authenticator says of itself. Members that CTAP 2.0 does not have are absent from older keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Info {
    /// `FIDO_2_0`, `FIDO_2_1_PRE`, `FIDO_2_1`, `FIDO_2_2`, `U2F_V2`.
    pub versions: Vec<String>,
    /// Names of the extensions.
    pub extensions: Vec<String>,
    /// The model.
    pub aaguid: [u8; 16],
    /// What it can do, and what is set up; see [`Info::option`].
    pub options: Vec<(String, bool)>,
    /// The longest message in bytes.
    pub max_msg_size: Option<u32>,
    /// PIN/UV auth protocols, the preferred one first.
    pub pin_uv_auth_protocols: Vec<u8>,
    /// Credentials that fit in a list.
    pub max_credential_count_in_list: Option<u32>,
    /// Length of the longest credential id in bytes.
    pub max_credential_id_length: Option<u32>,
    /// `usb`, `nfc`, `ble`, `internal`, `smart-card`.
    pub transports: Vec<String>,
    /// Algorithms for credentials, the preferred one first.
    pub algorithms: Vec<Parameter>,
    /// Bytes that the large-blob array can have.
    pub max_serialized_large_blob_array: Option<u32>,
    /// The PIN has to be changed before it is good for anything.
    pub force_pin_change: Option<bool>,
    /// The shortest PIN in code points; 4 where nothing is said.
    pub min_pin_length: Option<u32>,
    /// The version of the firmware; its meaning is the vendor's.
    pub firmware_version: Option<u64>,
    /// Length of the longest `credBlob` in bytes.
    pub max_cred_blob_length: Option<u32>,
    /// Relying parties that `setMinPINLength` takes.
    pub max_rpids_for_set_min_pin_length: Option<u32>,
    /// How often a platform should try the built-in verification before it asks for the PIN.
    pub preferred_platform_uv_attempts: Option<u32>,
    /// Kinds of verification, as bits of the FIDO registry.
    pub uv_modality: Option<u64>,
    /// Certifications and their levels.
    pub certifications: Vec<(String, u64)>,
    /// How many discoverable credentials still fit.
    pub remaining_discoverable_credentials: Option<u32>,
    /// Commands that `vendorPrototype` takes; none when it is not there, which differs from an empty list.
    pub vendor_prototype_config_commands: Option<Vec<u64>>,
    /// CTAP 2.2: formats of attestation, the preferred one first.
    pub attestation_formats: Vec<String>,
    /// CTAP 2.2: a reset asks for a long touch.
    pub long_touch_for_reset: Option<bool>,
    /// CTAP 2.2: transports over which a reset is taken.
    pub transports_for_reset: Vec<String>,
    /// CTAP 2.2: PINs have to follow a rule beyond their length.
    pub pin_complexity_policy: Option<bool>,
    /// CTAP 2.2: where the rule is written.
    pub pin_complexity_policy_url: Option<Vec<u8>>,
    /// CTAP 2.2: the longest PIN in code points.
    pub max_pin_length: Option<u32>,
    /// Members that nobody here knows.
    pub others: Vec<(Value, Value)>,
}

impl Info {
    /// An option, such as `clientPin`: absent means that the key does not have it (CTAP §6.4).
    #[must_use]
    pub fn option(&self, name: &str) -> Option<bool> {
        self.options.iter().find(|(own, _)| own == name).map(|(_, set)| *set)
    }

    /// Whether a version such as `FIDO_2_1` is among those it speaks.
    #[must_use]
    pub fn speaks(&self, version: &str) -> bool {
        self.versions.iter().any(|own| own == version)
    }

    /// Whether it has an extension.
    #[must_use]
    pub fn extends(&self, extension: &str) -> bool {
        self.extensions.iter().any(|own| own == extension)
    }
}

impl Body for Info {
    fn to_value(&self) -> Value {
        let vendor = self.vendor_prototype_config_commands.as_ref();
        let entries = Entries::default()
            .put(0x01, Value::array(&self.versions))
            .put_list(0x02, &self.extensions)
            .put(0x03, self.aaguid)
            .put_some(0x04, pairs(&self.options))
            .put_some(0x05, self.max_msg_size)
            .put_list(0x06, self.pin_uv_auth_protocols.iter().copied())
            .put_some(0x07, self.max_credential_count_in_list)
            .put_some(0x08, self.max_credential_id_length)
            .put_list(0x09, &self.transports)
            .put_list(0x0A, self.algorithms.iter().map(Body::to_value))
            .put_some(0x0B, self.max_serialized_large_blob_array)
            .put_some(0x0C, self.force_pin_change)
            .put_some(0x0D, self.min_pin_length)
            .put_some(0x0E, self.firmware_version)
            .put_some(0x0F, self.max_cred_blob_length)
            .put_some(0x10, self.max_rpids_for_set_min_pin_length)
            .put_some(0x11, self.preferred_platform_uv_attempts)
            .put_some(0x12, self.uv_modality)
            .put_some(0x13, pairs(&self.certifications))
            .put_some(0x14, self.remaining_discoverable_credentials)
            .put_some(0x15, vendor.map(|commands| Value::array(commands.iter().copied())));
        entries
            .put_list(0x16, &self.attestation_formats)
            .put_some(0x18, self.long_touch_for_reset)
            .put_list(0x1A, &self.transports_for_reset)
            .put_some(0x1B, self.pin_complexity_policy)
            .put_some(0x1C, self.pin_complexity_policy_url.as_ref())
            .put_some(0x1D, self.max_pin_length)
            .put_all(&self.others)
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        let has_vendor = fields.has(0x15);
        let vendor = fields.list(0x15, "vendorPrototypeConfigCommands (0x15)")?;
        Ok(Self {
            versions: fields.need_list(0x01, "versions (0x01)")?,
            extensions: fields.list(0x02, "extensions (0x02)")?,
            aaguid: fields.need(0x03, "aaguid (0x03)")?,
            options: named(fields, 0x04, "options (0x04)")?,
            max_msg_size: fields.take(0x05, "maxMsgSize (0x05)")?,
            pin_uv_auth_protocols: fields.list(0x06, "pinUvAuthProtocols (0x06)")?,
            max_credential_count_in_list: fields.take(0x07, "maxCredentialCountInList (0x07)")?,
            max_credential_id_length: fields.take(0x08, "maxCredentialIdLength (0x08)")?,
            transports: fields.list(0x09, "transports (0x09)")?,
            algorithms: fields.list(0x0A, "algorithms (0x0A)")?,
            max_serialized_large_blob_array: fields.take(0x0B, "maxSerializedLargeBlobArray (0x0B)")?,
            force_pin_change: fields.take(0x0C, "forcePINChange (0x0C)")?,
            min_pin_length: fields.take(0x0D, "minPINLength (0x0D)")?,
            firmware_version: fields.take(0x0E, "firmwareVersion (0x0E)")?,
            max_cred_blob_length: fields.take(0x0F, "maxCredBlobLength (0x0F)")?,
            max_rpids_for_set_min_pin_length: fields.take(0x10, "maxRPIDsForSetMinPINLength (0x10)")?,
            preferred_platform_uv_attempts: fields.take(0x11, "preferredPlatformUvAttempts (0x11)")?,
            uv_modality: fields.take(0x12, "uvModality (0x12)")?,
            certifications: named(fields, 0x13, "certifications (0x13)")?,
            remaining_discoverable_credentials: fields.take(0x14, "remainingDiscoverableCredentials (0x14)")?,
            vendor_prototype_config_commands: has_vendor.then_some(vendor),
            attestation_formats: fields.list(0x16, "attestationFormats (0x16)")?,
            long_touch_for_reset: fields.take(0x18, "longTouchForReset (0x18)")?,
            transports_for_reset: fields.list(0x1A, "transportsForReset (0x1A)")?,
            pin_complexity_policy: fields.take(0x1B, "pinComplexityPolicy (0x1B)")?,
            pin_complexity_policy_url: fields.take(0x1C, "pinComplexityPolicyURL (0x1C)")?,
            max_pin_length: fields.take(0x1D, "maxPINLength (0x1D)")?,
            others: fields.rest(),
        })
    }
}

fn pairs<T: Clone + Into<Value>>(pairs: &[(String, T)]) -> Option<Value> {
    let entries = pairs.iter().fold(Entries::default(), |entries, (name, value)| {
        entries.put(name, value.clone())
    });
    entries.value_unless_empty()
}

/// A map from names to something. Whatever is not named by a text is passed over.
fn named<T: Member>(fields: &mut Fields, key: u8, name: &'static str) -> Result<Vec<(String, T)>, Fault> {
    let Some(value) = fields.take::<Value>(key, name)? else {
        return Ok(Vec::new());
    };
    let entries = Fields::of(value, name)?.rest().into_iter();
    let named = entries.filter_map(|(key, value)| key.as_text().map(|key| (key.to_owned(), value)));
    named.map(|(key, value)| Ok((key, T::of(value, name)?))).collect()
}
