//! Takes a list of users: previews it, or imports it whole.

use axum::http::StatusCode;
use claviger_api as wire;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    actions::users::{self as actions, Report},
    auth::Caller,
    rest::{Answer, Multipart, Query, guard::UserWrite, imports::received, reply::Reply},
};

/// What is to be done with the file.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only looks at the file: always answers 200.
    #[serde(default)]
    dry_run: bool,
}

/// The body.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct UserListForm {
    /// CSV with `user_name, display_name` and, if wanted, `email, locale`.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

impl Reply for Report {
    type Body = wire::UserImport;

    fn body(&self) -> Option<wire::UserImport> {
        let errors = self.faults.iter().map(|fault| wire::ImportError {
            line: fault.line,
            column: fault.column.clone(),
            detail: fault.detail.clone(),
        });
        let preview = self.preview.iter().map(|(user, outcome)| wire::UserImportRow {
            user_name: user.user_name.as_str().to_owned(),
            display_name: user.display_name.as_str().to_owned(),
            email: user.email.as_ref().map(|email| email.as_str().to_owned()),
            locale: user.locale.as_ref().map(|locale| locale.as_str().to_owned()),
            outcome: outcome.as_str().to_owned(),
        });
        Some(wire::UserImport {
            counts: wire::UserImportCounts {
                created: self.created,
                updated: self.updated,
                unchanged: self.unchanged,
                rejected: self.rejected,
            },
            errors: errors.collect(),
            errors_truncated: self.faults_truncated,
            preview: preview.collect(),
            sha256: self.sha256.clone(),
        })
    }
}

/// Imports a list of users, at most 50,000: those that are not there are made, the others say what the file says. Nobody
/// is disabled, enabled or taken out. A file with a fault, or one that changes an administrator who may do more than the
/// caller, is refused whole (422).
#[utoipa::path(
    post, path = "/users/import", operation_id = "user_import", tag = "users",
    params(Wanted),
    request_body(content = UserListForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "Imported, or looked at with `dry_run`", body = wire::UserImport),
        (status = 422, description = "Refused: `errors` says why; a problem when the request itself is faulty", content(
            (wire::UserImport = "application/json"),
            (wire::Problem = "application/problem+json"),
        )),
    ),
)]
pub(super) async fn import(caller: Caller<UserWrite>, Query(wanted): Query<Wanted>, form: Multipart) -> Answer {
    let upload = received(&caller, form).await?;
    let caller = caller.uploading(&upload.file_name, &upload.sha256);
    if wanted.dry_run {
        return caller.answer(actions::preview(&caller, upload).await?);
    }
    let report = actions::apply(&caller, upload).await?;
    if report.is_refused() {
        return caller.answering(StatusCode::UNPROCESSABLE_ENTITY).answer(report);
    }
    caller.answer(report)
}
