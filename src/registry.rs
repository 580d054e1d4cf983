//! What a registry says about a package: pure functions over the bytes that a host has fetched.

pub mod advisories;
pub mod integrity;
pub mod lock;
pub mod names;
pub mod npmrc;
pub mod packument;
#[cfg(feature = "cli")]
pub mod provenance;
pub mod release;
#[cfg(feature = "cli")]
pub mod signatures;
pub mod spec;
pub mod trust;
pub mod url;
