//! Asks a server's REST API, as programs do.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use reqwest::{Client, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A server's REST API, asked with an API token. Clones share their connections.
#[derive(Clone)]
pub(crate) struct Api {
    client: Client,
    address: SocketAddr,
    token: String,
}

impl Api {
    pub(crate) fn new(client: Client, address: SocketAddr, token: &str) -> Self {
        Self {
            client,
            address,
            token: token.to_owned(),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/api/v1{path}", self.address)
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Value> {
        self.read(path).await
    }

    /// Asks for something of a known shape; what the shape does not name is passed over.
    pub(crate) async fn read<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let answer = sound(self.client.get(self.url(path)).bearer_auth(&self.token)).await?;
        let body = answer.bytes().await?;
        serde_json::from_slice(&body).with_context(|| path.to_owned())
    }

    /// Asks for an answer whose body is read while it comes.
    pub(crate) async fn open(&self, path: &str) -> Result<Response> {
        sound(self.client.get(self.url(path)).bearer_auth(&self.token)).await
    }

    /// Asks for a change; without a body where the operation takes none, since an unread one costs the connection.
    pub(crate) async fn post(&self, path: &str, body: Option<Value>) -> Result<Value> {
        let request = self.client.post(self.url(path)).bearer_auth(&self.token);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        Ok(sound(request).await?.json().await?)
    }

    /// Sends a file's bytes as a form.
    pub(crate) async fn upload(&self, path: &str, form: reqwest::multipart::Form) -> Result<Value> {
        let request = self
            .client
            .post(self.url(path))
            .bearer_auth(&self.token)
            .multipart(form);
        Ok(sound(request).await?.json().await?)
    }
}

/// The answer, if it is one of success.
async fn sound(request: RequestBuilder) -> Result<Response> {
    let answer = request.send().await?;
    let status = answer.status();
    if !status.is_success() {
        bail!("{status}: {}", answer.text().await?);
    }
    Ok(answer)
}

/// A text of an answer.
pub(crate) fn text<'a>(answer: &'a Value, field: &str) -> Result<&'a str> {
    let value = answer.get(field).and_then(Value::as_str);
    value.with_context(|| format!("an answer without `{field}`"))
}
