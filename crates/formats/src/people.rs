//! Lists of users: CSV with `user_name, display_name` and, if wanted, `email, locale`. Read with the tolerance of
//! deliveries: byte-order mark, CRLF, `;` or tab, any order and case of columns, quoted line breaks.

use std::{borrow::Cow, io::Read};

use claviger_domain::text::{DisplayName, Email, Locale, UserName};

use crate::{
    delivery::{Cells, FileFault, Header, Limits, Table, Wrong},
    inert::plain,
};

/// The columns of an exported list: those that an import takes come first, so that the file comes back in.
pub const COLUMNS: [&str; 9] = [
    "user_name",
    "display_name",
    "email",
    "locale",
    "status",
    "disabled_at",
    "keys",
    "created_at",
    "updated_at",
];

/// How many columns an import takes, the first of [`COLUMNS`].
const TAKEN: usize = 4;
/// How many of them it needs.
const NEEDED: usize = 2;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// The line where it begins, from 1.
    pub line: u64,
    /// What it says, or all that is wrong with it.
    pub user: Result<GivenUser, Vec<UserFault>>,
}

/// What a row says of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUser {
    /// The name by which a directory knows the user.
    pub user_name: UserName,
    /// How the person is called on screens.
    pub display_name: DisplayName,
    /// The address; none outside when the file has no such column, none inside when the cell is empty.
    pub email: Option<Option<Email>>,
    /// The language, in the same way.
    pub locale: Option<Option<Locale>>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserFault {
    /// The column, when it is in one.
    pub column: Option<&'static str>,
    /// What is wrong, and what is wanted.
    pub detail: String,
}

/// A list of users that is being read.
#[derive(Debug)]
pub struct UserReader<R> {
    table: Table<R>,
    columns: usize,
    /// Where each column that is taken stands.
    places: [Option<usize>; TAKEN],
}

impl<R: Read> UserReader<R> {
    /// Looks at the file's beginning: whether it is a table, and where its columns are.
    ///
    /// # Errors
    /// An empty file, a wrong encoding, a missing or doubled column, too many columns.
    pub fn open(from: R, limits: Limits) -> Result<Self, FileFault> {
        let (table, header) = Table::of_file(from, limits)?;
        Ok(Self {
            table,
            columns: header.names.len(),
            places: places(&header)?,
        })
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read on, or is past its limits.
    pub fn next_row(&mut self) -> Result<Option<UserRow>, FileFault> {
        let Some((line, cells)) = self.table.next_row()? else {
            return Ok(None);
        };
        let user = self.judge(&cells);
        Ok(Some(UserRow { line, user }))
    }

    fn judge(&self, cells: &Cells) -> Result<GivenUser, Vec<UserFault>> {
        if cells.len() > self.columns {
            let (cells, columns) = (cells.len(), self.columns);
            return Err(vec![UserFault {
                column: None,
                detail: format!("the row has {cells} cells, the header {columns}; quote cells that hold a separator"),
            }]);
        }
        let [user_name, display_name, email, locale] = self.places.map(|place| {
            place.map(|place| {
                cells
                    .iter()
                    .nth(place)
                    .map_or(Cow::Borrowed(""), |cell| plain(cell.trim()))
            })
        });
        let mut faults = Vec::new();
        let user_name = read(&mut faults, 0, UserName::new(user_name.as_deref().unwrap_or_default()));
        let display_name = read(
            &mut faults,
            1,
            DisplayName::new(display_name.as_deref().unwrap_or_default()),
        );
        let email = email.map(|cell| given(&cell).and_then(|text| read(&mut faults, 2, Email::new(text))));
        let locale = locale.map(|cell| given(&cell).and_then(|text| read(&mut faults, 3, Locale::new(text))));
        match (user_name, display_name) {
            (Some(user_name), Some(display_name)) if faults.is_empty() => Ok(GivenUser {
                user_name,
                display_name,
                email,
                locale,
            }),
            _ => Err(faults),
        }
    }
}

fn given(cell: &str) -> Option<&str> {
    Some(cell.trim()).filter(|text| !text.is_empty())
}

fn read<T, E: std::fmt::Display>(faults: &mut Vec<UserFault>, column: usize, value: Result<T, E>) -> Option<T> {
    let note = |fault: E| {
        faults.push(UserFault {
            column: COLUMNS.get(column).copied(),
            detail: fault.to_string(),
        });
    };
    value.map_err(note).ok()
}

/// Where the columns stand: case, blanks, dashes and underscores of their names do not count. Others are passed over.
fn places(header: &Header) -> Result<[Option<usize>; TAKEN], FileFault> {
    let bare = |name: &str| -> String {
        let letters = name.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let mut places = [None; TAKEN];
    for (place, name) in header.names.iter().enumerate() {
        let name = bare(name);
        let taken = COLUMNS.iter().take(TAKEN).position(|column| bare(column) == name);
        let Some((slot, column)) = taken.and_then(|at| Some((places.get_mut(at)?, *COLUMNS.get(at)?))) else {
            continue;
        };
        if slot.replace(place).is_some() {
            let wrong = Wrong::ColumnTwice {
                column: column.to_owned(),
            };
            return Err(FileFault::of_column(header.line, column, wrong));
        }
    }
    let missing = COLUMNS
        .iter()
        .zip(&places)
        .take(NEEDED)
        .find(|(_, place)| place.is_none());
    match missing {
        Some((column, _)) => {
            let wrong = Wrong::ColumnMissing {
                column,
                wanted: "user_name and display_name are wanted, email and locale may be there",
            };
            Err(FileFault::of_column(header.line, column, wrong))
        }
        None => Ok(places),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::csv_out::CsvOut;

    const LIMITS: Limits = Limits {
        rows: 100,
        columns: 20,
        line: 4_096,
    };

    fn rows(file: &[u8]) -> Result<Vec<UserRow>, FileFault> {
        let mut reader = UserReader::open(file, LIMITS)?;
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row()? {
            rows.push(row);
        }
        Ok(rows)
    }

    fn said(file: &str) -> Vec<(u64, Vec<String>)> {
        let faults = |row: UserRow| {
            let faults = row.user.err().unwrap_or_default();
            let said = |fault: UserFault| format!("{}: {}", fault.column.unwrap_or("row"), fault.detail);
            (row.line, faults.into_iter().map(said).collect())
        };
        rows(file.as_bytes()).unwrap().into_iter().map(faults).collect()
    }

    #[test]
    fn columns_stand_in_any_order_case_and_form() {
        for file in [
            "user_name,display_name,email,locale\r\nada,\"Ada; L\",a@b.example,cs\r\n",
            "\u{feff}E-Mail;Locale;User Name;DISPLAYNAME\na@b.example;cs;ada;\"Ada; L\"\n",
            "sep=\t\nlocale\temail\tkeys\tdisplay-name\tuserName\ncs\ta@b.example\t7\tAda; L\tada\n",
        ] {
            let row = rows(file.as_bytes()).unwrap().remove(0).user.unwrap();
            assert_eq!(
                (row.user_name.as_str(), row.display_name.as_str()),
                ("ada", "Ada; L"),
                "{file}"
            );
            assert_eq!(row.email.flatten().unwrap().as_str(), "a@b.example");
            assert_eq!(row.locale.flatten().unwrap().as_str(), "cs");
        }
    }

    #[test]
    fn a_column_that_is_not_there_says_nothing_and_an_empty_cell_says_none() {
        let row = rows(b"user_name,display_name,email\nada,Ada,\n")
            .unwrap()
            .remove(0)
            .user
            .unwrap();
        assert_eq!((row.email, row.locale), (Some(None), None));
    }

    #[test]
    fn each_fault_has_its_line_and_column() {
        let file = "user_name,display_name,email,locale\nada,Ada,nobody,\n\n,\"x\ny\",,english_US\na,b,c,d,e\n";
        assert_eq!(
            said(file),
            [
                (
                    2,
                    vec!["email: this is no e-mail address; addresses look like name@example.com".to_owned()]
                ),
                (
                    4,
                    vec![
                        "user_name: the user name is empty".to_owned(),
                        "display_name: the display name has a control character at position 2".to_owned(),
                        "locale: a language such as `en` or `cs` is wanted".to_owned(),
                    ]
                ),
                (
                    6,
                    vec!["row: the row has 5 cells, the header 4; quote cells that hold a separator".to_owned()]
                ),
            ]
        );
    }

    #[test]
    fn what_is_no_list_of_users_is_refused_by_name() {
        let detail = |file: &[u8]| rows(file).unwrap_err().wrong.to_string();
        assert!(detail(b"").contains("empty"));
        assert!(detail(b"user_name,display_name\n").contains("row"));
        assert_eq!(
            detail(b"user_name,email\nada,a@b.example\n"),
            "the column display_name is missing; user_name and display_name are wanted, email and locale may be there"
        );
        assert_eq!(
            detail(b"userName,user_name,display_name\n"),
            "the column user_name is there twice; keep one"
        );
        assert!(detail(b"\xFF\xFEu\0s\0").contains("UTF-16"));
        assert!(detail(b"user_name,display_name\nada,Zo\xeb\n").contains("not UTF-8"));
        let many = "a,b\n".repeat(101);
        assert!(detail(format!("user_name,display_name\n{many}").as_bytes()).contains("more than 100 rows"));
    }

    proptest! {
        #[test]
        fn what_an_export_writes_is_read_back(name in "[-=+@'a-z]{1,8}", display in "[-=+@',;\" a-z]{1,12}") {
            let mut out = CsvOut::default();
            for column in COLUMNS { out.cell(column); }
            out.end();
            for cell in [name.as_str(), &display, "a@b.example", "cs", "active", "", "3", "2026", "2026"] { out.cell(cell); }
            out.end();
            let row = rows(&out.take()).unwrap().remove(0);
            match (UserName::new(&name), DisplayName::new(&display)) {
                (Ok(name), Ok(display)) => {
                    let user = row.user.unwrap();
                    prop_assert_eq!((user.user_name, user.display_name), (name, display));
                }
                _ => prop_assert!(row.user.is_err()),
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = rows(&bytes);
            let mut file = b"user_name,display_name,email\n".to_vec();
            file.extend(bytes);
            let _ = rows(&file);
        }
    }
}
