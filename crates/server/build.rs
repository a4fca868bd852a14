//! Tells Cargo that the server holds the built console, whose files change their names with their content.

fn main() {
    println!("cargo:rerun-if-changed=../../web/dist");
}
