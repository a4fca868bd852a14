//! What the sign-in page offers.

use claviger_api::{SignInMethods, SignInProvider};
use claviger_store::sign_in_providers;

use super::document::Document;
use crate::{App, Failure};

/// More buttons than these make no page.
const BUTTONS: u32 = 50;

/// By what means one may sign in here. A tenant that does not want to be seen gives its start address to its people.
///
/// # Errors
/// What the store meets.
pub async fn methods(app: &App) -> Result<SignInMethods, Failure> {
    let all = app
        .store()
        .read(async |reader| Ok::<_, Failure>(sign_in_providers::all(reader, BUTTONS).await?))
        .await?;
    let mut oidc = Vec::new();
    for provider in all {
        let document = Document::parse(&provider.document)?;
        if document.listed {
            oidc.push(SignInProvider {
                key: provider.public_key,
                label: document.button_label,
            });
        }
    }
    Ok(SignInMethods {
        password: true,
        passkey: true,
        oidc,
    })
}
