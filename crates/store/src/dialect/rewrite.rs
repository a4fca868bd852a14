//! SQL as PostgreSQL reads it, made into what SQLite reads.

/// Rewrites `$n` to `?n`, `= ANY($n)` to `IN rarray(?n)`, and drops `::type`, `FOR UPDATE` and `FOR SHARE`.
///
/// To SQLite `$1` is a *name*, numbered by first appearance: left alone, a statement whose parameters
/// do not first appear in order binds the wrong values without a word. `?n` is numbered by n.
/// String literals, quoted identifiers, comments and `$` inside identifiers stay as they are.
#[must_use]
pub fn for_sqlite(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '\'' | '"' => copy(&mut out, rest, quoted(rest, first)),
            '-' if rest.starts_with("--") => copy(&mut out, rest, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => copy(&mut out, rest, rest.find("*/").map_or(rest.len(), |end| end + 2)),
            '$' => parameter(&mut out, rest),
            ':' if rest.starts_with("::") => cast(rest),
            '=' => any(&mut out, rest),
            letter if is_word(letter) => word(&mut out, rest),
            other => copy(&mut out, rest, other.len_utf8()),
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

fn copy(out: &mut String, rest: &str, length: usize) -> usize {
    out.push_str(rest.get(..length).unwrap_or(rest));
    length
}

/// Length of a literal or quoted identifier; a doubled quote inside reads as two literals, which copies the same.
fn quoted(rest: &str, quote: char) -> usize {
    let inner = rest.get(1..).unwrap_or_default();
    inner.find(quote).map_or(rest.len(), |end| end + 2)
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn digits(text: &str) -> usize {
    text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len())
}

fn parameter(out: &mut String, rest: &str) -> usize {
    let length = digits(rest.get(1..).unwrap_or_default());
    if length == 0 {
        return copy(out, rest, 1);
    }
    out.push('?');
    out.push_str(rest.get(1..=length).unwrap_or_default());
    length + 1
}

fn cast(rest: &str) -> usize {
    let name = rest.get(2..).unwrap_or_default();
    let length = name.find(|letter: char| !is_word(letter)).unwrap_or(name.len());
    let array = if name.get(length..).is_some_and(|tail| tail.starts_with("[]")) {
        2
    } else {
        0
    };
    2 + length + array
}

fn any(out: &mut String, rest: &str) -> usize {
    let Some((number, length)) = found_any(rest) else {
        return copy(out, rest, 1);
    };
    out.push_str("IN rarray(?");
    out.push_str(number);
    out.push(')');
    length
}

/// `= ANY($n)` or `= ANY($n::type[])` at the start: the number and the whole length.
fn found_any(rest: &str) -> Option<(&str, usize)> {
    let after = rest.strip_prefix('=')?.trim_start();
    let keyword = after.get(..3).filter(|word| word.eq_ignore_ascii_case("any"))?;
    let inner = after
        .strip_prefix(keyword)?
        .trim_start()
        .strip_prefix('(')?
        .trim_start()
        .strip_prefix('$')?;
    let number = inner.get(..digits(inner)).filter(|number| !number.is_empty())?;
    let mut tail = inner.strip_prefix(number)?;
    if tail.starts_with("::") {
        tail = tail.get(cast(tail)..)?;
    }
    let tail = tail.trim_start().strip_prefix(')')?;
    Some((number, rest.len() - tail.len()))
}

/// Identifiers and keywords; row locks vanish, since SQLite has one writer.
fn word(out: &mut String, rest: &str) -> usize {
    let length = rest
        .find(|letter: char| !is_word(letter) && letter != '$')
        .unwrap_or(rest.len());
    if rest.get(..length).is_some_and(|word| word == "FOR") {
        let after = rest.get(length..).unwrap_or_default();
        let locked = after.trim_start();
        if let Some(tail) = locked.strip_prefix("UPDATE").or_else(|| locked.strip_prefix("SHARE")) {
            let tail = tail.trim_start().strip_prefix("SKIP LOCKED").unwrap_or(tail);
            return rest.len() - tail.len();
        }
    }
    copy(out, rest, length)
}

#[cfg(test)]
mod tests {
    use super::for_sqlite;

    #[test]
    fn parameters_keep_their_numbers_whatever_their_order() {
        assert_eq!(
            for_sqlite("UPDATE t SET a = $2 WHERE b = $1"),
            "UPDATE t SET a = ?2 WHERE b = ?1"
        );
        assert_eq!(for_sqlite("SELECT $10, $1"), "SELECT ?10, ?1");
    }

    #[test]
    fn literals_comments_and_identifiers_stay() {
        for sql in [
            "SELECT '$1', \"$2\"",
            "SELECT 'it''s $1'",
            "SELECT 1 -- $1",
            "/* $1 */ SELECT a$1",
            "SELECT $",
        ] {
            assert_eq!(for_sqlite(sql), sql);
        }
        assert_eq!(for_sqlite("SELECT 1 -- $1\n, $1"), "SELECT 1 -- $1\n, ?1");
    }

    #[test]
    fn any_becomes_a_table_function() {
        assert_eq!(for_sqlite("a = ANY($1) AND b = $2"), "a IN rarray(?1) AND b = ?2");
        assert_eq!(for_sqlite("a =any ($12::uuid[])"), "a IN rarray(?12)");
        assert_eq!(for_sqlite("a = ANY( $1 )"), "a IN rarray(?1)");
        assert_eq!(for_sqlite("a = anything"), "a = anything");
    }

    #[test]
    fn casts_and_row_locks_vanish() {
        assert_eq!(for_sqlite("SELECT $1::bigint IS NULL FOR UPDATE"), "SELECT ?1 IS NULL ");
        assert_eq!(
            for_sqlite("SELECT $1::text[], x FOR UPDATE SKIP LOCKED"),
            "SELECT ?1, x "
        );
        assert_eq!(for_sqlite("SELECT x FOR SHARE"), "SELECT x ");
        assert_eq!(for_sqlite("SELECT for_update FROM t"), "SELECT for_update FROM t");
    }
}
