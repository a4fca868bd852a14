//! Which tokens a request means: the names of the list's query, which bulk filters and exports share.

use claviger_domain::otp::{Kind, Status};
use claviger_store::{
    otp_tokens::{Column, Filter, Sort},
    security_keys::Holders,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    Failure,
    rest::wanted::{id, ids, limit, list, search, sort, switch, word},
};

/// A filter of tokens, checked, with the order they are wanted in.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) filter: Filter,
    pub(super) sort: Option<Sort>,
}

/// A query that names tokens; the list's has paging besides. (`flatten` would let unknown names through.)
macro_rules! query {
    ($(#[$doc:meta])* $name:ident { $($paging:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(super) struct $name {
            /// Looked for in serial number and user name.
            q: Option<String>,
            /// Statuses, comma-separated: `active`, `disabled`, `compromised`, `expired`; any when left out.
            status: Option<String>,
            /// `hotp` or `totp`; both when left out.
            #[serde(rename = "type")]
            #[param(rename = "type")]
            kind: Option<String>,
            /// Id of the user who has it.
            user: Option<String>,
            /// Whether too many wrong codes were tried.
            #[serde(default, deserialize_with = "switch")]
            locked: Option<bool>,
            /// Id of the import that brought them.
            batch: Option<String>,
            /// Ids of tokens, comma-separated, at most 200.
            ids: Option<String>,
            /// A column, with `-` before it for falling order: `imported_at`, `serial_number`, `type`, `status`, `user`.
            /// Without it: best match first when searching, else newest first.
            sort: Option<String>,
            $($paging)*
        }

        impl $name {
            /// Checks every name.
            pub(super) fn check(&self) -> Result<Wanted, Failure> {
                let filter = Filter {
                    q: search(self.q.as_deref())?,
                    statuses: list(self.status.as_deref(), "status", STATUSES, Status::parse)?.unwrap_or_default(),
                    kind: word(self.kind.as_deref(), "type", "`hotp` or `totp` is wanted", Kind::parse)?,
                    user: id(self.user.as_deref(), "user")?,
                    locked: self.locked,
                    batch: id(self.batch.as_deref(), "batch")?,
                    ids: ids(self.ids.as_deref())?,
                    holders: Holders::Searched,
                };
                Ok(Wanted { filter, sort: sort(self.sort.as_deref(), COLUMNS, column)? })
            }
        }
    };
}

const STATUSES: &str = "statuses such as active,disabled are wanted";
const COLUMNS: &str = "imported_at, serial_number, type, status or user is wanted";

query! {
    /// Which tokens.
    TokenFilter {}
}

query! {
    /// Which page of which tokens.
    TokenPage {
        /// Most tokens of a page, 1 to 200; 50 when left out.
        limit: Option<u16>,
        /// `next_cursor` or `previous_cursor` of another page of the same list.
        pub(super) cursor: Option<String>,
    }
}

impl TokenPage {
    /// Most tokens of the page.
    pub(super) fn limit(&self) -> Result<u16, Failure> {
        limit(self.limit)
    }
}

fn column(name: &str) -> Option<Column> {
    Some(match name {
        "imported_at" => Column::ImportedAt,
        "serial_number" => Column::SerialNumber,
        "type" => Column::Kind,
        "status" => Column::Status,
        "user" => Column::Holder,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_value_is_named() {
        let pointer = |query: &str| {
            let checked = crate::rest::extract::parse_query::<TokenPage>(query).and_then(|query| {
                query.limit()?;
                query.check()
            });
            match checked {
                Err(Failure::Validation(errors)) => errors.first().unwrap().pointer.clone(),
                other => panic!("{query}: {other:?}"),
            }
        };
        for name in ["status", "type", "user", "batch", "ids", "sort"] {
            assert_eq!(pointer(&format!("{name}=wrong")), format!("?{name}"));
        }
        assert_eq!(pointer("limit=0"), "?limit");
        assert_eq!(pointer("seed=x"), "?seed");
        let query: TokenPage =
            crate::rest::extract::parse_query("type=hotp&status=active,disabled&locked=true").unwrap();
        let filter = query.check().unwrap().filter;
        assert_eq!((filter.kind, filter.locked), (Some(Kind::Hotp), Some(true)));
        assert_eq!(filter.statuses, [Status::Active, Status::Disabled]);
    }
}
