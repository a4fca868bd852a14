//! `docs/roles.md`: who may do what, made from the reviewed snapshot of the role matrix and the docstrings of the privileges.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail};

use crate::tree::Tree;

const MATRIX: &str = "crates/domain/src/snapshots/claviger_domain__role__tests__role_matrix.snap";
const PRIVILEGES: &str = "crates/domain/src/privilege.rs";

/// Name on the wire and heading, in the order of the matrix, which cuts names after nine characters.
const ROLES: [(&str, &str); 10] = [
    ("owner", "Owner"),
    ("administrator", "Administrator"),
    ("device_service_administrator", "Device service administrator"),
    ("help_desk", "Help desk"),
    ("warehouse", "Warehouse"),
    ("user_administrator", "User administrator"),
    ("auditor", "Auditor"),
    ("view_only", "View only"),
    ("workstation", "Workstation"),
    ("verifier", "Verifier"),
];

const INTRODUCTION: &str = "\
# Roles and privileges

A **privilege** is a verb on an object. A **role** is a set of privileges. A **grant** gives an administrator a role in one tenant; an
API token has one role in one tenant. What is not granted is denied, by the server and for every interface alike; the console leaves
out what the server would refuse. The last two roles are meant for programs: API tokens hold them, people do not.

An administrator never acts on somebody *above* him: somebody who holds a privilege that he lacks. Nor does he make API tokens or
grants that could do more than he can. He is barred, and his sessions are ended, tenant by tenant; the last Owner who signs in by a
password or passkey of his own stays.

**Custom roles** are made beside the built-in ones (`POST /api/v1/roles`, privilege `role.write`): a name and the privileges it holds.
Nobody makes, changes, hands out or takes away a role that allows what he may not do himself. A changed role holds at once for all who
hold it: on the server that changed it with the commit, on others within a second. A role that an administrator, an API token or a group
of the identity provider leads to cannot be removed, and names of built-in roles are reserved however they are spelt.

At the command line: `claviger roles privileges` explains this table for the server at hand, `claviger roles create` and `roles update` make
and change custom roles, `claviger administrators` invites, changes and bars people and ends their sessions, one or all.

An administrator may be **tied to a user** of the tenant, by hand or by the identity provider's subject. Rules that compare persons look
at it: nobody approves his own request, and nobody acts on the holder of a key who, as an administrator, may do more than he, nor
changes or disables the user who is such an administrator, by hand or by a list.

**API tokens stop with whoever made them**: while he is barred from the tenant, and while the token could do more than he may do now. The
list says why (`stopped`); let in again, they work again. A token made by a token is its maker's maker's. One that was made at the
server's own command line is nobody's, and lives until it is revoked.

Which operation of the API needs which privilege stands in the OpenAPI document (`/api/v1/openapi.json`, `security` of each operation).
Some privileges belong to parts that are still to come; they are in the table so that roles do not change under you later.

`cargo xtask generate` makes this page from the domain's own tests.

| privilege | allows to |";

/// The page.
pub(super) fn page(tree: &Tree) -> Result<String> {
    table(&tree.read(MATRIX)?, &tree.read(PRIVILEGES)?)
}

fn table(matrix: &str, privileges: &str) -> Result<String> {
    let mut lines = matrix.rsplit("---\n").next().unwrap_or_default().lines();
    let heads: Vec<_> = lines.next().unwrap_or_default().split_whitespace().collect();
    if heads.len() != ROLES.len() || heads.iter().zip(ROLES).any(|(head, (name, _))| !name.starts_with(head)) {
        bail!("the roles of the matrix are {heads:?}; ROLES in xtask/src/generate/roles.rs has others");
    }
    let mut page = INTRODUCTION.to_owned();
    for (_, heading) in ROLES {
        let _ = write!(page, " {heading} |");
    }
    page.push_str("\n|---|---|");
    page.push_str(&":-:|".repeat(ROLES.len()));
    page.push('\n');
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let mut cells = line.split_whitespace();
        let name = cells.next().unwrap_or_default();
        let about = about(privileges, name).with_context(|| format!("{PRIVILEGES} does not explain {name}"))?;
        let _ = write!(page, "| `{name}` | {about} |");
        for cell in cells {
            page.push_str(if cell == "x" { " ● |" } else { " |" });
        }
        page.push('\n');
    }
    Ok(page)
}

/// The docstring above a privilege's name, without its full stop, as the end of a sentence.
fn about(privileges: &str, name: &str) -> Option<String> {
    let named = format!(" = \"{name}\",");
    let before = privileges.lines().collect::<Vec<_>>();
    let place = before.iter().position(|line| line.ends_with(&named))?;
    let text = before.get(place.checked_sub(1)?)?.trim().strip_prefix("/// ")?;
    let text = text.trim_end_matches('.');
    let mut letters = text.chars();
    let first = letters.next()?.to_lowercase();
    Some(first.chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "    /// See keys, batches.\n    InventoryRead = \"inventory.read\",\n";

    fn matrix(last: &str) -> String {
        let cut = |name: &str| name.chars().take(9).collect::<String>();
        let heads: Vec<_> = ROLES.iter().take(9).map(|(name, _)| cut(name)).collect();
        format!(
            "---\nsource: a\n---\n  {} {last}\ninventory.read x . x x x x x x x .\n",
            heads.join(" ")
        )
    }

    #[test]
    fn a_privilege_is_explained_and_marked_where_it_is_held() {
        let page = table(&matrix("verifier"), SOURCE).unwrap();
        let line = "| `inventory.read` | see keys, batches | ● | | ● | ● | ● | ● | ● | ● | ● | |\n";
        assert!(page.ends_with(line), "{page}");
        assert!(
            table(&matrix("verifier"), "").is_err(),
            "an unexplained privilege is an error"
        );
    }

    #[test]
    fn a_role_that_this_page_does_not_know_is_an_error() {
        assert!(table(&matrix("emperor"), SOURCE).is_err());
    }
}
