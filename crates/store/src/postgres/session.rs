//! One connection: statements prepared once, values bound by number.

use deadpool_postgres::Object;
use futures_util::future::try_join_all;
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;

use super::bind::cell;
use crate::composed::Composed;
use crate::error::Error;
use crate::row::{Columns, Row};
use crate::value::Value;

type Parameter<'a> = &'a (dyn ToSql + Sync);

/// A connection of a pool.
pub(crate) struct Session {
    client: Object,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session {
    pub(super) fn new(client: Object) -> Self {
        Self { client }
    }

    /// Several answers for one journey: all statements are sent before the first answer has come.
    pub(crate) async fn query_each(&self, statements: &[Composed]) -> Result<Vec<Vec<Row>>, Error> {
        let each = statements.iter().map(|sql| self.query(sql.text(), sql.values()));
        try_join_all(each).await
    }

    pub(crate) async fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let statement = self.prepared(sql, values.len()).await?;
        let wire = self.client.query(&statement, &parameters(values)).await?;
        let columns: Columns = statement
            .columns()
            .iter()
            .map(|column| Box::from(column.name()))
            .collect();
        let mut rows = Vec::with_capacity(wire.len());
        for row in &wire {
            let kinds = statement.columns().iter().enumerate();
            let cells = kinds
                .map(|(place, column)| cell(row, place, column.type_()))
                .collect::<Result<_, _>>()?;
            rows.push(Row::new(columns.clone(), cells));
        }
        Ok(rows)
    }

    pub(crate) async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let statement = self.prepared(sql, values.len()).await?;
        Ok(self.client.execute(&statement, &parameters(values)).await?)
    }

    /// Parameters that are whole columns, for `unnest`.
    pub(crate) async fn execute_columns(&mut self, sql: &str, columns: Vec<Vec<Value>>) -> Result<u64, Error> {
        let statement = self.prepared(sql, columns.len()).await?;
        let parameters: Vec<Parameter<'_>> = columns.iter().map(|column| -> Parameter<'_> { column }).collect();
        Ok(self.client.execute(&statement, &parameters).await?)
    }

    pub(crate) async fn batch(&mut self, sql: &str) -> Result<(), Error> {
        Ok(self.client.batch_execute(sql).await?)
    }

    /// Checks the number of values, which the driver would answer with a panic.
    async fn prepared(&self, sql: &str, has: usize) -> Result<Statement, Error> {
        let statement = self.client.prepare_cached(sql).await?;
        let wants = statement.params().len();
        if wants != has {
            return Err(Error::inconsistent(format!(
                "a statement wants {wants} values and got {has}"
            )));
        }
        Ok(statement)
    }
}

fn parameters(values: &[Value]) -> Vec<Parameter<'_>> {
    values.iter().map(|value| -> Parameter<'_> { value }).collect()
}
