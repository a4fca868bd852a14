//! Headers of seed tables: which column says what. Case, blanks, dashes, underscores and brackets do not count.

use super::super::encoding::Encoding;
use super::super::{SeedFileFault, SeedFileWrong};

/// What a column can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Serial,
    Key,
    Encoding,
    Kind,
    Digits,
    Algorithm,
    Step,
    Counter,
    /// The counter of a HOTP token, the step of a TOTP token.
    CounterOrStep,
    User,
    Manufacturer,
    Model,
    Expires,
}

const NAMES: &[(Field, &str, &[&str])] = &[
    (
        Field::Serial,
        "serial",
        &[
            "serial",
            "serialnumber",
            "serialno",
            "tokenserial",
            "tokenserialnumber",
            "sn",
        ],
    ),
    (
        Field::Key,
        "key",
        &[
            "key",
            "secretkey",
            "secret",
            "seed",
            "otpkey",
            "tokenseed",
            "secretseed",
        ],
    ),
    (
        Field::Encoding,
        "encoding",
        &["encoding", "keyencoding", "secretencoding", "seedencoding"],
    ),
    (Field::Kind, "type", &["type", "tokentype", "otptype"]),
    (
        Field::Digits,
        "digits",
        &["digits", "length", "otplen", "otplength", "responselength"],
    ),
    (
        Field::Algorithm,
        "algorithm",
        &["algorithm", "hash", "hashlib", "hashalgorithm", "hashfunction"],
    ),
    (
        Field::Step,
        "time step",
        &[
            "timestep",
            "step",
            "timeinterval",
            "interval",
            "period",
            "timeintervalinseconds",
        ],
    ),
    (Field::Counter, "counter", &["counter", "count", "movingfactor"]),
    (
        Field::CounterOrStep,
        "counter or step",
        &["counterstep", "counterorstep", "countertimestep"],
    ),
    (
        Field::User,
        "user",
        &["upn", "user", "username", "userprincipalname", "owner", "login"],
    ),
    (Field::Manufacturer, "manufacturer", &["manufacturer", "vendor", "make"]),
    (Field::Model, "model", &["model", "devicemodel"]),
    (
        Field::Expires,
        "expires at",
        &["expiresat", "expires", "expiry", "expirydate", "expirationdate"],
    ),
];

impl Field {
    /// The word on the wire and in messages.
    pub(super) fn as_str(self) -> &'static str {
        let named = NAMES.iter().find(|(field, _, _)| *field == self);
        named.map_or("", |(_, name, _)| name)
    }

    fn of(bare: &str) -> Option<Self> {
        let named = NAMES.iter().find(|(_, _, names)| names.contains(&bare));
        named.map(|(field, _, _)| *field)
    }
}

/// The columns of a table.
#[derive(Debug)]
pub(super) struct Columns {
    fields: Vec<Option<Field>>,
    /// What the name of the key's column says.
    encoding: Option<Encoding>,
}

/// The cells of one row under their columns.
pub(super) struct Row<'a> {
    columns: &'a Columns,
    names: &'a [String],
    cells: &'a [String],
}

impl Columns {
    /// Whether a row looks like a header: it names a serial number or a key.
    pub(super) fn is_header(first: &[String]) -> bool {
        let named = |wanted| first.iter().any(|name| meaning(name).0 == Some(wanted));
        named(Field::Serial) || named(Field::Key)
    }

    pub(super) fn new(names: &[String], line: u64) -> Result<Self, SeedFileFault> {
        let mut fields: Vec<Option<Field>> = Vec::with_capacity(names.len());
        let mut encoding = None;
        for name in names {
            let (field, said) = meaning(name);
            if field.is_some() && fields.contains(&field) {
                let column = field.map(Field::as_str).unwrap_or_default();
                return Err(SeedFileFault::of(line, column, SeedFileWrong::ColumnTwice { column }));
            }
            encoding = encoding.or(said);
            fields.push(field);
        }
        Ok(Self { fields, encoding })
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.fields.contains(&Some(field))
    }

    pub(super) const fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    pub(super) fn meanings(&self, names: &[String]) -> Vec<(String, &'static str)> {
        let meanings = self.fields.iter().map(|field| field.map_or("ignored", Field::as_str));
        names.iter().cloned().zip(meanings).collect()
    }

    pub(super) const fn of_row<'a>(&'a self, names: &'a [String], cells: &'a [String]) -> Row<'a> {
        Row {
            columns: self,
            names,
            cells,
        }
    }
}

impl<'a> Row<'a> {
    /// The column of a field as the file calls it, and its cell; the cell is empty when there is no such column.
    pub(super) fn get(&self, field: Field) -> (&'a str, &'a str) {
        let place = self.columns.fields.iter().position(|one| *one == Some(field));
        place.map_or((field.as_str(), ""), |place| {
            let name = self.names.get(place).map_or(field.as_str(), String::as_str);
            (name, super::cell(self.cells, place))
        })
    }

    pub(super) const fn encoding_of_header(&self) -> Option<Encoding> {
        self.columns.encoding()
    }
}

/// What a name means, and which encoding it says.
fn meaning(name: &str) -> (Option<Field>, Option<Encoding>) {
    let bare: String = name
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    if let Some(field) = Field::of(&bare) {
        return (Some(field), None);
    }
    let said = [
        ("hexadecimal", Encoding::Hex),
        ("hex", Encoding::Hex),
        ("base32", Encoding::Base32),
        ("b32", Encoding::Base32),
    ];
    for (word, encoding) in said {
        let key = bare.strip_suffix(word).or_else(|| bare.strip_prefix(word));
        if key.is_some_and(|key| key.is_empty() || Field::of(key) == Some(Field::Key)) {
            return (Some(Field::Key), Some(encoding));
        }
    }
    (None, None)
}
