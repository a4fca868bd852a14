//! `/downloads`: files for administrators to fetch.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::IntoResponse as _,
};
use bytes::Bytes;
use claviger_api::{Download as View, DownloadSystem, Page};
use claviger_domain::DownloadId;
use claviger_store::downloads::Download;
use futures_util::{StreamExt as _, stream};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    csv,
    extract::{Multipart, Path, Query},
    guard::{Downloads, SettingsWrite, guarded},
    newest_first::NewestFirst,
    reply::{Answer, Reply},
    time::time,
};
use crate::{
    App, Failure,
    actions::downloads::{self as actions, Label, Receiving},
    auth::Caller,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<Downloads>(routes!(download_list)))
        .routes(guarded::<SettingsWrite>(routes!(download_upload)))
        .routes(guarded::<Downloads>(routes!(download_get)))
        .routes(guarded::<SettingsWrite>(routes!(download_remove)))
        .routes(guarded::<Downloads>(routes!(download_fetch)))
}

fn view(file: &Download) -> View {
    View {
        id: file.id.as_uuid(),
        revision: file.revision,
        system: match file.system.as_str() {
            "windows" => DownloadSystem::Windows,
            "macos" => DownloadSystem::Macos,
            _ => DownloadSystem::Linux,
        },
        kind: file.kind.clone(),
        file_name: file.file_name.clone(),
        version: file.version.clone(),
        size: u64::try_from(file.size).unwrap_or_default(),
        sha256: data_encoding::HEXLOWER.encode(&file.sha256.unwrap_or_default()),
        uploaded_at: time(file.created_at),
        uploaded_by: file.created_by.clone(),
        notes: file.notes.clone(),
    }
}

impl Reply for Download {
    type Body = View;
    fn body(&self) -> Option<View> {
        Some(view(self))
    }
}

/// The body: what is said about the file, then the file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct UploadForm {
    /// `windows`, `macos` or `linux`.
    system: String,
    /// What it is; `workstation` when left out.
    kind: Option<String>,
    /// Its version.
    version: String,
    /// How to deploy it.
    notes: Option<String>,
    /// The file; the last field.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The files that there are for each system, newest first.
#[utoipa::path(get, path = "/downloads", operation_id = "download_list", tag = "Downloads",
    params(NewestFirst), responses((status = 200, body = Page<View>)))]
async fn download_list(caller: Caller<Downloads>, Query(wanted): Query<NewestFirst>) -> Answer {
    let place = wanted.place()?;
    let found = actions::list(&caller, place.after().map(DownloadId::from_uuid), place.limit()).await?;
    caller.answer(place.page(found, |one| one.id.as_uuid(), view))
}

/// Uploads a file; `file` is the last field of the form.
#[utoipa::path(post, path = "/downloads", operation_id = "download_upload", tag = "Downloads",
    request_body(content = UploadForm, content_type = "multipart/form-data"), responses((status = 201, body = View)))]
async fn download_upload(caller: Caller<SettingsWrite>, mut form: Multipart) -> Answer {
    let mut label = Label::default();
    while let Some(mut field) = form.next_field().await? {
        let place = match field.name() {
            "system" => &mut label.system,
            "kind" => &mut label.kind,
            "version" => &mut label.version,
            "notes" => &mut label.notes,
            "file" => {
                field.file_name().unwrap_or_default().clone_into(&mut label.file_name);
                let receiving = Receiving::begin(&caller, label).await?;
                let (id, tenant) = (receiving.id(), caller.tenant());
                let received = receive(receiving, &mut field).await;
                if received.is_err() {
                    Receiving::give_up(caller.app(), tenant, id);
                }
                return caller.answer(received?);
            }
            other => return Err(Failure::invalid(format!("/{other}"), "no such field is wanted")),
        };
        *place = text(&mut field).await?;
    }
    Err(Failure::invalid(
        "/file",
        "a field `file` is wanted, the last of the form",
    ))
}

async fn receive(mut receiving: Receiving, field: &mut super::extract::Field<'_>) -> Result<Download, Failure> {
    while let Some(piece) = field.chunk().await? {
        receiving.take(&piece).await?;
    }
    receiving.end().await
}

/// A short field.
async fn text(field: &mut super::extract::Field<'_>) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > 16 * 1024 {
            return Err(Failure::invalid(format!("/{}", field.name()), "this is too long"));
        }
    }
    String::from_utf8(bytes).map_err(|_| Failure::invalid(format!("/{}", field.name()), "this is no UTF-8"))
}

/// What is known of a file.
#[utoipa::path(get, path = "/downloads/{id}", operation_id = "download_get", tag = "Downloads",
    params(("id" = Uuid, Path)), responses((status = 200, body = View)))]
async fn download_get(caller: Caller<Downloads>, Path(id): Path<Uuid>) -> Answer {
    let file = actions::get(&caller, DownloadId::from_uuid(id)).await?;
    caller.answer(file)
}

/// Removes a file.
#[utoipa::path(delete, path = "/downloads/{id}", operation_id = "download_remove", tag = "Downloads",
    params(("id" = Uuid, Path)), responses((status = 204)))]
async fn download_remove(caller: Caller<SettingsWrite>, Path(id): Path<Uuid>) -> Answer {
    actions::remove(&caller, DownloadId::from_uuid(id)).await?;
    caller.answer(())
}

/// The file itself.
#[utoipa::path(get, path = "/downloads/{id}/file", operation_id = "download_fetch", tag = "Downloads",
    params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/octet-stream", body = String)))]
async fn download_fetch(caller: Caller<Downloads>, Path(id): Path<Uuid>) -> Answer {
    let (file, pieces) = actions::fetch(&caller, DownloadId::from_uuid(id)).await?;
    let pieces = stream::unfold(Some(pieces), async |pieces| {
        let mut pieces = pieces?;
        match pieces.next().await {
            Ok(Some(piece)) => Some((Ok(Bytes::from(piece)), Some(pieces))),
            Ok(None) => None,
            // The answer breaks off: whoever reads it sees that it is not whole.
            Err(failure) => Some((Err(csv::broken(&failure)), None)),
        }
    });
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        ),
        (header::CONTENT_LENGTH, HeaderValue::from(file.size)),
        (header::CONTENT_DISPOSITION, disposition(&file.file_name)),
    ];
    Ok((headers, Body::from_stream(pieces.fuse())).into_response())
}

/// RFC 6266 with RFC 8187: the name in full, whatever its letters.
fn disposition(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && c != '"' && c != '\\' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut full = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            full.push(char::from(byte));
        } else {
            full.push('%');
            full.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
    }
    let text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_file_is_saved_and_never_shown_whatever_its_name() {
        let said = disposition("Prüfung \"1\".msi");
        assert_eq!(
            said.to_str().unwrap(),
            "attachment; filename=\"Pr_fung__1_.msi\"; filename*=UTF-8''Pr%C3%BCfung%20%221%22.msi"
        );
    }
}
