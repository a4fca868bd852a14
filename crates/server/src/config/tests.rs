//! Settings are judged as the table and the documentation say.

use std::collections::BTreeMap;

use super::{Config, ConfigError, Raw, SETTINGS, page};

fn check(
    flags: &[(&'static str, &str)],
    environment: &[(&str, &str)],
    file: Option<&str>,
) -> Result<Config, ConfigError> {
    let flags: BTreeMap<_, _> = flags.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let read = |name: &str| {
        environment
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| (*value).to_owned())
    };
    Config::check(&Raw::merge(&flags, read, file)?)
}

#[test]
fn flags_win_over_the_environment_and_the_environment_over_the_file() {
    let file = "listen = '127.0.0.1:3'\nsession_idle_minutes = 7\ndata = '/a'";
    let config = check(
        &[("listen", "127.0.0.1:1")],
        &[("CLAVIGER_LISTEN", "127.0.0.1:2"), ("CLAVIGER_DATA", "/b")],
        Some(file),
    )
    .unwrap();
    assert_eq!(config.listen.port(), 1);
    assert_eq!(config.data.to_str(), Some("/b"));
    assert_eq!(config.session_idle.as_secs(), 7 * 60);
}

#[test]
fn the_defaults_alone_are_fit_to_start_with() {
    let config = check(&[], &[], None).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8480");
    assert_eq!(config.database, "data/claviger.db");
}

#[test]
fn plain_http_off_loopback_needs_a_proxy_or_tls() {
    let refused = check(&[("listen", "0.0.0.0:8480")], &[], None).err().unwrap();
    assert!(refused.to_string().contains("--behind-proxy"), "{refused}");
    assert!(check(&[("listen", "0.0.0.0:8480"), ("behind-proxy", "true")], &[], None).is_ok());
    assert!(
        check(
            &[("listen", "0.0.0.0:8480"), ("tls-cert", "c"), ("tls-key", "k")],
            &[],
            None
        )
        .is_ok()
    );
    assert!(check(&[("tls-cert", "c")], &[], None).is_err());
}

#[test]
fn unknown_and_unfit_settings_are_named() {
    for (file, named) in [
        ("lisen = 'x'", "lisen"),
        ("listen = 'x'", "listen"),
        ("data = ['x']", "data"),
        ("public_url = 'https://127.0.0.1/'", "public-url"),
        ("public_url = 'https://host.example/path'", "public-url"),
        ("checkpoint_seconds = 61", "checkpoint-seconds"),
        ("kek = 'short'", "kek"),
        ("= 3", "TOML"),
    ] {
        let error = check(&[], &[], Some(file)).err().unwrap().to_string();
        assert!(error.contains(named), "{file}: {error}");
    }
}

#[test]
fn proxies_are_trusted_only_behind_a_proxy() {
    assert!(
        check(&[("trusted-proxies", "10.0.0.0/8")], &[], None)
            .unwrap()
            .trusted_proxies
            .is_empty()
    );
    let config = check(
        &[("trusted-proxies", "10.0.0.0/8"), ("behind-proxy", "true")],
        &[],
        None,
    )
    .unwrap();
    assert!(
        config
            .trusted_proxies
            .first()
            .unwrap()
            .contains("10.9.9.9".parse().unwrap())
    );
}

#[test]
fn every_setting_has_a_name_of_its_own_and_a_sentence() {
    let names: std::collections::BTreeSet<_> = SETTINGS.iter().map(|setting| setting.name).collect();
    assert_eq!(names.len(), SETTINGS.len());
    assert!(SETTINGS.iter().all(|setting| setting.help.len() > 10));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "blessing is asked for by the environment")]
fn the_committed_page_is_what_the_table_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/settings.md");
    if std::env::var_os("CLAVIGER_BLESS").is_some() {
        std::fs::write(path, page()).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        committed,
        page(),
        "run the tests once with CLAVIGER_BLESS=1 and commit docs/settings.md"
    );
}
