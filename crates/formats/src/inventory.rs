//! The columns of an exported list of keys, known to the export that writes them and to the import that reads them back.

/// The column that holds all attributes of a key as a JSON object of texts.
pub const ATTRIBUTES: &str = "attributes";

/// The columns: those that an import needs come first, so that the file comes back in.
pub const COLUMNS: [&str; 19] = [
    "deviceName",
    "serialNumber",
    "version",
    "status",
    "mode",
    "policy",
    "policyVersion",
    "userName",
    "aaguid",
    "identityProvider",
    "firmware",
    "generation",
    "locked",
    "drift",
    "batch",
    "imported",
    "updated",
    "lastSeen",
    ATTRIBUTES,
];
