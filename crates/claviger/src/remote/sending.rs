//! Uploads: a file of this machine, with a bar that shows how far it is.

use std::{path::Path, sync::Arc};

use claviger_api::client::{ClientError, ProgressNotice};

use super::Context;
use crate::{failure::Failure, output};

/// Lets `upload` send the file; it is handed the file's own name.
pub(crate) fn sending<T>(
    context: &Context,
    file: &Path,
    upload: impl FnOnce(&str, ProgressNotice) -> Result<T, ClientError>,
) -> Result<T, Failure> {
    let facts = file.metadata().map_err(|cause| Failure::file(file.display(), &cause))?;
    if facts.is_dir() {
        return Err(Failure::usage(format!(
            "{} is a folder; a file is wanted",
            file.display()
        )));
    }
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let bar = output::bytes(&context.output, "Sending", Some(facts.len()));
    let moving = bar.clone();
    let sent = upload(
        &name.unwrap_or_default(),
        Arc::new(move |done| moving.set_position(done)),
    );
    bar.finish_and_clear();
    Ok(sent?)
}
