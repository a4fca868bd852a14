//! The server: use cases (`actions`), the REST API (`rest`), sign-in (`auth`), secrets, jobs, events and configuration.

pub mod actions;
pub mod app;
pub mod auth;
pub mod config;
pub mod demo;
pub mod events;
pub mod failure;
pub mod identity_provider;
pub mod jobs;
pub mod local;
pub mod mail;
pub mod outbox;
pub mod ports;
mod radius;
mod reach;
pub mod rest;
pub mod retention;
pub mod secrets;
pub mod serve;
pub mod telemetry;

pub use app::App;
pub use config::Config;
pub use failure::Failure;
