//! Structured logs on standard output. What dependencies say through the `log` crate is at most a detail here.

use std::io;

use log::{LevelFilter, Log, Metadata, Record};
use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter,
    filter::ParseError,
    fmt::{MakeWriter, fmt},
};

/// Starts logging as configured. A second start, in a test, changes nothing.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(filter: &str, json: bool) -> Result<(), ParseError> {
    let filter = EnvFilter::try_new(filter)?;
    let started = if json {
        tracing::subscriber::set_global_default(in_json(filter, io::stdout))
    } else {
        tracing::subscriber::set_global_default(fmt().with_env_filter(filter).finish())
    };
    if started.is_ok() && log::set_logger(&Dependencies).is_ok() {
        // What they say below that would name the values of statements.
        log::set_max_level(LevelFilter::Info);
    }
    Ok(())
}

fn in_json<W>(filter: EnvFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_env_filter(filter)
        .with_writer(writer)
        .finish()
}

/// Passes on what dependencies say: who and what, not from which file on the machine where the program was built. Their
/// news, such as the notices of a database, are details here.
struct Dependencies;

impl Log for Dependencies {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Info
    }

    fn log(&self, record: &Record<'_>) {
        let (from, message) = (record.target(), record.args());
        match record.level() {
            log::Level::Error => tracing::error!(target: "dependency", from, "{message}"),
            log::Level::Warn => tracing::warn!(target: "dependency", from, "{message}"),
            log::Level::Info => tracing::debug!(target: "dependency", from, "{message}"),
            log::Level::Debug | log::Level::Trace => {}
        }
    }

    fn flush(&self) {}
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is written when a dependency says this at that level.
    fn written(filter: &str, level: log::Level) -> String {
        let kept = Kept::default();
        let writer = kept.clone();
        let subscriber = in_json(EnvFilter::new(filter), move || writer.clone());
        tracing::subscriber::with_default(subscriber, || {
            let record = Record::builder()
                .level(level)
                .target("tokio_postgres::connection")
                .module_path(Some("tokio_postgres::connection"))
                .file(Some("/home/builder/registry/src/connection.rs"))
                .line(Some(351))
                .args(format_args!("NOTICE: extension exists"))
                .build();
            Dependencies.log(&record);
        });
        String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_database_notice_is_a_detail_and_names_no_build_path() {
        assert_eq!(written("info", log::Level::Info), "");
        let line = written("debug", log::Level::Info);
        assert!(
            line.contains("NOTICE: extension exists") && line.contains("\"level\":\"DEBUG\""),
            "{line}"
        );
        assert!(line.contains("\"from\":\"tokio_postgres::connection\""), "{line}");
        let warning = written("info", log::Level::Warn);
        assert!(warning.contains("NOTICE: extension exists"), "{warning}");
        for line in [line, warning] {
            assert!(!line.contains("/home/builder") && !line.contains("log.file"), "{line}");
        }
    }

    #[test]
    fn the_values_of_statements_are_not_written_however_much_is_logged() {
        assert_eq!(written("trace", log::Level::Debug), "");
        assert_eq!(written("trace", log::Level::Trace), "");
    }
}
