//! What a registry says about a package: pure functions over the bytes that a host has fetched.

pub mod advisories;
pub mod integrity;
pub mod lock;
pub mod names;
pub mod npmrc;
pub mod packument;
pub mod release;
pub mod spec;
pub mod url;
