//! Whether the server waits for its first administrator.

use claviger_store::administrators;

use crate::{App, Failure};

/// Whether the server waits for its first administrator.
///
/// # Errors
/// What the store meets.
pub async fn needed(app: &App) -> Result<bool, Failure> {
    app.store()
        .read(async |reader| Ok(!administrators::any(reader).await?))
        .await
}
