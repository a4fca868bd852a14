//! Which users a request means: the names of the list's query, which the export shares.

use claviger_domain::user::UserStatus;
use claviger_store::users::{Column, Filter, Sort};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    Failure,
    rest::wanted::{limit, search, sort, word},
};

/// A filter of users, checked, with the order they are wanted in.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) filter: Filter,
    pub(super) sort: Option<Sort>,
}

/// A query that names users; the list's has paging besides. (`flatten` would let unknown names through.)
macro_rules! query {
    ($(#[$doc:meta])* $name:ident { $($paging:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(super) struct $name {
            /// Looked for in user name, display name and e-mail address.
            q: Option<String>,
            /// `active` or `disabled`; both when left out.
            status: Option<String>,
            /// A column, with `-` before it for falling order: `user_name`, `display_name`, `updated_at`, `created_at`.
            /// Without it: best match first when searching, else by user name.
            sort: Option<String>,
            $($paging)*
        }

        impl $name {
            /// Checks every name.
            pub(super) fn check(&self) -> Result<Wanted, Failure> {
                let filter = Filter {
                    q: search(self.q.as_deref())?,
                    status: word(self.status.as_deref(), "status", STATUSES, UserStatus::parse)?,
                };
                Ok(Wanted { filter, sort: sort(self.sort.as_deref(), COLUMNS, column)? })
            }
        }
    };
}

const STATUSES: &str = "`active` or `disabled` is wanted";
const COLUMNS: &str = "user_name, display_name, updated_at or created_at is wanted";

query! {
    /// Which users.
    UserFilter {}
}

query! {
    /// Which page of which users.
    UserPage {
        /// Most users of a page, 1 to 200; 50 when left out.
        limit: Option<u16>,
        /// `next_cursor` or `previous_cursor` of another page of the same list.
        pub(super) cursor: Option<String>,
    }
}

impl UserPage {
    /// Most users of the page.
    pub(super) fn limit(&self) -> Result<u16, Failure> {
        limit(self.limit)
    }
}

fn column(name: &str) -> Option<Column> {
    Some(match name {
        "user_name" => Column::UserName,
        "display_name" => Column::DisplayName,
        "updated_at" => Column::UpdatedAt,
        "created_at" => Column::CreatedAt,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use claviger_store::pages::Direction;

    use super::*;

    #[test]
    fn each_wrong_value_is_named() {
        let pointer = |query: &str| {
            let checked = crate::rest::extract::parse_query::<UserPage>(query).and_then(|query| {
                query.limit()?;
                query.check()
            });
            match checked {
                Err(Failure::Validation(errors)) => errors.first().unwrap().pointer.clone(),
                other => panic!("{query}: {other:?}"),
            }
        };
        for (query, named) in [
            ("status=gone", "?status"),
            ("sort=email", "?sort"),
            ("limit=0", "?limit"),
            ("colour=red", "?colour"),
        ] {
            assert_eq!(pointer(query), named);
        }
        assert_eq!(pointer(&format!("q={}", "x".repeat(201))), "?q");
        let query: UserPage = crate::rest::extract::parse_query("q=&status=&sort=-created_at").unwrap();
        let Wanted { filter, sort } = query.check().unwrap();
        assert_eq!(filter, Filter::default());
        assert_eq!(
            sort.map(|sort| (sort.column, sort.direction)),
            Some((Column::CreatedAt, Direction::Descending))
        );
    }
}
