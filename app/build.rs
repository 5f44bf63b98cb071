//! The examples are part of the program: a new one must be noticed.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../projects");
    println!("cargo:rerun-if-changed=../assets");
}
