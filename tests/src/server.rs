//! A real server in this process, and clients of it.

use std::{collections::BTreeMap, sync::Arc};

use claviger_server::{
    App, Config,
    auth::passwords::Passwords,
    config::Raw,
    identity_provider::IdentityProviders,
    ports::Clock,
    serve::{Choices, Running, start},
};
use reqwest::{Client, Method, Response, StatusCode, header};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The password of every administrator made here.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A real server on a database of its own.
pub(crate) struct TestServer {
    running: Running,
    http: Client,
    /// The first administrator: Owner of the first tenant.
    pub(crate) owner: Browser,
    pub(crate) clock: Clock,
    postgres: Option<String>,
    folder: TempDir,
}

/// A browser with a session.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) cookie: String,
    pub(crate) origin: String,
    pub(crate) session: Value,
}

/// A tenant of its own, and the token of its Owner.
pub(crate) struct World {
    pub(crate) id: String,
    pub(crate) token: String,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Answer {
    /// The last segment of the problem's type.
    pub(crate) fn problem(&self) -> &str {
        self.body["type"]
            .as_str()
            .and_then(|uri| uri.rsplit('/').next())
            .unwrap_or("")
    }
}

impl TestServer {
    pub(crate) async fn start_on_sqlite() -> Self {
        Self::start(None).await
    }

    pub(crate) async fn start_on_postgres() -> Self {
        let url = claviger_testkit::shared().database().await;
        Self::start(Some(url)).await
    }

    async fn start(postgres: Option<String>) -> Self {
        Self::start_with(postgres, &[]).await
    }

    /// A server with settings of its own.
    pub(crate) async fn start_with(postgres: Option<String>, settings: &[(&'static str, &str)]) -> Self {
        let mut server = Self::unowned(postgres, settings, |_| async {}).await;
        let link = server.running.first_run_link().await.unwrap().unwrap();
        let token = link.url.split_once("token=").unwrap().1.to_owned();
        let order = json!({
            "setup_token": token, "tenant_name": "First", "email": "owner@example.org", "display_name": "Owner", "password": PASSWORD,
        });
        let made = server.call(server.request(Method::POST, "/setup").json(&order)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        server.owner = server.browser(&made);
        server
    }

    /// A server that nobody has signed in to, on a database that was made ready before.
    pub(crate) async fn unowned<F: Future<Output = ()>>(
        postgres: Option<String>,
        settings: &[(&'static str, &str)],
        ready: impl FnOnce(Config) -> F,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::default();
        ready(config(folder.path(), postgres.as_deref(), settings)).await;
        let running = run_on(folder.path(), postgres.as_deref(), settings, &clock).await;
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let nobody = Browser {
            cookie: String::new(),
            origin: String::new(),
            session: Value::Null,
        };
        Self {
            running,
            http,
            owner: nobody,
            clock,
            postgres,
            folder,
        }
    }

    /// Another server on the same database, with the same keys.
    pub(crate) async fn beside(&self) -> Running {
        run_on(self.folder.path(), self.postgres.as_deref(), &[], &self.clock).await
    }

    /// Stops, and starts again on what is in the data folder after `between`.
    pub(crate) async fn again(
        mut self,
        between: impl FnOnce(&std::path::Path),
        settings: &[(&'static str, &str)],
    ) -> Self {
        self.running.stop().await;
        between(self.folder.path());
        self.running = run_on(self.folder.path(), self.postgres.as_deref(), settings, &self.clock).await;
        self
    }

    /// Whether other servers can work on the same database.
    pub(crate) const fn is_on_postgres(&self) -> bool {
        self.postgres.is_some()
    }

    /// Stops, and starts again with what leads to identity providers.
    pub(crate) async fn connected(mut self, providers: Arc<dyn IdentityProviders>) -> Self {
        self.running.stop().await;
        let choices = Choices {
            clock: self.clock.clone(),
            passwords: Some(cheap_passwords()),
            identity_providers: Some(providers),
        };
        let config = config(self.folder.path(), self.postgres.as_deref(), &[]);
        self.running = start(config, choices).await.unwrap();
        self
    }

    /// Where it listens.
    pub(crate) const fn address(&self) -> std::net::SocketAddr {
        self.running.address()
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await;
        if let Some(url) = self.postgres {
            claviger_testkit::shared().drop_database(&url).await;
        }
        drop(self.folder);
    }

    pub(crate) const fn app(&self) -> &App {
        self.running.app()
    }

    pub(crate) fn radius_address(&self) -> Option<std::net::SocketAddr> {
        self.running.radius_address()
    }

    pub(crate) fn origin(&self) -> String {
        self.app().origin().origin().ascii_serialization()
    }

    /// A request to a path below `/api/v1`.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.raw(method, &format!("/api/v1{path}"))
    }

    /// A request to any path.
    pub(crate) fn raw(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("http://{}{path}", self.running.address()))
    }

    pub(crate) async fn call(&self, request: reqwest::RequestBuilder) -> Answer {
        read(request.send().await.unwrap()).await
    }

    /// The browser that got a session with this answer.
    pub(crate) fn browser(&self, answer: &Answer) -> Browser {
        let cookie = answer.headers[header::SET_COOKIE]
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        Browser {
            cookie,
            origin: self.origin(),
            session: answer.body.clone(),
        }
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Answer {
        let credentials = json!({ "email": email, "password": password });
        self.call(self.request(Method::POST, "/session").json(&credentials))
            .await
    }

    /// A tenant of its own, made by the first administrator.
    pub(crate) async fn world(&self, name: &str) -> World {
        let fresh = self.sign_in("owner@example.org", PASSWORD).await;
        let owner = self.browser(&fresh);
        let made = self
            .call(
                owner
                    .send(self.request(Method::POST, "/tenants"))
                    .json(&json!({ "name": name })),
            )
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let id = made.body["id"].as_str().unwrap().to_owned();
        let moved = self
            .call(
                owner
                    .send(self.request(Method::PATCH, "/session"))
                    .json(&json!({ "tenant_id": id })),
            )
            .await;
        assert_eq!(moved.status, StatusCode::OK, "{}", moved.text);
        let order = json!({ "name": "tests", "role": "owner" });
        let token = self
            .call(owner.send(self.request(Method::POST, "/api-tokens")).json(&order))
            .await;
        World {
            id,
            token: token.body["token"].as_str().unwrap().to_owned(),
        }
    }

    /// An API token of that role in a tenant.
    pub(crate) async fn token(&self, world: &World, role: &str) -> String {
        let order = json!({ "name": role, "role": role });
        let made = self
            .call(
                self.request(Method::POST, "/api-tokens")
                    .bearer_auth(&world.token)
                    .json(&order),
            )
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        made.body["token"].as_str().unwrap().to_owned()
    }
}

/// Starts a server in a folder.
pub(crate) async fn run_on(
    folder: &std::path::Path,
    postgres: Option<&str>,
    settings: &[(&'static str, &str)],
    clock: &Clock,
) -> Running {
    let choices = Choices {
        clock: clock.clone(),
        passwords: Some(cheap_passwords()),
        ..Choices::default()
    };
    start(config(folder, postgres, settings), choices).await.unwrap()
}

/// Passwords that cost nothing to check.
pub(crate) fn cheap_passwords() -> Passwords {
    Passwords::with_cost(4, 64, 1).unwrap()
}

fn config(folder: &std::path::Path, postgres: Option<&str>, settings: &[(&'static str, &str)]) -> Config {
    let mut flags = BTreeMap::from([
        ("data", folder.to_string_lossy().into_owned()),
        ("listen", "127.0.0.1:0".to_owned()),
        ("log", "off".to_owned()),
        // The tests' mail servers and identity providers are in this process.
        ("local-services", "true".to_owned()),
    ]);
    flags.extend(postgres.map(|url| ("database", url.to_owned())));
    flags.extend(settings.iter().map(|(name, value)| (*name, (*value).to_owned())));
    Config::check(&Raw::merge(&flags, |_| None, None).unwrap()).unwrap()
}

impl Browser {
    /// Sends a request as this browser's own pages do.
    pub(crate) fn send(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        request
            .header("cookie", &self.cookie)
            .header("origin", &self.origin)
            .header("sec-fetch-site", "same-origin")
    }
}

async fn read(response: Response) -> Answer {
    let (status, headers) = (response.status(), response.headers().clone());
    let streams = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "text/event-stream");
    let text = if streams {
        String::new()
    } else {
        response.text().await.unwrap()
    };
    Answer {
        status,
        headers,
        body: serde_json::from_str(&text).unwrap_or(Value::Null),
        text,
    }
}
