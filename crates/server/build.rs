//! Tells Cargo that the server holds the built console, whose files change their names with their content.

#[expect(clippy::print_stdout, reason = "a build script speaks to Cargo through its output")]
fn main() {
    println!("cargo:rerun-if-changed=../../web/dist");
}
