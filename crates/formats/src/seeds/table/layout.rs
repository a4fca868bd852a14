//! Which layout a table has, by its header or first row.

use super::super::given::kind;
use super::super::{SeedFileFault, SeedFileWrong, SeedFormat};
use super::{Columns, columns::Field, yubico};

/// A layout.
#[derive(Debug)]
pub(super) enum Layout {
    /// `serial,key,type,digits,counter|step` under a header.
    Oath(Columns),
    /// The same without one.
    BareOath,
    /// `upn,serial number,secret key,time interval,manufacturer,model`.
    Entra(Columns),
    /// A log of Yubico's tool.
    Yubico,
    /// `owner, serial, otpkey, type, otplen, timestep`.
    PrivacyIdea,
}

impl Layout {
    /// Looks at the first row that is not blank.
    pub(super) fn of(first: &[String], line: u64, said: Option<SeedFormat>) -> Result<Self, SeedFileFault> {
        let layout = match said {
            None => Self::found(first, line)?,
            Some(SeedFormat::EntraCsv) => Self::Entra(Columns::new(first, line)?),
            Some(SeedFormat::OathCsv) if Columns::is_header(first) => Self::Oath(Columns::new(first, line)?),
            Some(SeedFormat::OathCsv) => Self::BareOath,
            Some(SeedFormat::YubicoCsv) => Self::Yubico,
            Some(SeedFormat::PrivacyIdea) => Self::PrivacyIdea,
            Some(other @ (SeedFormat::Pskc | SeedFormat::Json)) => {
                let wanted = other.as_str();
                return Err(SeedFileFault::whole(SeedFileWrong::OtherFormat { wanted }));
            }
        };
        layout.complete(line)
    }

    fn found(first: &[String], line: u64) -> Result<Self, SeedFileFault> {
        let cell = |place| super::cell(first, place);
        if Columns::is_header(first) {
            let columns = Columns::new(first, line)?;
            return Ok(if columns.has(Field::Kind) {
                Self::Oath(columns)
            } else {
                Self::Entra(columns)
            });
        }
        if yubico::is_a_log(first) {
            return Ok(Self::Yubico);
        }
        if kind(cell(3)).is_some() {
            return Ok(Self::PrivacyIdea);
        }
        if cell(0).starts_with('#') || kind(cell(2)).is_some() || cell(2).eq_ignore_ascii_case("ocra") {
            return Ok(Self::BareOath);
        }
        Err(SeedFileFault::at(line, SeedFileWrong::Unknown))
    }

    /// Refuses a header without the columns that every row needs.
    fn complete(self, line: u64) -> Result<Self, SeedFileFault> {
        const OATH: &str =
            "serial, key and type are wanted; digits, counter, time step, algorithm and more may be there";
        const ENTRA: &str =
            "serial number and secret key are wanted; upn, time interval, manufacturer and model may be there";
        let (columns, wanted, needed) = match &self {
            Self::Oath(columns) => (columns, OATH, &[Field::Serial, Field::Key, Field::Kind][..]),
            Self::Entra(columns) => (columns, ENTRA, &[Field::Serial, Field::Key][..]),
            Self::BareOath | Self::Yubico | Self::PrivacyIdea => return Ok(self),
        };
        match needed.iter().find(|field| !columns.has(**field)) {
            Some(field) => {
                let column = field.as_str();
                Err(SeedFileFault::of(
                    line,
                    column,
                    SeedFileWrong::ColumnMissing { column, wanted },
                ))
            }
            None => Ok(self),
        }
    }

    pub(super) const fn has_header(&self) -> bool {
        matches!(self, Self::Oath(_) | Self::Entra(_))
    }

    pub(super) const fn format(&self) -> SeedFormat {
        match self {
            Self::Oath(_) | Self::BareOath => SeedFormat::OathCsv,
            Self::Entra(_) => SeedFormat::EntraCsv,
            Self::Yubico => SeedFormat::YubicoCsv,
            Self::PrivacyIdea => SeedFormat::PrivacyIdea,
        }
    }
}
