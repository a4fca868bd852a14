//! What the program says with its exit code: one code per type of problem.

use claviger_api::{ProblemKind, client::ClientError};

/// An exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Unexpected,
    Usage,
    Validation,
    Unauthenticated,
    Forbidden,
    NotFound,
    Refused,
    Duplicate,
    TooLarge,
    RateLimited,
    Sealed,
    Unreachable,
    RowsRejected,
    JobEnded,
    NotConfirmed,
}

/// Every code but 0, with its name and meaning.
pub(crate) const ALL: &[(Exit, u8, &str, &str)] = &[
    (
        Exit::Unexpected,
        1,
        "unexpected",
        "Something else went wrong; the message says what. `audit verify`: the log is not intact. `settings sign-in test`: the provider cannot be used.",
    ),
    (Exit::Usage, 2, "usage", "The command line is wrong: see `--help`."),
    (
        Exit::Validation,
        3,
        "validation",
        "The server does not accept a value; the message names the place.",
    ),
    (
        Exit::Unauthenticated,
        4,
        "unauthenticated",
        "The API token is missing, wrong, expired or revoked.",
    ),
    (
        Exit::Forbidden,
        5,
        "forbidden",
        "The API token's role lacks the privilege.",
    ),
    (Exit::NotFound, 6, "not-found", "There is no such thing in this tenant."),
    (
        Exit::Refused,
        7,
        "refused",
        "The state does not allow it, or somebody else changed it meanwhile (`stale`). `tokens verify`, `tokens test`: the code is not accepted.",
    ),
    (Exit::Duplicate, 8, "duplicate", "It exists already."),
    (Exit::TooLarge, 9, "too-large", "The file or the request is too large."),
    (
        Exit::RateLimited,
        10,
        "rate-limited",
        "Too many attempts; the message says how long to wait.",
    ),
    (
        Exit::Sealed,
        11,
        "sealed",
        "The server runs without its key-encryption key.",
    ),
    (
        Exit::Unreachable,
        12,
        "unreachable",
        "No answer came, or the server is too busy; repeating is safe, but for `tokens verify` and `tokens test`: their code may be used up.",
    ),
    (
        Exit::RowsRejected,
        13,
        "rows-rejected",
        "A delivery file has rejected rows, or a bulk job was refused for some keys or tokens; the rest is as the output says.",
    ),
    (Exit::JobEnded, 14, "job-ended", "The job failed or was cancelled."),
    (
        Exit::NotConfirmed,
        15,
        "not-confirmed",
        "The question was answered with no, or there was nobody to ask and --yes was not given.",
    ),
];

impl Exit {
    /// The number.
    pub(crate) fn code(self) -> u8 {
        ALL.iter()
            .find(|(exit, ..)| *exit == self)
            .map_or(1, |(_, code, ..)| *code)
    }

    /// The code that stands for what a call came to.
    pub(crate) fn of(error: &ClientError) -> Self {
        match error {
            ClientError::Problem(_) => error.kind().map_or(Self::Unexpected, Self::of_kind),
            ClientError::Unreachable { .. } => Self::Unreachable,
            ClientError::Settings(_) => Self::Usage,
            ClientError::Unexpected(_) | ClientError::File { .. } => Self::Unexpected,
        }
    }

    pub(crate) fn of_kind(kind: ProblemKind) -> Self {
        match kind {
            ProblemKind::Validation => Self::Validation,
            ProblemKind::Unauthenticated => Self::Unauthenticated,
            ProblemKind::Forbidden | ProblemKind::StepUpRequired => Self::Forbidden,
            ProblemKind::NotFound => Self::NotFound,
            ProblemKind::Stale | ProblemKind::Refused | ProblemKind::ResyncFailed => Self::Refused,
            ProblemKind::Duplicate => Self::Duplicate,
            ProblemKind::TooLarge => Self::TooLarge,
            ProblemKind::RateLimited => Self::RateLimited,
            ProblemKind::Sealed => Self::Sealed,
            ProblemKind::Unavailable | ProblemKind::Timeout => Self::Unreachable,
            ProblemKind::Malformed
            | ProblemKind::MethodNotAllowed
            | ProblemKind::UnsupportedMediaType
            | ProblemKind::Internal => Self::Unexpected,
        }
    }
}

/// The page shown by `claviger exit-codes`.
pub(crate) fn page() -> String {
    let mut page = String::from("Exit codes\n\n   0  ok               It was done.\n");
    for (_, code, name, meaning) in ALL {
        page.extend(["  ", &format!("{code:>2}  {name:<15}"), "  ", meaning, "\n"]);
    }
    page.push_str("\nA program that was interrupted ends as its shell defines, 130 after Ctrl-C.\n");
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exit_code_is_its_own() {
        for (place, (exit, code, ..)) in ALL.iter().enumerate() {
            assert_eq!(usize::from(*code), place + 1);
            assert_eq!(exit.code(), *code);
        }
    }

    #[test]
    fn problem_types_have_the_documented_codes() {
        let codes: Vec<_> = ProblemKind::ALL
            .iter()
            .map(|kind| format!("{} {}", kind.name(), Exit::of_kind(*kind).code()))
            .collect();
        insta::assert_snapshot!(codes.join("\n"));
    }
}
