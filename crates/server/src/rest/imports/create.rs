//! Takes a delivery file: previews it, imports it, or hands it to a job.

use axum::http::StatusCode;
use claviger_api::{Import, ImportMode};
use claviger_domain::PolicyId;
use claviger_store::batches::Mode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    Failure,
    actions::imports::{self as actions, Arriving, Interrupted, Outcome, Upload, Wish},
    auth::Caller,
    rest::{Answer, Multipart, Query, extract::Field, guard::StockImport},
};

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
    /// The policy to be linked with the keys; needs `stock.link`.
    policy_id: Option<Uuid>,
}

impl Wanted {
    fn wish(&self) -> Wish {
        Wish {
            mode: mode(self.mode),
            policy: self.policy_id.map(PolicyId::from_uuid),
        }
    }
}

/// The body.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct DeliveryForm {
    /// CSV with `deviceName, serialNumber, version`, or JSON `{"devices": [{…}]}`.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Imports a delivery file. Short ones at once (201), long ones by a job (202); a faulty file is refused whole (422)
/// or, with `good_rows`, without its faulty rows.
#[utoipa::path(
    post, path = "/imports", operation_id = "import_create", tag = "imports",
    params(Wanted),
    request_body(content = DeliveryForm, content_type = "multipart/form-data"),
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
pub(super) async fn create(caller: Caller<StockImport>, Query(wanted): Query<Wanted>, form: Multipart) -> Answer {
    let upload = received(&caller, form).await?;
    let caller = caller.uploading(&upload.file_name, &upload.sha256);
    if wanted.dry_run {
        return caller
            .answering(StatusCode::OK)
            .answer(actions::preview(&caller, upload, wanted.wish()).await?);
    }
    answered(&caller, actions::create(&caller, upload, wanted.wish()).await?)
}

/// The import, with the status that says what became of it.
pub(super) fn answered<P>(caller: &Caller<P>, outcome: Outcome) -> Answer {
    let (status, import) = match outcome {
        Outcome::Applied(import) => (StatusCode::CREATED, import),
        Outcome::Refused(import) => (StatusCode::UNPROCESSABLE_ENTITY, import),
        Outcome::Begun(import) => (StatusCode::ACCEPTED, import),
    };
    caller.answering(status).answer(import)
}

/// The one file of a form.
pub(in crate::rest) async fn received<P>(caller: &Caller<P>, mut form: Multipart) -> Result<Upload, Failure> {
    let mut received = None;
    while let Some(mut field) = form.next_field().await? {
        if field.name() != "file" || received.is_some() {
            return Err(Failure::invalid("/file", "exactly one field `file` is wanted"));
        }
        received = Some(taken(caller, &mut field).await?);
    }
    received.ok_or_else(|| Failure::invalid("/file", "a field `file` with the delivery is wanted"))
}

/// A field as a file.
pub(super) async fn taken<P>(caller: &Caller<P>, field: &mut Field<'_>) -> Result<Upload, Failure> {
    let config = caller.app().config();
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut arriving = Arriving::begin(&config.data, &name, config.import.bytes)?;
    while let Some(piece) = field.chunk().await? {
        arriving.take(&piece).await?;
    }
    Ok(arriving.end().await?)
}

/// What is done with faulty rows, where it is said.
pub(super) fn mode(wanted: Option<ImportMode>) -> Mode {
    match wanted.unwrap_or_default() {
        ImportMode::AllOrNothing => Mode::AllOrNothing,
        ImportMode::GoodRows => Mode::GoodRows,
    }
}

impl From<Interrupted> for Failure {
    fn from(interrupted: Interrupted) -> Self {
        match interrupted {
            Interrupted::TooLarge(limit) => {
                let megabytes = limit >> 20;
                Self::TooLarge(format!(
                    "The file is larger than {megabytes} MB, the most that an import may have."
                ))
            }
            Interrupted::Io(error) => Self::internal(error),
        }
    }
}
