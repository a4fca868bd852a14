//! The server's settings as flags, made from its one table.

use std::{collections::BTreeMap, fs, path::PathBuf};

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use claviger_server::{
    Config,
    config::{Raw, SETTINGS, Setting},
};

use crate::failure::Failure;

/// All settings of the server.
#[derive(Debug, Clone)]
pub(crate) struct AllSettings(Given);

/// The settings that say where the data are.
#[derive(Debug, Clone)]
pub(crate) struct DataSettings(Given);

/// The settings that say where the data are and what links begin with.
#[derive(Debug, Clone)]
pub(crate) struct LinkSettings(Given);

/// What stood on the command line.
#[derive(Debug, Clone, Default)]
struct Given {
    flags: BTreeMap<&'static str, String>,
    file: Option<PathBuf>,
}

const DATA: &[&str] = &["data", "database", "kek-file"];
const LINKS: &[&str] = &["data", "database", "kek-file", "public-url", "listen"];

impl AllSettings {
    /// The settings of flags, environment and file together, judged.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        self.0.config()
    }
}

impl DataSettings {
    /// The settings of flags, environment and file together, judged.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        self.0.config()
    }
}

impl LinkSettings {
    /// The settings of flags, environment and file together, judged.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        self.0.config()
    }
}

impl Given {
    fn config(&self) -> Result<Config, Failure> {
        let file = self
            .file
            .clone()
            .or_else(|| environment("CLAVIGER_CONFIG").map(PathBuf::from));
        let text = file
            .as_ref()
            .map(|path| fs::read_to_string(path).map_err(|cause| Failure::file(path.display(), &cause)));
        let raw = Raw::merge(&self.flags, environment, text.transpose()?.as_deref());
        raw.and_then(|raw| Config::check(&raw))
            .map_err(|error| Failure::usage(error.to_string()))
    }

    fn read(matches: &ArgMatches, wanted: impl Fn(&Setting) -> bool) -> Self {
        let given = SETTINGS
            .iter()
            .filter(|setting| flag(setting) && wanted(setting))
            .filter_map(|setting| Some((setting.name, matches.get_one::<String>(setting.name)?.clone())));
        Self {
            flags: given.collect(),
            file: matches.get_one::<PathBuf>("config").cloned(),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where this program reads the environment for settings"
)]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A secret is never a flag, since a process list shows flags.
fn flag(setting: &Setting) -> bool {
    !setting.secret
}

fn augment(mut command: Command, wanted: impl Fn(&Setting) -> bool) -> Command {
    for setting in SETTINGS.iter().filter(|setting| flag(setting) && wanted(setting)) {
        let default = if setting.default.is_empty() || setting.value.is_none() {
            String::new()
        } else {
            format!(" [default: {}]", setting.default)
        };
        let arg = Arg::new(setting.name).long(setting.name).help_heading("Settings");
        let arg = arg.help(format!("{} [env: {}]{default}", setting.help, setting.environment()));
        command = command.arg(match setting.value {
            Some(value) => arg.value_name(value),
            // A switch of the file or the environment can be taken back with `=false`.
            None => arg
                .value_name("BOOL")
                .num_args(0..=1)
                .default_missing_value("true")
                .require_equals(true),
        });
    }
    command.arg(
        Arg::new("config")
            .long("config")
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .help_heading("Settings")
            .help("TOML file of settings; flags and environment win over it [env: CLAVIGER_CONFIG]"),
    )
}

fn all(_: &Setting) -> bool {
    true
}

fn data(setting: &Setting) -> bool {
    DATA.contains(&setting.name)
}

fn links(setting: &Setting) -> bool {
    LINKS.contains(&setting.name)
}

macro_rules! args {
    ($type:ident, $wanted:ident) => {
        impl FromArgMatches for $type {
            fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
                Ok(Self(Given::read(matches, $wanted)))
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                self.0 = Given::read(matches, $wanted);
                Ok(())
            }
        }

        impl Args for $type {
            fn augment_args(command: Command) -> Command {
                augment(command, $wanted)
            }

            fn augment_args_for_update(command: Command) -> Command {
                augment(command, $wanted)
            }
        }
    };
}

args!(AllSettings, all);
args!(DataSettings, data);
args!(LinkSettings, links);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_lists_every_setting_with_its_environment_name() {
        let help = AllSettings::augment_args(Command::new("serve"))
            .render_long_help()
            .to_string();
        for setting in SETTINGS.iter().filter(|setting| flag(setting)) {
            assert!(help.contains(&format!("--{}", setting.name)), "{}", setting.name);
            assert!(help.contains(&setting.environment()), "{}", setting.name);
        }
    }

    #[test]
    fn a_secret_is_never_a_flag() {
        let command = AllSettings::augment_args(Command::new("serve"));
        for setting in SETTINGS.iter().filter(|setting| setting.secret) {
            assert!(
                command.get_arguments().all(|arg| arg.get_long() != Some(setting.name)),
                "{}",
                setting.name
            );
        }
    }
}
