//! `fleet-growth`: the same figures at growing sizes, as a table and a plot.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::Result;

use crate::Options;
use crate::measure::float;
use crate::report::{Figure, Report, remark, rounded};
use crate::server::Place;

pub(super) async fn measure(options: &Options, place: &Place, report: &mut Report) -> Result<()> {
    for rows in &options.growth {
        let taken = report
            .figures()
            .iter()
            .any(|figure| figure.rows == *rows && figure.name == "start");
        if !taken {
            super::fleet(place, *rows, 1, options.live, &|name| name != "live-rows", report).await?;
        }
    }
    let folder = options.results.parent().unwrap_or(Path::new("."));
    let table = table(report.figures(), &options.growth);
    remark(&format!("fleet-growth on {}\n{table}", place.engine()));
    std::fs::write(folder.join(format!("fleet-growth-{}.md", place.engine())), &table)?;
    let plot = plot(report.figures(), &options.growth);
    Ok(std::fs::write(
        folder.join(format!("fleet-growth-{}.svg", place.engine())),
        plot,
    )?)
}

/// Values by name, then by size.
fn by_name(figures: &[Figure], sizes: &[u64]) -> BTreeMap<String, BTreeMap<u64, f64>> {
    let mut names: BTreeMap<String, BTreeMap<u64, f64>> = BTreeMap::new();
    for figure in figures.iter().filter(|figure| sizes.contains(&figure.rows)) {
        names
            .entry(format!("{} ({})", figure.name, figure.unit))
            .or_default()
            .insert(figure.rows, figure.value);
    }
    names
}

fn table(figures: &[Figure], sizes: &[u64]) -> String {
    let heads: Vec<String> = sizes.iter().map(|size| format!(" {size} |")).collect();
    let mut text = format!("| figure |{}\n|---|{}\n", heads.concat(), "---:|".repeat(sizes.len()));
    for (name, values) in by_name(figures, sizes) {
        let cells: Vec<String> = sizes
            .iter()
            .map(|size| {
                values
                    .get(size)
                    .map_or(" – |".to_owned(), |value| format!(" {} |", rounded(*value)))
            })
            .collect();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {name} |{}", cells.concat());
    }
    text
}

/// Each figure relative to its smallest fleet, over the size; both axes logarithmic.
fn plot(figures: &[Figure], sizes: &[u64]) -> String {
    let mut text = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 480\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"760\" height=\"480\" fill=\"white\"/>\n",
    );
    let first = sizes.first().copied().unwrap_or(1);
    let last = sizes.last().copied().unwrap_or(10).max(first + 1);
    let x = |rows: u64| 60.0 + 440.0 * (float(rows) / float(first)).log10() / (float(last) / float(first)).log10();
    let y = |ratio: f64| 240.0 - 60.0 * ratio.max(1e-4).log10();
    for size in sizes {
        let _ = writeln!(
            text,
            "<text x=\"{:.0}\" y=\"470\" text-anchor=\"middle\">{size}</text>",
            x(*size)
        );
    }
    for (index, (name, values)) in by_name(figures, sizes).into_iter().enumerate() {
        let Some(base) = values.values().next().copied().filter(|base| *base > 0.0) else {
            continue;
        };
        let points: Vec<String> = values
            .iter()
            .map(|(rows, value)| format!("{:.0},{:.0}", x(*rows), y(value / base)))
            .collect();
        let hue = index * 47 % 360;
        let _ = writeln!(
            text,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"hsl({hue} 60% 40%)\" stroke-width=\"2\"/>\
             <text x=\"520\" y=\"{}\" fill=\"hsl({hue} 60% 40%)\">{name}</text>",
            points.join(" "),
            20 + index * 18,
        );
    }
    text.push_str("</svg>\n");
    text
}

#[cfg(test)]
mod tests {
    use super::{plot, table};
    use crate::report::Figure;

    fn figure(rows: u64, value: f64) -> Figure {
        Figure {
            name: "counts".to_owned(),
            engine: "sqlite",
            rows,
            value,
            unit: "ms",
            spread: (value, value),
            ratio: None,
            reference: None,
            target: "",
        }
    }

    #[test]
    fn the_table_has_a_column_for_each_size() {
        let text = table(&[figure(10, 1.0), figure(100, 2.0)], &[10, 100, 1_000]);
        assert!(text.contains("| counts (ms) | 1.00 | 2.00 | – |"), "{text}");
    }

    #[test]
    fn the_plot_draws_a_line_for_each_figure() {
        let text = plot(&[figure(10, 1.0), figure(100, 2.0)], &[10, 100]);
        assert_eq!(text.matches("<polyline").count(), 1);
    }
}
