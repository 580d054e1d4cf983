//! Which texts tell a purpose, and which only look like it.

use super::ConstantKind;
use crate::facts::{Content, How, collect};

/// The kinds and texts that are told of a module.
fn told(text: &str) -> Vec<(ConstantKind, String)> {
    match collect("index.js", text.as_bytes(), How::ByName).content {
        Content::Module(facts) => facts.constants.into_iter().map(|one| (one.kind, one.text)).collect(),
        _ => Vec::new(),
    }
}

fn kinds(text: &str) -> Vec<ConstantKind> {
    told(text).into_iter().map(|(kind, _)| kind).collect()
}

#[test]
fn addresses_and_patterns_are_told_where_money_can_be_reached() {
    let page = "document.title; ";
    for address in [
        "0x0000000000000000000000000000000000010203",
        "1FakeA11111111111111111111111111zz",
        "TFake11111111111111111111111111111",
        "bc1qfake0000000000000000000000000000000000",
    ] {
        let text = format!("{page}const a = '{address}';");
        assert_eq!(told(&text), [(ConstantKind::Address, address.to_owned())]);
        assert_eq!(kinds(&format!("const a = '{address}';")), [], "no power, no matter");
    }
    for other in [
        "0x0000000000000000000000000000000000000000",
        "0x000000000000000000000000000000000001020",
        "11111111111111111111111111111111",
        "d41d8cd98f00b204e9800998ecf8427e",
        "1fakea11111111111111111111111111zz",
    ] {
        assert_eq!(kinds(&format!("{page}const a = '{other}';")), [], "{other}");
    }
    let patterns = "/^0x[a-fA-F0-9]{40}$/, /[13][a-km-zA-HJ-NP-Z1-9]{25,34}/";
    assert_eq!(
        kinds(&format!("{page}const a = [{patterns}];")),
        [ConstantKind::AddressPattern; 2]
    );
    assert_eq!(kinds(&format!("{page}const a = /^[a-f0-9]{{40}}$/;")), []);
}

#[test]
fn a_swap_gives_an_address_for_a_pattern() {
    let swap = "const own = '0x0000000000000000000000000000000000010203'; const find = /0x[a-fA-F0-9]{40}/g;
        document.body.innerHTML = document.body.innerHTML.replace(find, own);";
    assert!(kinds(swap).contains(&ConstantKind::Swap));
    let link = swap.replace("(find, own)", "(find, (hit) => '<b>' + hit + '</b>')");
    assert!(!kinds(&link).contains(&ConstantKind::Swap));
}

#[test]
fn programs_as_text_are_told_and_other_base64_is_not() {
    let rest = "A".repeat(240);
    let write = "require('fs').writeFileSync('x', y); ";
    for magic in ["TVqQAAMAAAA", "f0VMRgIBAQA", "z/rt/gcAAAE", "4d5a9000", "7f454c46"] {
        let text = format!("{write}const a = '{magic}{rest}';");
        assert_eq!(kinds(&text), [ConstantKind::Program], "{magic}");
    }
    for other in [
        format!("AGFzbQ{rest}"),
        "f0VMRg==".to_owned(),
        format!("x f0VMRg{rest}"),
    ] {
        assert_eq!(kinds(&format!("{write}const a = '{other}';")), [], "{other}");
    }
}

#[test]
fn tools_are_words_and_are_told_once() {
    let text = "require('os').cpus(); const a = /wireshark|VMware|Wireshark/i, b = ['SbieDll.dll', 'myqemus'];";
    assert_eq!(
        told(text),
        [
            (ConstantKind::Tool, "wireshark".to_owned()),
            (ConstantKind::VirtualMachine, "VMware".to_owned()),
            (ConstantKind::Sandbox, "SbieDll".to_owned()),
        ]
    );
}

#[test]
fn places_and_patterns_of_secrets_are_told_where_files_are_read() {
    let reader = "require('fs').readFileSync(process.argv[2]); ";
    for name in [
        ".npmrc",
        ".config/gh/hosts.yml",
        "\\\\discord\\\\Local Storage\\\\leveldb\\\\",
        "wallet.dat",
    ] {
        let text = format!("{reader}const a = '{name}';");
        assert_eq!(told(&text), [(ConstantKind::SecretName, name.to_owned())]);
    }
    assert_eq!(
        kinds(&format!("{reader}/gh[opsu]_\\w+/")),
        [ConstantKind::SecretPattern]
    );
    assert_eq!(
        kinds(&format!("{reader}const a = 'NPM_TOKEN';")),
        [ConstantKind::SecretVariable]
    );
    for name in [".env", ".npmignore", "discord", "NODE_ENV"] {
        assert_eq!(kinds(&format!("{reader}const a = '{name}';")), [], "{name}");
    }
}

#[test]
fn addresses_on_the_web_are_told_where_the_network_is_reached() {
    let text = "fetch(location); const a = ['https://a.example.invalid/x', \"https://a.example.invalid/y\", 'a://b'];";
    assert_eq!(
        told(text),
        [(ConstantKind::Url, "https://a.example.invalid".to_owned())]
    );
}
