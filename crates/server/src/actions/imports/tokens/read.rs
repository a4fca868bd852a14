//! A seed file as a check reads it: rows, numbered, with their faults under the file's own words.

use std::sync::Arc;

use claviger_formats::{
    delivery::Limits,
    seeds::{GivenToken, SeedFileFault, SeedFileWrong, SeedReader, SeedRow},
};

use super::{
    super::{
        report::{Column, Fault},
        upload::Opened,
        wares::{Reading, Repeated, Row},
    },
    Beside,
};

/// A seed file that is being read.
pub(crate) struct SeedFile {
    reader: SeedReader<Opened>,
    number: u32,
    places: Arc<Places>,
}

/// What a row says, and how the file calls its columns.
pub(crate) struct Given {
    pub(super) token: GivenToken,
    pub(super) places: Arc<Places>,
}

/// How the file calls its columns, where it names them.
#[derive(Default)]
pub(crate) struct Places {
    pub(super) serial: Option<String>,
    pub(super) user: Option<String>,
    /// Users of privacyIDEA are named `login@realm`.
    pub(super) has_realms: bool,
}

impl SeedFile {
    /// Looks at the beginning of a file.
    pub(super) fn open(file: Opened, beside: &Beside, limits: &Limits) -> Result<Self, Fault> {
        let reader = SeedReader::open(file, beside.said(), *limits).map_err(unreadable)?;
        let named = |wanted: &str| {
            let mut columns = reader.columns().into_iter();
            columns.find(|(_, meaning)| *meaning == wanted).map(|(name, _)| name)
        };
        let places = Places {
            serial: named("serial").or_else(|| named("serial number")),
            user: named("user"),
            has_realms: reader.format() == claviger_formats::seeds::SeedFormat::PrivacyIdea,
        };
        Ok(Self {
            reader,
            number: 0,
            places: Arc::new(places),
        })
    }
}

impl Reading for SeedFile {
    type Given = Given;

    fn format(&self) -> &'static str {
        self.reader.format().as_str()
    }

    fn columns(&self) -> Vec<Column> {
        let column = |(name, meaning): (String, &str)| Column {
            name,
            meaning: meaning.to_owned(),
        };
        self.reader.columns().into_iter().map(column).collect()
    }

    fn header(&self) -> Vec<String> {
        ["line", "serial_number"].map(str::to_owned).to_vec()
    }

    fn next(&mut self) -> Result<Option<Row<Given>>, Fault> {
        let Some(SeedRow { line, serial, token }) = self.reader.next_row().map_err(unreadable)? else {
            return Ok(None);
        };
        self.number += 1;
        let places = Arc::clone(&self.places);
        let fault = |fault: claviger_formats::seeds::SeedFault| Fault {
            line,
            column: fault.column,
            detail: fault.wrong.to_string(),
        };
        Ok(Some(Row {
            line,
            number: self.number,
            cells: Repeated::Serial(serial),
            given: match token {
                Ok(token) => Ok(Given { token, places }),
                Err(faults) => Err(faults.into_iter().map(fault).collect()),
            },
        }))
    }
}

/// A fault that a key or a password would mend names the field of the form.
fn unreadable(fault: SeedFileFault) -> Fault {
    let wants_key = matches!(
        fault.wrong,
        SeedFileWrong::KeyWanted { .. } | SeedFileWrong::KeyLength { .. }
    );
    let wants_password = matches!(fault.wrong, SeedFileWrong::PasswordWanted { .. });
    let field = wants_key
        .then_some("pre_shared_key")
        .or(wants_password.then_some("password"));
    Fault {
        line: fault.line,
        column: fault.column.or_else(|| field.map(str::to_owned)),
        detail: fault.wrong.to_string(),
    }
}
