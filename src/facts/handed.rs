//! How values get from one module to another.

use serde::{Deserialize, Serialize};

/// How a value gets from one module to another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ways(u8);

impl Ways {
    /// In none.
    pub const NONE: Self = Self(0);
    /// Exported, or given back by what is exported.
    pub const RESULT: Self = Self(1);
    /// Handed to what is imported, or to a function that others have handed in.
    pub const ARGUMENT: Self = Self(2);
    /// In either.
    pub const ALL: Self = Self(3);
    /// Handed to a method, which is told by its name.
    pub const METHOD: Self = Self(4);

    /// Given back by a method, which is told by its name.
    pub const METHOD_RESULT: Self = Self(8);

    /// Whether these are all.
    pub const fn is_all(self) -> bool {
        self.0 == 15
    }

    /// Whether these have one in common with others.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl std::ops::BitOrAssign for Ways {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
