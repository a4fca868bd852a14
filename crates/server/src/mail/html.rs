//! Text in HTML: whatever it holds, it stays text.

/// The text with everything escaped that HTML reads as its own.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A page of paragraphs in a language.
pub(super) fn page(language: &str, title: &str, paragraphs: &[String]) -> String {
    let mut body = String::new();
    for one in paragraphs {
        body = body + "<p>" + &escaped(one) + "</p>\n";
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n<body>\n{body}</body>\n</html>\n",
        escaped(title)
    )
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn what_people_wrote_stays_text() {
        let page = page("en", "a <b>", &["<script>x('\"&')</script>".to_owned()]);
        assert!(!page.contains("<script>") && !page.contains("<b>"));
        assert!(page.contains("&lt;script&gt;x(&#39;&quot;&amp;&#39;)&lt;/script&gt;"));
    }
}
