//! Which steps a database lacks, told without changing it.

use super::{LIST, missing};
use crate::config::{Database, StoreConfig};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::row::Row;

/// Names of the steps that a database lacks, in their order; all of them for one that is empty or absent.
///
/// # Errors
/// A database that cannot be reached, or whose schema this build does not know.
pub async fn pending(config: &StoreConfig) -> Result<Vec<&'static str>, Error> {
    let (applied, dialect): (Vec<Row>, Dialect) = match &config.database {
        Database::Sqlite(path) if !path.is_file() => (Vec::new(), Dialect::Sqlite),
        Database::Sqlite(path) => (crate::sqlite::applied(path, LIST)?, Dialect::Sqlite),
        Database::Postgres(url) => (crate::postgres::applied(url, LIST).await?, Dialect::Postgres),
    };
    Ok(missing(&applied, dialect)?.iter().map(|step| step.name).collect())
}
