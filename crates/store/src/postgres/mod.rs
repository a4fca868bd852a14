//! PostgreSQL: four writers, readers apart.

use crate::config::StoreConfig;
use crate::error::{Error, Fault};
use crate::job::{ReadJob, WriteJob};
use crate::row::Row;
use crate::store::Changes;
use crate::value::Value;

#[derive(Debug)]
pub(crate) struct Session;

pub(crate) struct Postgres;

fn later() -> Error {
    Error::driver(Fault::Connection, "PostgreSQL comes with the next commit")
}

impl Session {
    pub(crate) async fn query(&mut self, _: &str, _: &[Value]) -> Result<Vec<Row>, Error> {
        Err(later())
    }
    pub(crate) async fn execute(&mut self, _: &str, _: &[Value]) -> Result<u64, Error> {
        Err(later())
    }
    pub(crate) async fn execute_columns(&mut self, _: &str, _: Vec<Vec<Value>>) -> Result<u64, Error> {
        Err(later())
    }
    pub(crate) async fn batch(&mut self, _: &str) -> Result<(), Error> {
        Err(later())
    }
}

impl Postgres {
    pub(crate) async fn open(_: &str, _: &StoreConfig, _: Changes) -> Result<Self, Error> {
        Err(later())
    }
    pub(crate) async fn submit(&self, _: Box<dyn WriteJob>) -> Result<(), Error> {
        Err(later())
    }
    pub(crate) async fn read(&self, _: Box<dyn ReadJob>) -> Result<(), Error> {
        Err(later())
    }
    pub(crate) async fn scan(&self, _: Box<dyn ReadJob>) -> Result<(), Error> {
        Err(later())
    }
    pub(crate) async fn close(&self) {}
}
