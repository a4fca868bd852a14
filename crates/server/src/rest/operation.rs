//! Operations: what the OpenAPI document says of a route, and what the server does by it — from one declaration.

use std::{borrow::Cow, sync::Arc};

use axum::http::{Method, StatusCode};
use claviger_domain::Privilege;
use utoipa::openapi::{
    ContentBuilder, RefOr, Required, ResponseBuilder,
    extensions::Extensions,
    path::{Operation as Declared, ParameterBuilder, ParameterIn, PathItem, Paths},
    schema::{KnownFormat, ObjectBuilder, Ref, SchemaFormat, Type},
    security::SecurityRequirement,
};

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever holds the privilege, or the other one.
    Privilege(Privilege, Option<Privilege>),
    /// Whoever is signed in.
    SignedIn,
    /// Anybody, for the reason given.
    Open(&'static str),
}

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    method: Method,
    /// `<resource>_<verb>`.
    pub(crate) id: Cow<'static, str>,
    /// Its path as the document has it: `/policies/{id}`.
    pub(crate) path: Cow<'static, str>,
    /// The first 2xx that the document declares.
    pub(crate) success: StatusCode,
}

/// The operations mounted on one path.
#[derive(Debug, Clone)]
pub(crate) struct Operations(Arc<[Arc<Operation>]>);

impl Operations {
    /// Writes the access into the document and keeps what serving needs.
    pub(crate) fn declare(paths: &mut Paths, access: Access) -> Self {
        let mut operations = Vec::new();
        for (path, item) in &mut paths.paths {
            for (method, declared) in each(item) {
                document(&method, declared, access);
                operations.push(Arc::new(Operation {
                    method,
                    id: declared.operation_id.clone().unwrap_or_default().into(),
                    path: path.clone().into(),
                    success: success(declared),
                }));
            }
        }
        Self(operations.into())
    }

    /// The operation that a method calls; `HEAD` is `GET` without a body.
    pub(crate) fn of(&self, method: &Method) -> Option<&Arc<Operation>> {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        self.0.iter().find(|operation| operation.method == *method)
    }
}

fn each(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Declared)> {
    [
        (Method::GET, item.get.as_mut()),
        (Method::PUT, item.put.as_mut()),
        (Method::POST, item.post.as_mut()),
        (Method::DELETE, item.delete.as_mut()),
        (Method::PATCH, item.patch.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, declared)| declared.map(|declared| (method, declared)))
}

fn success(declared: &Declared) -> StatusCode {
    let statuses = declared.responses.responses.keys();
    statuses
        .filter_map(|status| status.parse::<StatusCode>().ok())
        .find(StatusCode::is_success)
        .unwrap_or(StatusCode::OK)
}

fn document(method: &Method, declared: &mut Declared, access: Access) {
    let (privilege, security) = match access {
        Access::Privilege(privilege, or) => (privilege.as_str(), proven_by_either(privilege, or)),
        Access::SignedIn => ("signed_in", proven_by(&[])),
        Access::Open(_) => ("open", Vec::new()),
    };
    let mut extensions = Extensions::builder().add("x-privilege", privilege);
    if let Access::Privilege(_, Some(or)) = access {
        extensions = extensions.add("x-privilege-or", or.as_str());
    }
    if let Access::Open(reason) = access {
        extensions = extensions.add("x-open", reason);
    }
    declared.extensions.get_or_insert_default().merge(extensions.build());
    declared.security = Some(security);
    let problem = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    let refused = ResponseBuilder::new()
        .description("A problem (RFC 9457)")
        .content("application/problem+json", problem);
    declared
        .responses
        .responses
        .entry("default".to_owned())
        .or_insert(RefOr::T(refused.build()));
    if !crate::auth::origin::is_safe(method) && !matches!(access, Access::Open(_)) {
        let parameters = declared.parameters.get_or_insert_default();
        parameters.push(header(
            "Idempotency-Key",
            "Repeats of the same request with the same key are answered alike; 1 to 255 visible ASCII characters",
        ));
        parameters.push(header(
            "If-Match",
            "The revision that the change was made from; a stale one is refused with 409",
        ));
    }
}

fn proven_by_either(privilege: Privilege, or: Option<Privilege>) -> Vec<SecurityRequirement> {
    let either = [Some(privilege), or].into_iter().flatten();
    either.flat_map(|privilege| proven_by(&[privilege.as_str()])).collect()
}

fn proven_by(privileges: &[&'static str]) -> Vec<SecurityRequirement> {
    ["session", "api_token"]
        .map(|scheme| SecurityRequirement::new(scheme, privileges.iter().copied()))
        .into()
}

fn header(name: &str, description: &str) -> utoipa::openapi::path::Parameter {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .max_length(Some(255))
        .build();
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(text))
        .build()
}

/// A file in an answer or a request.
#[must_use]
pub fn binary() -> utoipa::openapi::Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
        .build()
}
