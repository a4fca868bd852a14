//! Downloads: into a file that is there in full or not at all, or to standard output.

use std::{fs, path::Path, sync::Arc};

use claviger_api::client::{ClientError, ProgressNotice};
use std::io::Write;

use super::Context;
use crate::{failure::Failure, output};

/// Lets `write` fill the file, or standard output when none is named.
pub(crate) fn save(
    context: &Context,
    file: Option<&Path>,
    what: &'static str,
    write: impl FnOnce(&mut dyn Write, ProgressNotice) -> Result<u64, ClientError>,
) -> Result<(), Failure> {
    save_sized(context, file, what, None, write)
}

/// The same for a file of which is known how many bytes it has.
pub(crate) fn save_sized(
    context: &Context,
    file: Option<&Path>,
    what: &'static str,
    size: Option<u64>,
    write: impl FnOnce(&mut dyn Write, ProgressNotice) -> Result<u64, ClientError>,
) -> Result<(), Failure> {
    let bar = output::bytes(&context.output, what, size);
    let moving = bar.clone();
    let notice: ProgressNotice = Arc::new(move |done| moving.set_position(done));
    let Some(path) = file.filter(|path| path.as_os_str() != "-") else {
        let mut out = output::to_stdout();
        let written = write(&mut out, notice);
        bar.finish_and_clear();
        return match written {
            Err(ClientError::File { cause, .. }) => Err(Failure::written(&cause)),
            other => other.map(drop).map_err(Failure::from),
        };
    };
    let part = path.with_added_extension("part");
    let failed = |cause: std::io::Error| Failure::file(part.display(), &cause);
    let mut out = fs::File::create(&part).map_err(failed)?;
    let written = write(&mut out, notice);
    bar.finish_and_clear();
    let bytes = match written {
        Ok(bytes) => bytes,
        Err(error) => {
            // Half a list is no list; a leftover that cannot be removed is told by its name.
            let _ = fs::remove_file(&part);
            return Err(error.into());
        }
    };
    out.sync_all().and_then(|()| fs::rename(&part, path)).map_err(failed)?;
    context
        .output
        .note(&format!("{} written, {bytes} bytes", path.display()));
    Ok(())
}
