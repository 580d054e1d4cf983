//! Requests with limits, time-outs and second tries; errors say what happened and what may help.

use std::{env, fs, thread, time::Duration};

use importguard::registry::{npmrc::Config, url};
use ureq::{
    Agent, Error, Proxy, Timeout,
    tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem},
};

/// Tries after the first one, unless npm's `fetch-retries` says otherwise.
const RETRIES: u64 = 2;
/// The wait before the second try; each further one waits four times as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest wait that a server's `retry-after` is granted.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// How long nothing may come, unless npm's `fetch-timeout` says otherwise.
const SILENCE: Duration = Duration::from_secs(30);

/// Asks servers.
pub(super) struct Http {
    plain: Agent,
    proxied: Option<Agent>,
    retries: u64,
}

/// What a server answered.
pub(super) struct Answer {
    /// Nothing if it did not change.
    pub(super) body: Option<Vec<u8>>,
    /// `etag`
    pub(super) tag: String,
    /// Seconds for which it need not be asked again.
    pub(super) fresh_for: u64,
}

/// Why there is no answer.
pub(super) enum Failure {
    /// The server has no such thing.
    Missing,
    /// All else, in words.
    Other(String),
}

impl Failure {
    pub(super) fn words(self) -> String {
        match self {
            Self::Missing => "the registry does not have it (404)".to_owned(),
            Self::Other(why) => why,
        }
    }
}

/// A failed try, and whether and when another one makes sense.
struct Tried {
    failure: Failure,
    again: bool,
    wait: Option<Duration>,
}

impl Http {
    pub(super) fn new(config: &Config) -> anyhow::Result<Self> {
        let silence = config.number("fetch-timeout").map_or(SILENCE, Duration::from_millis);
        let tls = TlsConfig::builder()
            .root_certs(roots(config)?)
            .disable_verification(config.flag("strict-ssl") == Some(false))
            .build();
        let agent = |proxy| {
            Agent::config_builder()
                .http_status_as_error(false)
                .user_agent(concat!("importguard/", env!("CARGO_PKG_VERSION")))
                .tls_config(tls.clone())
                .proxy(proxy)
                .timeout_connect(Some(silence))
                .timeout_recv_response(Some(silence))
                .timeout_per_read(Some(silence))
                .max_redirects(5)
                .build()
                .new_agent()
        };
        let configured = config
            .get("https-proxy")
            .or_else(|| config.get("proxy"))
            .filter(|proxy| *proxy != "false");
        let proxy = match configured {
            Some(address) => {
                let proxy = Proxy::new(address);
                Some(proxy.map_err(|_| anyhow::anyhow!("npm's setting `proxy` is no address: `{address}`"))?)
            }
            None => Proxy::try_from_env(),
        };
        Ok(Self {
            plain: agent(None),
            proxied: proxy.map(|proxy| agent(Some(proxy))),
            retries: config.number("fetch-retries").unwrap_or(RETRIES).min(10),
        })
    }

    /// Fetches an address, of which at most `limit` bytes are read. With a `tag` that is still that of the document, there
    /// is no body.
    pub(super) fn get(
        &self,
        address: &str,
        authorization: Option<&str>,
        tag: Option<&str>,
        limit: u64,
    ) -> Result<Answer, Failure> {
        let mut wait = FIRST_WAIT;
        let mut count = 0;
        loop {
            match self.once(address, authorization, tag, limit) {
                Ok(answer) => return Ok(answer),
                Err(tried) if !tried.again || count >= self.retries => return Err(tried.failure),
                Err(tried) => thread::sleep(tried.wait.unwrap_or(wait).min(LONGEST_WAIT)),
            }
            count += 1;
            wait *= 4;
        }
    }

    fn once(&self, address: &str, authorization: Option<&str>, tag: Option<&str>, limit: u64) -> Result<Answer, Tried> {
        let agent = self
            .proxied
            .as_ref()
            .filter(|_| !is_loopback(address))
            .unwrap_or(&self.plain);
        let mut request = agent.get(address).header("accept", "application/json, */*;q=0.5");
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        let mut response = request.call().map_err(|error| failed(&error))?;
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let tag = header("etag").unwrap_or_default().to_owned();
        let fresh_for = max_age(header("cache-control").unwrap_or_default());
        let retry_after = header("retry-after")
            .and_then(|text| text.parse().ok())
            .map(Duration::from_secs);
        let status = response.status().as_u16();
        let body = match status {
            200 => {
                let promised = response.body().content_length();
                let body = response
                    .body_mut()
                    .with_config()
                    .limit(limit)
                    .read_to_vec()
                    .map_err(|error| failed(&error))?;
                // A body that ends early without an error is only seen by its length.
                let encoded = response.headers().contains_key("content-encoding");
                if promised.is_some_and(|length| !encoded && length != body.len() as u64) {
                    return Err(cut_off());
                }
                Some(body)
            }
            304 => None,
            _ => return Err(refused(status, authorization.is_some(), retry_after)),
        };
        Ok(Answer { body, tag, fresh_for })
    }
}

fn is_loopback(address: &str) -> bool {
    let host = url::host(address);
    let name = if host.starts_with('[') {
        host.split(']').next()
    } else {
        host.split(':').next()
    };
    matches!(name, Some("localhost" | "127.0.0.1" | "[::1"))
}

/// `max-age` of a `cache-control`, at most a day.
fn max_age(header: &str) -> u64 {
    if header.contains("no-cache") || header.contains("no-store") {
        return 0;
    }
    let age = header.split(',').find_map(|part| part.trim().strip_prefix("max-age="));
    age.and_then(|age| age.parse().ok()).unwrap_or(0).min(86_400)
}

fn refused(status: u16, known: bool, wait: Option<Duration>) -> Tried {
    let other = |text: &str, again| Tried {
        failure: Failure::Other(text.to_owned()),
        again,
        wait,
    };
    match status {
        404 => Tried {
            failure: Failure::Missing,
            again: false,
            wait,
        },
        401 | 403 if known => other(
            &format!("the registry refuses these credentials ({status}); try `npm login`"),
            false,
        ),
        401 | 403 => other(
            &format!("the registry wants to know who asks ({status}); try `npm login`"),
            false,
        ),
        408 | 429 => other(
            &format!("the registry is asked too much or too slowly ({status}); try again later"),
            true,
        ),
        500.. => other(
            &format!("the registry has an error of its own ({status}); try again later"),
            true,
        ),
        _ => other(
            &format!("the registry answered {status}, which makes no sense here"),
            false,
        ),
    }
}

fn cut_off() -> Tried {
    let why = "the answer broke off before its end; try again later";
    Tried {
        failure: Failure::Other(why.to_owned()),
        again: true,
        wait: None,
    }
}

fn failed(error: &Error) -> Tried {
    let (why, again) = match error {
        Error::HostNotFound => ("no such host, or no network".to_owned(), true),
        Error::ConnectionFailed => ("cannot connect".to_owned(), true),
        Error::Timeout(Timeout::Connect | Timeout::Resolve) => ("cannot connect in time".to_owned(), true),
        Error::Timeout(_) => ("it does not answer in time".to_owned(), true),
        Error::BodyExceedsLimit(limit) => (
            format!("the answer has more than {} MB, which are not read", limit >> 20),
            false,
        ),
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) => {
            let help = "npm's `cafile` or NODE_EXTRA_CA_CERTS names the authorities of a company";
            (format!("its certificate is not trusted ({error}); {help}"), false)
        }
        Error::Io(inner) if inner.kind() == std::io::ErrorKind::ConnectionRefused => {
            ("nobody listens there".to_owned(), true)
        }
        Error::Io(inner)
            if matches!(
                inner.kind(),
                std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::ConnectionReset
            ) =>
        {
            return cut_off();
        }
        Error::Protocol(_) | Error::Decompress(..) | Error::BodyStalled => return cut_off(),
        other => (other.to_string(), matches!(other, Error::Io(_))),
    };
    Tried {
        failure: Failure::Other(why),
        again,
        wait: None,
    }
}

/// npm's `ca` and `cafile` stand for all authorities; else those of the system, and those of `NODE_EXTRA_CA_CERTS`.
fn roots(config: &Config) -> anyhow::Result<RootCerts> {
    let own = config.list("ca");
    let mut certificates = Vec::new();
    let mut add = |text: &str, from: &str| -> anyhow::Result<()> {
        for item in parse_pem(text.as_bytes()) {
            match item {
                Ok(PemItem::Certificate(one)) => certificates.push(one),
                Ok(_) => {}
                Err(_) => anyhow::bail!("{from} holds no certificates in PEM"),
            }
        }
        Ok(())
    };
    for text in own {
        add(&text.replace("\\n", "\n"), "npm's setting `ca`")?;
    }
    let extra = env::var_os("NODE_EXTRA_CA_CERTS").and_then(|path| fs::read_to_string(path).ok());
    if let Some(text) = &extra {
        add(text, "NODE_EXTRA_CA_CERTS")?;
    }
    if own.iter().all(|text| text.is_empty() || text == "null") {
        let system = rustls_native_certs::load_native_certs().certs;
        certificates.extend(system.iter().map(|one| Certificate::from_der(one).to_owned()));
        if system.is_empty() && extra.is_none() {
            return Ok(RootCerts::WebPki);
        }
    }
    Ok(RootCerts::new_with_certs(&certificates))
}
