//! Tables and cards for people: aligned by what a terminal shows, headings bold where it can.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::plain;

/// Rows under headings, one line each.
pub(crate) fn list<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    let rows: Vec<[String; N]> = rows.iter().map(|row| row.clone().map(|text| shown(&text))).collect();
    let headings = headings.map(str::to_uppercase);
    let mut widths = [0; N];
    for row in rows.iter().chain([&headings]) {
        for (width, text) in widths.iter_mut().zip(row) {
            *width = text.width().max(*width);
        }
    }
    let bold = Style::new().bold();
    let mut text = format!("{bold}{}{bold:#}\n", line(&headings, &widths));
    for row in &rows {
        text.push_str(&line(row, &widths));
        text.push('\n');
    }
    text
}

/// Facts, one line each, and further lines of a fact below its first.
pub(crate) fn card(facts: &[(&str, String)]) -> String {
    let width = facts.iter().map(|(name, _)| name.width()).max().unwrap_or_default();
    let bold = Style::new().bold();
    let indent = " ".repeat(width + 2);
    let lines = facts.iter().map(|(name, fact)| {
        let gap = " ".repeat(width - name.width());
        let fact = if fact.is_empty() { "—".to_owned() } else { plain(fact) };
        format!(
            "{bold}{name}{bold:#}{gap}  {}\n",
            fact.replace('\n', &format!("\n{indent}"))
        )
    });
    lines.collect()
}

fn shown(text: &str) -> String {
    if text.is_empty() {
        "—".to_owned()
    } else {
        plain(text).replace('\n', " ")
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
