//! Reading a list of users to its end: its good rows, or everything that is wrong with it.

use std::{collections::HashMap, io::Read};

use claviger_formats::{
    delivery::Limits,
    people::{GivenUser, UserReader},
};

use super::{MAX_ROWS, Report};
use crate::actions::imports::Fault;

/// A row and the line where it begins.
pub(super) type Row = (u64, GivenUser);

/// Reads the file; the rows are whole only if the report has no fault.
pub(super) fn read(file: impl Read, sha256: String, limits: Limits) -> (Vec<Row>, Report) {
    let limits = Limits {
        rows: limits.rows.min(MAX_ROWS),
        ..limits
    };
    let mut report = Report {
        sha256,
        ..Report::default()
    };
    let (mut rows, mut seen) = (Vec::new(), HashMap::new());
    let mut reader = match UserReader::open(file, limits) {
        Ok(reader) => reader,
        Err(fault) => {
            report.fault(Fault {
                line: fault.line,
                column: fault.column,
                detail: fault.wrong.to_string(),
            });
            return (rows, report);
        }
    };
    loop {
        match reader.next_row() {
            Ok(None) => return (rows, report),
            Ok(Some(row)) => {
                let faults = match row.user {
                    Ok(user) => match seen.insert(user.user_name.folded(), row.line) {
                        None => {
                            rows.push((row.line, user));
                            continue;
                        }
                        Some(first) => vec![twice(row.line, &user, first)],
                    },
                    Err(faults) => faults
                        .into_iter()
                        .map(|fault| Fault {
                            line: row.line,
                            column: fault.column.map(str::to_owned),
                            detail: fault.detail,
                        })
                        .collect(),
                };
                report.rejected += 1;
                for fault in faults {
                    report.fault(fault);
                }
            }
            Err(fault) => {
                report.fault(Fault {
                    line: fault.line,
                    column: fault.column,
                    detail: fault.wrong.to_string(),
                });
                return (rows, report);
            }
        }
    }
}

fn twice(line: u64, user: &GivenUser, first: u64) -> Fault {
    Fault {
        line,
        column: Some("user_name".to_owned()),
        detail: format!(
            "the user name {} stands in line {first} already, whatever the case; keep one",
            user.user_name
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        rows: 1_000_000,
        columns: 20,
        line: 4_096,
    };

    #[test]
    fn a_name_that_stands_there_twice_names_both_lines() {
        let file = "user_name,display_name\nada,Ada\nbob,Bob\nADA,Again\n";
        let (rows, report) = read(file.as_bytes(), String::new(), LIMITS);
        assert_eq!((rows.len(), report.rejected), (2, 1));
        let fault = report.faults.first().unwrap();
        assert_eq!(
            (fault.line, fault.detail.as_str()),
            (
                4,
                "the user name ADA stands in line 2 already, whatever the case; keep one"
            )
        );
    }

    #[test]
    fn faults_are_listed_up_to_a_bound_and_all_counted() {
        let file = format!("user_name,display_name\n{}", ",x\n".repeat(1_500));
        let (rows, report) = read(file.as_bytes(), String::new(), LIMITS);
        assert_eq!(
            (
                rows.len(),
                report.rejected,
                report.faults.len(),
                report.faults_truncated
            ),
            (0, 1_500, 1_000, true)
        );
        let rows: Vec<String> = (0..=MAX_ROWS).map(|n| format!("u{n},x\n")).collect();
        let long = format!("user_name,display_name\n{}", rows.concat());
        let (_, report) = read(long.as_bytes(), String::new(), LIMITS);
        assert_eq!(
            report.faults.first().unwrap().detail,
            "the file has more than 50000 rows; split it"
        );
    }
}
