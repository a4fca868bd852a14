//! The reviewed list of operations that anybody may call, and the test that holds the routes to it.

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// Operation and reason; a test compares it with what is mounted.
    const REVIEWED: &[(&str, &str)] = &[
        ("setup_show", "a browser asks whether there is anyone to sign in as"),
        ("setup_complete", "its one-time token is the credential"),
        ("setup_link", "its one-time token is the credential"),
        ("setup_passkey", "its one-time token is the credential"),
        ("session_open", "the password is the credential"),
        (
            "session_passkey_begin",
            "the ceremony that proves who it is begins here",
        ),
        ("session_passkey_finish", "the passkey's signature is the credential"),
        ("sign_in_methods", "the sign-in page asks what to offer"),
        ("session_oidc_start", "a browser is sent to prove who it is"),
        ("session_oidc_finish", "the provider's signed token is the credential"),
    ];

    #[test]
    fn every_operation_demands_a_privilege_or_is_on_the_reviewed_list() {
        let document = serde_json::to_value(crate::rest::openapi()).unwrap();
        let mut open = BTreeSet::new();
        let mut ids = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap();
                assert!(ids.insert(id.to_owned()), "{id} twice");
                match operation["x-privilege"].as_str() {
                    Some("open") => assert!(open.insert((id, operation["x-open"].as_str().unwrap()))),
                    Some(_) => {
                        // By session or API token, for each privilege that does.
                        let either = if operation["x-privilege-or"].is_null() { 1 } else { 2 };
                        assert_eq!(operation["security"].as_array().unwrap().len(), 2 * either, "{id}");
                    }
                    None => panic!("{method} {path} is mounted without a guard"),
                }
            }
        }
        assert!(ids.len() > 20);
        assert_eq!(open, REVIEWED.iter().copied().collect(), "review the list in open.rs");
    }
}
