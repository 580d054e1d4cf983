//! What a registry says about a package: pure functions over the bytes that a host has fetched.

pub mod advisories;
pub mod lock;
