//! The command line: every command and the room it is carried out in.

use clap::{CommandFactory, Parser, Subcommand};

use crate::{
    exit,
    failure::Failure,
    local,
    output::Output,
    remote::{self, Remote},
};

const EXAMPLES: &str = "\
Examples:
  claviger serve --data /var/lib/claviger
  claviger setup --data /var/lib/claviger --tenant \"Example Ltd\" --administrator ada@example.org
  claviger backup --data /var/lib/claviger backup.clv
  claviger keys list --server https://claviger.example.org --token-file token.txt
  claviger imports create delivery.csv --policy \"Head office\"
  claviger tokens verify --user jnovak

Commands that ask a server read CLAVIGER_SERVER and CLAVIGER_TOKEN, or CLAVIGER_TOKEN_FILE; `claviger whoami` tries them.
`claviger exit-codes` lists the exit codes.";

/// Looks after the security keys and OTP tokens of an organisation
#[derive(Debug, Parser)]
#[command(name = "claviger", version, after_help = EXAMPLES, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Local(local::Local),
    /// Check the audit log of this machine, or read that of a server
    #[command(subcommand)]
    Audit(Audit),
    /// List, import, change and export security keys
    Keys(Remote<remote::keys::Keys>),
    /// Bring deliveries into stock
    Imports(Remote<remote::imports::Imports>),
    /// List, import, change, verify and export OTP tokens
    Tokens(Remote<remote::tokens::Tokens>),
    /// Look after the people to whom keys and tokens are assigned
    Users(Remote<remote::users::Users>),
    /// Look after policies
    Policies(Remote<remote::policies::Policies>),
    /// Ask for a second person's agreement and answer those who ask
    Approvals(Remote<remote::approvals::Approvals>),
    /// Follow long work
    Jobs(Remote<remote::jobs::Jobs>),
    /// Look after the people who work in the console, their roles and sessions
    Administrators(Remote<remote::administrators::Administrators>),
    /// Look after roles: who may do what
    Roles(Remote<remote::roles::Roles>),
    /// Look after the API tokens of programs
    ApiTokens(Remote<remote::api_tokens::ApiTokens>),
    /// Read and change the settings of a tenant: mail, sessions, sign-in through an identity provider, verification
    Settings(Remote<remote::settings::Settings>),
    /// Look after the appliances that ask for codes through RADIUS
    RadiusClients(Remote<remote::radius_clients::RadiusClients>),
    /// See and rename the tenant
    Tenants(Remote<remote::tenants::Tenants>),
    /// Upload and fetch the workstation programs
    Downloads(Remote<remote::downloads::Downloads>),
    /// Show what the API token is for and may do
    Whoami(remote::whoami::Whoami),
    /// Print a completion script for a shell
    #[command(after_help = "Example:\n  claviger completions bash > /etc/bash_completion.d/claviger")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Explain the exit codes
    ExitCodes,
}

#[derive(Debug, Subcommand)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one value, made from the command line"
)]
enum Audit {
    /// Check the whole audit log of this machine's database, without a server
    Verify(local::audit::Verify),
    #[command(flatten)]
    Remote(remote::audit::Remote),
}

impl Cli {
    /// Carries out the command.
    pub(crate) fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Local(local) => local::run(local),
            Command::Audit(Audit::Verify(order)) => local::audit::verify(&order),
            Command::Audit(Audit::Remote(command)) => remote::audit::run(command),
            Command::Keys(group) => remote::keys::run(&group.at.open()?, group.command),
            Command::Imports(group) => remote::imports::run(&group.at.open()?, group.command),
            Command::Tokens(group) => remote::tokens::run(&group.at.open()?, group.command),
            Command::Users(group) => remote::users::run(&group.at.open()?, group.command),
            Command::Policies(group) => remote::policies::run(&group.at.open()?, group.command),
            Command::Approvals(group) => remote::approvals::run(&group.at.open()?, group.command),
            Command::Jobs(group) => remote::jobs::run(&group.at.open()?, group.command),
            Command::Administrators(group) => remote::administrators::run(&group.at.open()?, group.command),
            Command::Roles(group) => remote::roles::run(&group.at.open()?, group.command),
            Command::ApiTokens(group) => remote::api_tokens::run(&group.at.open()?, group.command),
            Command::Settings(group) => remote::settings::run(&group.at.open()?, group.command),
            Command::RadiusClients(group) => remote::radius_clients::run(&group.at.open()?, group.command),
            Command::Tenants(group) => remote::tenants::run(&group.at.open()?, group.command),
            Command::Downloads(group) => remote::downloads::run(&group.at.open()?, group.command),
            Command::Whoami(order) => remote::whoami::run(order),
            Command::Completions { shell } => completions(shell),
            Command::ExitCodes => Output::text(&exit::page()),
        }
    }
}

fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "claviger", &mut script);
    Output::text(&String::from_utf8_lossy(&script))
}

#[cfg(test)]
mod tests;
