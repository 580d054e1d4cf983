//! Packages from a registry: the one that npm's configuration names, asked with patience, remembered on disk.

use std::{
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use importguard::registry::{
    integrity,
    npmrc::Config,
    packument::{Entry, Packument},
    url,
};

mod cache;
mod http;
mod setup;

use cache::Cache;
use http::Http;

/// The largest document of a package that is read: the largest of the public registry has about 100 MB.
const PACKUMENT_LIMIT: u64 = 256 << 20;

/// How a user wants registries to be asked.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Args {
    /// Take packages from this registry instead of those that npm's configuration names
    #[arg(long, value_name = "URL", help_heading = "Registry")]
    pub(crate) registry: Option<String>,
    /// Ask no registry; what has been fetched before is used
    #[arg(long, help_heading = "Registry")]
    pub(crate) offline: bool,
    /// How old a release is to be: `3d`, `12h`, a number of days [default: npm's min-release-age]
    #[arg(long, value_name = "AGE", value_parser = hours, help_heading = "Registry")]
    pub(crate) cool_down: Option<u32>,
}

/// Hours of an age as users write it; npm counts in days.
fn hours(text: &str) -> Result<u32, String> {
    let (number, per) = match text.strip_suffix('h') {
        Some(number) => (number, 1),
        None => (text.strip_suffix('d').unwrap_or(text), 24),
    };
    let wrong = || "an age is a number of days, like `3` or `3d`, or of hours, like `12h`".to_owned();
    number
        .parse::<u32>()
        .ok()
        .and_then(|number| number.checked_mul(per))
        .ok_or_else(wrong)
}

/// The registries of this user.
pub(crate) struct Registry {
    config: Config,
    http: Http,
    cache: Cache,
    offline: bool,
    cool_down: Option<u32>,
}

/// A tarball as it was fetched.
pub(crate) enum Tarball {
    /// In the cache.
    File(PathBuf),
    /// Where nothing can be cached.
    Bytes(Vec<u8>),
}

impl Registry {
    /// Reads npm's configuration as it is for the current folder.
    pub(crate) fn open(args: &Args) -> anyhow::Result<Self> {
        let mut config = setup::config(args.registry.as_deref())?;
        let usual = config.get("min-release-age").map(hours).transpose();
        let usual = usual.unwrap_or_else(|wrong| {
            config
                .problems
                .push(format!("npm's `min-release-age` is not understood: {wrong}"));
            None
        });
        Ok(Self {
            cool_down: args.cool_down.or(usual).filter(|hours| *hours > 0),
            http: Http::new(&config)?,
            config,
            cache: Cache::open(),
            offline: args.offline,
        })
    }

    /// What is odd about the configuration, one line each.
    pub(crate) fn problems(&self) -> &[String] {
        &self.config.problems
    }

    /// How many hours old a release is to be, if anybody said so.
    pub(crate) fn cool_down(&self) -> Option<u32> {
        self.cool_down
    }

    /// The registry that has a package.
    pub(crate) fn of(&self, name: &str) -> Result<String, String> {
        self.config.registry(name).unwrap_or_else(|| {
            Err(
                "npm's configuration names no registry; give one with --registry, or `registry=…` in ~/.npmrc"
                    .to_owned(),
            )
        })
    }

    /// Everything that the registry tells of a package.
    pub(crate) fn packument(&self, name: &str) -> Result<Packument, String> {
        let registry = self.of(name)?;
        let address = url::packument(&registry, name);
        let at = url::host(&registry);
        let about = |why: String| format!("`{name}` at {at}: {why}");
        let bytes = self.document(&address).map_err(|failure| match failure {
            http::Failure::Missing => format!("no package `{name}` at {at}"),
            http::Failure::Other(why) => about(why),
        })?;
        Packument::parse(&bytes).map_err(|error| about(error.to_string()))
    }

    /// A version's tarball, which is what its document promises, and a lock file if that knows it.
    pub(crate) fn tarball(&self, name: &str, entry: &Entry, promised: Option<&str>) -> Result<Tarball, String> {
        let (integrity, shasum) = (entry.dist.integrity.as_deref(), entry.dist.shasum.as_deref());
        let check = |bytes: &[u8]| -> Result<(), String> {
            integrity::check(bytes, integrity, shasum).map_err(|wrong| wrong.to_string())?;
            let Some(promised) = promised else { return Ok(()) };
            integrity::check(bytes, Some(promised), None)
                .map_err(|_| format!("it is not the one that the lock file promises ({promised}); do not install it"))
        };
        let registry = self.of(name)?;
        let about = |why: &str| format!("the tarball of `{name}@{}`: {why}", entry.version);
        let key = integrity.or(shasum).unwrap_or_default();
        if let Some(path) = self.cache.tarball(key, |bytes| check(bytes).is_ok()) {
            return Ok(Tarball::File(path));
        }
        if self.offline {
            return Err(about("it has not been fetched before, and --offline forbids to ask"));
        }
        let address = url::tarball(&registry, name, &entry.dist.tarball);
        if url::normal(&address).is_none() {
            return Err(about("its document gives no address for it"));
        }
        let authorization = self.config.authorization(&address);
        let answer = self
            .http
            .get(&address, authorization.as_deref(), None, super::read::ARCHIVE_LIMIT);
        let answer = answer.map_err(|failure| about(&failure.words()))?;
        let bytes = answer.body.unwrap_or_default();
        check(&bytes).map_err(|wrong| about(&wrong))?;
        Ok(match self.cache.keep_tarball(key, &bytes) {
            Some(path) => Tarball::File(path),
            None => Tarball::Bytes(bytes),
        })
    }

    /// A document, from the cache while it is fresh or nothing may be asked, else from the registry.
    fn document(&self, address: &str) -> Result<Vec<u8>, http::Failure> {
        let authorization = self.config.authorization(address);
        let key = cache::key(address, authorization.as_deref());
        let known = self.cache.document(&key);
        let now = seconds();
        if let Some(known) = &known
            && (self.offline || now.saturating_sub(known.at) < known.fresh_for)
        {
            return Ok(known.body.clone());
        }
        if self.offline {
            let why = "it has not been asked for before, and --offline forbids to ask";
            return Err(http::Failure::Other(why.to_owned()));
        }
        let tag = known
            .as_ref()
            .map(|known| known.tag.as_str())
            .filter(|tag| !tag.is_empty());
        let answer = self.http.get(address, authorization.as_deref(), tag, PACKUMENT_LIMIT)?;
        let body = match (answer.body, known) {
            (Some(body), _) => body,
            (None, Some(known)) => known.body,
            (None, None) => {
                return Err(http::Failure::Other(
                    "it did not change, but is not known here".to_owned(),
                ));
            }
        };
        self.cache.keep_document(
            &key,
            &cache::Document {
                tag: answer.tag,
                at: now,
                fresh_for: answer.fresh_for,
                body: body.clone(),
            },
        );
        Ok(body)
    }
}

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    i64::try_from(seconds() * 1000).unwrap_or(i64::MAX)
}

fn seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
