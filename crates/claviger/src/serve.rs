//! `claviger serve`: its flags are the table of settings.

use std::{collections::BTreeMap, io::Write as _};

use anyhow::Context as _;
use clap::{Arg, ArgAction, ArgMatches, Command};
use claviger_server::{
    Config,
    config::{Raw, SETTINGS, Setting},
    serve::{Choices, start},
    telemetry,
};

/// The command and its flags.
pub fn command() -> Command {
    let file = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .help("TOML file of settings [env: CLAVIGER_CONFIG]");
    let secrets = SETTINGS.iter().filter(|setting| setting.secret);
    let secrets: Vec<String> = secrets
        .map(|setting| format!("  {}  {}", setting.environment(), setting.help))
        .collect();
    Command::new("serve")
        .about("Runs the server")
        .arg(file)
        .args(SETTINGS.iter().filter(|setting| !setting.secret).map(flag))
        .after_help(format!("Environment or file only:\n{}", secrets.join("\n")))
}

fn flag(setting: &Setting) -> Arg {
    let environment = setting.environment();
    let default = if setting.default.is_empty() {
        String::new()
    } else {
        format!(" [default: {}]", setting.default)
    };
    let arg = Arg::new(setting.name)
        .long(setting.name)
        .help(format!("{} [env: {environment}]{default}", setting.help));
    match setting.value {
        Some(value) => arg.value_name(value),
        None => arg
            .num_args(0..=1)
            .default_missing_value("true")
            .require_equals(true)
            .value_name("BOOL")
            .action(ArgAction::Set),
    }
}

/// Runs the server until it is told to stop.
///
/// # Errors
/// Says what cannot be used.
pub fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let config = settings(matches)?;
    telemetry::start_logs(&config.log, config.log_json).context("setting `log`")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(config))
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let mut running = start(config, Choices::default()).await?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "Claviger {} answers at {}",
        env!("CARGO_PKG_VERSION"),
        running.app().origin()
    )?;
    match running.first_run_link().await {
        Ok(Some(link)) => writeln!(out, "First run: open within 24 hours {}", link.url.as_str())?,
        Ok(None) => {}
        Err(failure) => anyhow::bail!("the first-run link cannot be made: {failure:?}"),
    }
    out.flush()?;
    running.told_to_stop().await;
    running.stop().await;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this is where the environment is read, once")]
fn settings(matches: &ArgMatches) -> anyhow::Result<Config> {
    let environment = |name: &str| std::env::var(name).ok();
    let file = matches
        .get_one::<String>("config")
        .cloned()
        .or_else(|| environment("CLAVIGER_CONFIG"));
    let file = match file {
        Some(path) => Some(std::fs::read_to_string(&path).with_context(|| path)?),
        None => None,
    };
    let given = SETTINGS.iter().filter(|setting| !setting.secret);
    let flags: BTreeMap<&'static str, String> = given
        .filter_map(|setting| {
            matches
                .get_one::<String>(setting.name)
                .map(|value| (setting.name, value.clone()))
        })
        .collect();
    Ok(Config::check(&Raw::merge(&flags, environment, file.as_deref())?)?)
}

#[cfg(test)]
mod tests {
    use claviger_server::config::SETTINGS;

    #[test]
    fn help_lists_every_setting_with_its_environment_name() {
        let help = super::command().render_long_help().to_string();
        for setting in SETTINGS {
            assert!(help.contains(&setting.environment()), "{}", setting.name);
        }
    }
}
