//! `package.json`, read tolerantly.

use serde::{Deserialize, Serialize};

/// What a `package.json` says, with the places it says it at.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Manifest {
    /// `name`, or empty.
    pub name: String,
    /// `version`, or empty.
    pub version: String,
}
