//! What a PostgreSQL role that lacks something is told, and what it may do without.

use claviger_store::{Error, Fault, Store, StoreConfig};
use claviger_testkit::{run, shared};
use tokio_postgres::NoTls;

/// A database of its own, and a role that is not its owner.
struct Database {
    owner: String,
    role: String,
    url: String,
}

impl Database {
    async fn new() -> Self {
        let owner = shared().database().await;
        let name = owner.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
        let role = format!("r_{name}");
        shared()
            .run(&format!("CREATE ROLE {role} LOGIN PASSWORD 'not-to-be-told'"))
            .await;
        let (user, _) = owner.trim_start_matches("postgres://").split_once('@').unwrap();
        let url = owner.replacen(&format!("{user}@"), &format!("{role}:not-to-be-told@"), 1);
        Self { owner, role, url }
    }

    /// Carries out a statement in it as its owner.
    async fn run(&self, sql: &str) {
        let (client, connection) = tokio_postgres::connect(&self.owner, NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
        connection.abort();
    }

    async fn open(&self) -> Result<Store, Error> {
        Store::open(&StoreConfig::postgres(&self.url)).await
    }

    async fn remove(self) {
        shared().drop_database(&self.owner).await;
        shared().run(&format!("DROP ROLE {}", self.role)).await;
    }
}

fn denied(opened: Result<Store, Error>) -> String {
    let error = opened.expect_err("the role lacks a privilege");
    let text = error.to_string();
    assert_eq!(error.fault(), Some(Fault::Denied), "{text}");
    assert!(!text.contains("not-to-be-told") && !format!("{error:?}").contains("not-to-be-told"));
    text
}

#[test]
fn a_role_that_may_not_create_tables_is_told_which_privilege_it_lacks() {
    run(|| async {
        let database = Database::new().await;
        database.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC").await;
        let told = denied(database.open().await);
        let remedy = format!("GRANT CREATE ON SCHEMA \"public\" TO \"{}\"", database.role);
        assert!(told.contains(&remedy), "{told}");
        database.run("REVOKE USAGE ON SCHEMA public FROM PUBLIC").await;
        let told = denied(database.open().await);
        assert!(told.contains("GRANT USAGE, CREATE ON SCHEMA public"), "{told}");
        database.remove().await;
    });
}

#[test]
fn a_role_that_may_not_create_pg_trgm_is_told_who_may() {
    run(|| async {
        let database = Database::new().await;
        database
            .run(&format!("GRANT CREATE ON SCHEMA public TO {}", database.role))
            .await;
        let told = denied(database.open().await);
        assert!(
            told.contains("run in this database: CREATE EXTENSION pg_trgm"),
            "{told}"
        );
        database.run("CREATE EXTENSION pg_trgm").await;
        database.open().await.unwrap().close().await;
        database.run(&format!("DROP OWNED BY {} CASCADE", database.role)).await;
        database.remove().await;
    });
}

#[test]
fn a_server_on_a_schema_that_is_up_to_date_creates_nothing() {
    run(|| async {
        let database = Database::new().await;
        Store::open(&StoreConfig::postgres(&database.owner))
            .await
            .unwrap()
            .close()
            .await;
        database.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC").await;
        let told = denied(database.open().await);
        assert!(
            told.contains("schema_migrations") && told.contains("SQLSTATE 42501"),
            "{told}"
        );
        assert!(
            told.contains("SELECT, INSERT, UPDATE and DELETE on all tables"),
            "{told}"
        );
        database
            .run(&format!(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
                database.role
            ))
            .await;
        database.open().await.unwrap().close().await;
        database.run(&format!("DROP OWNED BY {} CASCADE", database.role)).await;
        database.remove().await;
    });
}

#[test]
fn a_database_that_is_not_reached_is_named_by_its_cause_and_never_by_its_password() {
    run(|| async {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let url = format!("postgres://someone:not-to-be-told@127.0.0.1:{port}/claviger");
        let error = Store::open(&StoreConfig::postgres(&url)).await.unwrap_err();
        let told = error.to_string();
        assert_eq!(error.fault(), Some(Fault::Connection), "{told}");
        assert!(told.contains("refused"), "{told}");
        assert!(!told.contains("not-to-be-told"), "{told}");
    });
}

#[test]
fn a_database_that_does_not_exist_is_named() {
    run(|| async {
        let url = shared().database().await;
        let error = Store::open(&StoreConfig::postgres(format!("{url}_none")))
            .await
            .unwrap_err();
        let told = error.to_string();
        assert!(told.contains("_none") && told.contains("SQLSTATE 3D000"), "{told}");
        shared().drop_database(&url).await;
    });
}
