//! Fresh databases, one per test.

use claviger_store::{Store, StoreConfig};

use crate::postgres::shared;

/// A fresh store and what is to be removed with it.
#[derive(Debug)]
pub struct Fresh {
    config: StoreConfig,
    store: Store,
    url: Option<String>,
    directory: Option<tempfile::TempDir>,
}

impl Fresh {
    /// The store.
    #[must_use]
    pub fn store(&self) -> Store {
        self.store.clone()
    }

    /// How to open the database once more.
    #[must_use]
    pub fn config(&self) -> &StoreConfig {
        &self.config
    }

    /// Closes the store and removes the database.
    pub async fn close(self) {
        self.store.close().await;
        if let Some(url) = &self.url {
            shared().drop_database(url).await;
        }
        drop(self.directory);
    }
}

/// A fresh SQLite file.
///
/// # Panics
/// When it cannot be opened.
#[expect(clippy::expect_used, reason = "a test cannot go on without")]
pub async fn sqlite() -> Fresh {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let config = StoreConfig::sqlite(directory.path().join("claviger.db"));
    let store = Store::open(&config).await.expect("the store opens");
    Fresh {
        config,
        store,
        url: None,
        directory: Some(directory),
    }
}

/// A fresh PostgreSQL database on the shared server.
///
/// # Panics
/// When PostgreSQL is missing, which the message says, or the store does not open.
#[expect(clippy::expect_used, reason = "a test cannot go on without")]
pub async fn postgres() -> Fresh {
    let url = shared().database().await;
    let config = StoreConfig::postgres(&url);
    let store = Store::open(&config).await.expect("the store opens");
    Fresh {
        config,
        store,
        url: Some(url),
        directory: None,
    }
}
