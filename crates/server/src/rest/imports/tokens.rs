//! Takes a seed file: previews it, imports it, or hands it to a job.

use axum::http::StatusCode;
use claviger_api::{Import, ImportMode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use zeroize::Zeroizing;

use super::create::{answered, mode, taken};
use crate::{
    Failure,
    actions::imports::{self as actions, Beside, Upload},
    auth::Caller,
    rest::{Answer, Multipart, Query, extract::Field, guard::OtpWrite},
};

/// Most bytes of a field beside the file.
const MAX_FIELD: usize = 4 * 1024;

/// What is to be done with the file.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only looks at the file: always answers 200.
    #[serde(default)]
    dry_run: bool,
    /// What is done with faulty rows; `all_or_nothing` when left out.
    mode: Option<ImportMode>,
}

/// The body; its fields in any order.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct SeedForm {
    /// PSKC (RFC 6030), OATH CSV, Entra ID CSV, Yubico CSV, JSON, or an export of privacyIDEA.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// `pskc`, `oath_csv`, `entra_csv`, `yubico_csv`, `json` or `privacyidea`; found out when left out.
    format: Option<String>,
    /// How the seeds of a CSV are written, `base32` or `hex`, where neither the file nor its format says so.
    encoding: Option<String>,
    /// The transport key of an encrypted file, hexadecimal or base64. It is not kept.
    #[schema(format = Password)]
    pre_shared_key: Option<String>,
    /// The password of an encrypted file. It is not kept.
    #[schema(format = Password)]
    password: Option<String>,
}

/// Imports a seed file. Short ones at once (201), long ones by a job (202); a faulty file is refused whole (422) or, with
/// `good_rows`, without its faulty rows. Seeds are sealed and never told again; users whom the file names get their
/// tokens if the caller may see users. The import is one of `/imports`, of kind `otp_tokens`.
#[utoipa::path(
    post, path = "/otp-tokens/import", operation_id = "otp_token_import", tag = "imports",
    params(Wanted),
    request_body(content = SeedForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "With `dry_run`", body = Import),
        (status = 201, description = "Applied", body = Import),
        (status = 202, description = "Begun: `job_id` names the job", body = Import),
        (status = 422, description = "Refused: `errors` says why; a problem when the request itself is faulty", content(
            (Import = "application/json"),
            (claviger_api::Problem = "application/problem+json"),
        )),
    ),
)]
pub(super) async fn import(caller: Caller<OtpWrite>, Query(wanted): Query<Wanted>, form: Multipart) -> Answer {
    let (upload, beside) = received(&caller, form).await?;
    let known_by = format!("{}\n{}", upload.file_name, beside.told());
    let (caller, mode) = (caller.uploading(&known_by, &upload.sha256), mode(wanted.mode));
    if wanted.dry_run {
        return caller
            .answering(StatusCode::OK)
            .answer(actions::preview_tokens(&caller, upload, mode, beside).await?);
    }
    answered(&caller, actions::create_tokens(&caller, upload, mode, beside).await?)
}

async fn received(caller: &Caller<OtpWrite>, mut form: Multipart) -> Result<(Upload, Beside), Failure> {
    let (mut file, mut beside, mut seen) = (None, Beside::default(), Vec::new());
    while let Some(mut field) = form.next_field().await? {
        let name = field.name().to_owned();
        if seen.contains(&name) {
            return Err(Failure::invalid(
                format!("/{name}"),
                "this field stands in the form twice",
            ));
        }
        match name.as_str() {
            "file" => file = Some(taken(caller, &mut field).await?),
            known if Beside::FIELDS.contains(&known) => beside.take(known, text(known, &mut field).await?)?,
            _ => return Err(Failure::invalid(format!("/{name}"), "there is no such field")),
        }
        seen.push(name);
    }
    let file = file.ok_or_else(|| Failure::invalid("/file", "a field `file` with the seed file is wanted"))?;
    Ok((file, beside))
}

async fn text(name: &str, field: &mut Field<'_>) -> Result<Zeroizing<String>, Failure> {
    // Never grown, so that no copy is left behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_FIELD));
    while let Some(piece) = field.chunk().await? {
        if bytes.len().saturating_add(piece.len()) > MAX_FIELD {
            return Err(Failure::invalid(format!("/{name}"), "at most 4,096 bytes are wanted"));
        }
        bytes.extend_from_slice(&piece);
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| Failure::invalid(format!("/{name}"), "UTF-8 is wanted"))?;
    Ok(Zeroizing::new(text.to_owned()))
}
