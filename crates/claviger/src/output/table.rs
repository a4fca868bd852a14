//! Tables for people: aligned by what a terminal shows, headings bold where it can.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::{Column, Record, plain::cell};

/// A list, one line an item.
pub(super) fn list<T: Record>(items: &[T]) -> String {
    let columns: Vec<_> = T::COLUMNS.iter().filter(|column| column.listed).collect();
    let headings: Vec<String> = columns.iter().map(|column| column.heading.to_uppercase()).collect();
    let rows: Vec<Vec<String>> = items
        .iter()
        .map(|item| columns.iter().map(|column| shown(column, item)).collect())
        .collect();
    let widths: Vec<usize> = (0..columns.len())
        .map(|place| {
            rows.iter()
                .chain([&headings])
                .filter_map(|row| row.get(place))
                .map(|text| text.width())
                .max()
        })
        .map(Option::unwrap_or_default)
        .collect();
    let bold = Style::new().bold();
    let mut text = format!("{bold}{}{bold:#}\n", line(&headings, &widths));
    for row in &rows {
        text.push_str(&line(row, &widths));
        text.push('\n');
    }
    text
}

/// One item, one line a column.
pub(super) fn card<T: Record>(item: &T) -> String {
    let width = T::COLUMNS
        .iter()
        .map(|column| column.heading.width())
        .max()
        .unwrap_or_default();
    let bold = Style::new().bold();
    let lines = T::COLUMNS.iter().map(|column| {
        let gap = " ".repeat(width.saturating_sub(column.heading.width()));
        format!("{bold}{}{bold:#}{gap}  {}", column.heading, shown(column, item))
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn shown<T>(column: &Column<T>, item: &T) -> String {
    let text = (column.cell)(item);
    let is_time = column.name == "at" || column.name.ends_with("_at");
    match text.split_once('.') {
        _ if text.is_empty() => "—".to_owned(),
        // Microseconds are for programs.
        Some((seconds, _)) if is_time => format!("{seconds}Z"),
        _ => cell(&text),
    }
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(cell);
        line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
    }
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[derive(Serialize)]
    struct Seen {
        at: &'static str,
        version: &'static str,
    }

    impl Record for Seen {
        const COLUMNS: &'static [Column<Self>] = &[
            Column::listed("At", "at", |seen| seen.at.to_owned()),
            Column::listed("Version", "version", |seen| seen.version.to_owned()),
        ];
    }

    #[test]
    fn times_are_shown_to_the_second_and_nothing_else_is_shortened() {
        let seen = Seen {
            at: "2026-01-31T08:00:00.12345Z",
            version: "1.4.0",
        };
        let text = list(&[seen]);
        assert!(text.ends_with("\n2026-01-31T08:00:00Z  1.4.0\n"), "{text:?}");
    }
}
