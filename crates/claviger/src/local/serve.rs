//! `claviger serve`.

use clap::Args;
use claviger_server::{
    Config,
    auth::passwords::Passwords,
    config::SETTINGS,
    demo::{self, Demo},
    local,
    ports::Clock,
    serve::{Choices, StartError, start},
    telemetry,
};

use super::{flags::AllSettings, wait};
use crate::{exit::Exit, failure::Failure, output::Output};

/// How the server runs.
#[derive(Debug, Args)]
#[command(after_help = secrets())]
pub(crate) struct Serve {
    #[command(flatten)]
    settings: AllSettings,
}

fn secrets() -> String {
    let mut help = String::from("Never flags, since other users of this machine can read command lines:\n");
    for setting in SETTINGS.iter().filter(|setting| setting.secret) {
        help.extend(["  ", &setting.environment(), "  ", setting.help, "\n"]);
    }
    help.push_str("\nExamples:\n  claviger serve --data /var/lib/claviger\n");
    help.push_str("  claviger serve --listen 0.0.0.0:8480 --behind-proxy --public-url https://claviger.example.org");
    help
}

/// Runs the server until it is told to stop.
pub(super) fn run(order: &Serve) -> Result<(), Failure> {
    let config = order.settings.config()?;
    telemetry::start_logs(&config.log, config.log_json)
        .map_err(|error| Failure::usage(format!("setting `log`: {error}")))?;
    wait(serve(config))
}

async fn serve(config: Config) -> Result<(), Failure> {
    let demo = if config.demo {
        Some(prepare(&config).await?)
    } else {
        None
    };
    let again = config.data.display().to_string();
    let mut running = start(config, Choices::default()).await.map_err(|error| match error {
        StartError::Local(error) => Failure::from(error),
        StartError::Io(..) | StartError::Store(_) | StartError::Kek(_) | StartError::Other(_) => {
            Failure::new(Exit::Unexpected, error.to_string())
        }
    })?;
    let version = env!("CARGO_PKG_VERSION");
    Output::text(&format!("Claviger {version} answers at {}\n", running.app().origin()))?;
    match running.first_run_link().await {
        Ok(Some(link)) => Output::text(&format!("First run: open within 24 hours {}\n", link.url.as_str()))?,
        Ok(None) => {}
        Err(failure) => {
            return Err(Failure::new(
                Exit::Unexpected,
                format!("the first-run link cannot be made: {failure:?}"),
            ));
        }
    }
    if let Some(demo) = demo {
        Output::text(&sign_in(&demo, &again))?;
    }
    running.told_to_stop().await;
    running.stop().await;
    Ok(())
}

/// Fills an empty server before anybody is answered.
async fn prepare(config: &Config) -> Result<Demo, Failure> {
    local::private::folder(&config.data).map_err(|cause| Failure::file(config.data.display(), &cause))?;
    let passwords = Passwords::new(config.password_workers)
        .map_err(|failure| Failure::new(Exit::Unexpected, format!("{failure:?}")))?;
    let store = local::open(config).await?;
    let demo = demo::prepare(config, &store, &Clock::default(), &passwords).await;
    store.close().await;
    Ok(demo?)
}

fn sign_in(demo: &Demo, data: &str) -> String {
    let who = demo::ADMINISTRATOR;
    let again = format!("claviger recover-owner --data {data} --administrator {who}");
    match demo {
        Demo::Made { password } => format!(
            "Demonstration: sign in as {who} with the password {}\nIt is shown this once; another one is set by `{again}`\n",
            password.as_str()
        ),
        Demo::Kept => format!("Demonstration: sign in as {who}; a new password is set by `{again}`\n"),
    }
}
