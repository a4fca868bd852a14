//! Which keys a request means: the names of the list's query, which bulk filters and exports share.

use claviger_domain::{
    security_key::{Mode, Removal, Status, Tab},
    user::UserStatus,
};
use claviger_store::security_keys::{Column, Filter, Holders, Policies, Sort};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    Failure,
    rest::wanted::{given, id, ids, limit, list, search, sort, switch, word, wrong},
};

/// A filter of keys, checked, with the order they are wanted in.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) filter: Filter,
    pub(crate) sort: Option<Sort>,
}

/// A query that names keys; the list's has paging besides. (`flatten` would let unknown names through.)
macro_rules! query {
    ($(#[$doc:meta])* $name:ident { $($paging:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(crate) struct $name {
            /// `stocks` or `inventory`; both when left out.
            tab: Option<String>,
            /// Looked for in serial number, policy name and user name.
            q: Option<String>,
            /// Statuses, comma-separated; any but `disposed` when left out.
            status: Option<String>,
            /// Ids of policies, comma-separated; `none` for keys without one.
            policy: Option<String>,
            /// Id of the user who holds it.
            user: Option<String>,
            /// `active` or `disabled`: the status of the user who holds it.
            user_status: Option<String>,
            /// `managed`, `unmanaged` or `foreign`.
            mode: Option<String>,
            /// Name of the identity provider.
            identity_provider: Option<String>,
            /// Id of the import.
            batch: Option<String>,
            /// Whether PIN tries are used up.
            #[serde(default, deserialize_with = "switch")]
            locked: Option<bool>,
            /// Whether a newer version of the policy waits.
            #[serde(default, deserialize_with = "switch")]
            drift: Option<bool>,
            /// `pending`, `failed` or both, comma-separated: the removal at the identity provider that a revoked key is owed.
            removal: Option<String>,
            /// `failed`: the mail about the revocation was given up.
            mail: Option<String>,
            /// Ids of keys, comma-separated, at most 200.
            ids: Option<String>,
            /// A column, with `-` before it for falling order: `imported_at`, `device_name`, `serial_number`, `version`,
            /// `status`, `policy`, `updated_at`. Without it: best match first when searching, else newest first.
            sort: Option<String>,
            $($paging)*
        }

        impl $name {
            /// Checks every name.
            pub(crate) fn check(&self) -> Result<Wanted, Failure> {
                let filter = Filter {
                    q: search(self.q.as_deref())?,
                    holders: Holders::Searched,
                    tab: word(self.tab.as_deref(), "tab", "`stocks` or `inventory` is wanted", tab)?,
                    statuses: list(self.status.as_deref(), "status", "statuses such as in_stock,ready are wanted", Status::parse)?
                        .unwrap_or_default(),
                    policies: policies(self.policy.as_deref())?,
                    user: id(self.user.as_deref(), "user")?,
                    user_status: word(self.user_status.as_deref(), "user_status", "`active` or `disabled` is wanted", UserStatus::parse)?,
                    mode: word(self.mode.as_deref(), "mode", "`managed`, `unmanaged` or `foreign` is wanted", Mode::parse)?,
                    identity_provider: given(self.identity_provider.as_deref()).map(str::to_owned),
                    batch: id(self.batch.as_deref(), "batch")?,
                    locked: self.locked,
                    drift: self.drift,
                    removals: list(self.removal.as_deref(), "removal", "`pending` or `failed` is wanted", Removal::parse)?
                        .unwrap_or_default(),
                    mail_failed: word(self.mail.as_deref(), "mail", "`failed` is wanted", |mail| (mail == "failed").then_some(true))?,
                    ids: ids(self.ids.as_deref())?,
                };
                Ok(Wanted { filter, sort: sort(self.sort.as_deref(), COLUMNS, column)? })
            }
        }
    };
}

query! {
    /// Which keys.
    KeyFilter {}
}

query! {
    /// Which page of which keys.
    KeyPage {
        /// Most keys of a page, 1 to 200; 50 when left out.
        limit: Option<u16>,
        /// `next_cursor` or `previous_cursor` of another page of the same list.
        pub(crate) cursor: Option<String>,
    }
}

impl KeyPage {
    /// Most keys of the page.
    pub(crate) fn limit(&self) -> Result<u16, Failure> {
        limit(self.limit)
    }
}

fn tab(word: &str) -> Option<Tab> {
    Tab::parse(word).filter(|tab| *tab != Tab::Hidden)
}

fn policies(text: Option<&str>) -> Result<Option<Policies>, Failure> {
    let Some(text) = given(text) else { return Ok(None) };
    let mut chosen = Policies::default();
    for part in text.split(',').map(str::trim) {
        match part {
            "none" => chosen.none = true,
            id => chosen.ids.push(
                id.parse()
                    .map_err(|_| wrong("policy", "ids of policies, or `none`, are wanted"))?,
            ),
        }
    }
    Ok(Some(chosen))
}

const COLUMNS: &str = "imported_at, device_name, serial_number, version, status, policy or updated_at is wanted";

fn column(name: &str) -> Option<Column> {
    Some(match name {
        "imported_at" => Column::ImportedAt,
        "device_name" => Column::DeviceName,
        "serial_number" => Column::SerialNumber,
        "version" => Column::Version,
        "status" => Column::Status,
        "policy" => Column::Policy,
        "updated_at" => Column::UpdatedAt,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use claviger_store::pages::Direction;

    use super::*;

    fn check(query: &str) -> Result<Wanted, Failure> {
        crate::rest::extract::parse_query::<KeyFilter>(query)?.check()
    }

    fn pointer(query: &str) -> String {
        match check(query) {
            Err(Failure::Validation(errors)) => errors.first().unwrap().pointer.clone(),
            other => panic!("{query}: {other:?}"),
        }
    }

    #[test]
    fn every_name_is_read() {
        let id = "0190f3a2-7c1e-7d3a-9b1f-2f6f6f0c1a2b";
        let query = format!(
            "tab=stocks&q=+A1+&status=in_stock,ready&policy={id},none&user={id}&user_status=disabled&mode=foreign&identity_provider=idp\
             &batch={id}&locked=true&drift=false&removal=failed,pending&mail=failed&ids={id},{id}&sort=-serial_number"
        );
        let Wanted { filter, sort } = check(&query).unwrap();
        assert_eq!((filter.q.as_deref(), filter.tab), (Some("A1"), Some(Tab::Stocks)));
        assert_eq!(filter.statuses, [Status::InStock, Status::Ready]);
        assert_eq!(
            filter.policies.map(|chosen| (chosen.ids.len(), chosen.none)),
            Some((1, true))
        );
        assert_eq!(
            (filter.mode, filter.user_status, filter.locked, filter.drift),
            (Some(Mode::Foreign), Some(UserStatus::Disabled), Some(true), Some(false))
        );
        assert_eq!(
            (filter.removals, filter.mail_failed),
            (vec![Removal::Failed, Removal::Pending], Some(true))
        );
        assert_eq!(filter.ids.map(|ids| ids.len()), Some(2));
        assert_eq!(
            sort,
            Some(Sort {
                column: Column::SerialNumber,
                direction: Direction::Descending
            })
        );
    }

    #[test]
    fn empty_values_count_as_left_out() {
        assert_eq!(
            check("tab=&q=&status=&policy=&locked=&removal=&mail=&ids=&sort=")
                .unwrap()
                .filter,
            Filter::default()
        );
    }

    #[test]
    fn each_wrong_value_is_named() {
        for (query, named) in [
            ("tab=hidden", "?tab"),
            ("status=ready,broken", "?status"),
            ("policy=x", "?policy"),
            ("user=x", "?user"),
            ("mode=x", "?mode"),
            ("user_status=gone", "?user_status"),
            ("batch=x", "?batch"),
            ("locked=maybe", "?locked"),
            ("removal=done", "?removal"),
            ("mail=sent", "?mail"),
            ("ids=x", "?ids"),
            ("sort=colour", "?sort"),
            ("colour=red", "?colour"),
        ] {
            assert_eq!(pointer(query), named);
        }
        assert_eq!(pointer(&format!("q={}", "x".repeat(201))), "?q");
    }
}
