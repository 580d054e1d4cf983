//! Words of a text that tell its trade: the protocol of mining pools, fields of passwords and cards, transfers of coins,
//! programs that have the clipboard.

use super::{ConstantKind, Found};
use crate::facts::grams::Grams;

/// A word, what it is of, and whether a name may go on around it.
type Word = (&'static str, ConstantKind, bool);

/// Words of pools: of their protocol and of the functions that work for them.
pub(super) const POOL: [Word; 12] = [
    ("mining.subscribe", ConstantKind::Mining, false),
    ("mining.authorize", ConstantKind::Mining, false),
    ("mining.submit", ConstantKind::Mining, false),
    ("mining.notify", ConstantKind::Mining, false),
    ("mining.set_difficulty", ConstantKind::Mining, false),
    ("cryptonight", ConstantKind::Mining, true),
    ("randomx", ConstantKind::Mining, true),
    ("cn_hash", ConstantKind::Mining, false),
    ("hashrate", ConstantKind::Mining, true),
    ("site_key", ConstantKind::Mining, false),
    ("job_id", ConstantKind::Mining, false),
    ("nonce", ConstantKind::Mining, true),
];

/// Names of fields that nobody but the page's own server should get.
pub(super) const FIELDS: [Word; 10] = [
    ("card-n", ConstantKind::Field, true),
    ("cardN", ConstantKind::Field, true),
    ("card_n", ConstantKind::Field, true),
    ("assword", ConstantKind::Field, true),
    ("passw", ConstantKind::Field, true),
    ("cvv", ConstantKind::Field, true),
    ("cvc", ConstantKind::Field, true),
    ("luhn", ConstantKind::Field, true),
    ("mnemonic", ConstantKind::Field, true),
    ("cardnumber", ConstantKind::Field, true),
];

/// What signs somebody in, as those know it who pass it on.
pub(super) const SIGNS_IN: [Word; 5] = [
    ("uthorization", ConstantKind::Field, true),
    ("assword", ConstantKind::Field, true),
    ("token", ConstantKind::Field, true),
    ("apiKey", ConstantKind::Field, true),
    ("cookie", ConstantKind::Field, true),
];

/// Words of a transfer of coins.
pub(super) const TRANSFERS: [Word; 8] = [
    ("sendTransaction", ConstantKind::Transfer, false),
    ("eth_sendTransaction", ConstantKind::Transfer, false),
    ("eth_signTransaction", ConstantKind::Transfer, false),
    ("signAndSendTransaction", ConstantKind::Transfer, false),
    ("signAllTransactions", ConstantKind::Transfer, false),
    ("signTransaction", ConstantKind::Transfer, false),
    ("a9059cbb", ConstantKind::Transfer, true),
    ("095ea7b3", ConstantKind::Transfer, true),
];

/// Programs that read the clipboard, and those that fill it.
pub(super) const CLIPS: [Word; 10] = [
    ("pbpaste", ConstantKind::ClipRead, false),
    ("Get-Clipboard", ConstantKind::ClipRead, false),
    ("wl-paste", ConstantKind::ClipRead, false),
    ("xclip -selection clipboard -o", ConstantKind::ClipRead, false),
    ("xsel", ConstantKind::ClipRead, false),
    ("pbcopy", ConstantKind::ClipFill, false),
    ("Set-Clipboard", ConstantKind::ClipFill, false),
    ("wl-copy", ConstantKind::ClipFill, false),
    ("clip.exe", ConstantKind::ClipFill, false),
    ("'clip'", ConstantKind::ClipFill, true),
];

/// The first place of each word.
pub(super) fn find(grams: &Grams<'_>, words: &[Word], found: &mut Found) {
    let bytes = grams.text().as_bytes();
    let goes_on = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$'))
    };
    for (word, kind, within) in words {
        let mut places = grams.find_all(word);
        let place = places.find(|at| *within || !goes_on(at.checked_sub(1)) && !goes_on(Some(at + word.len())));
        if let Some(at) = place {
            found.add(*kind, word.as_bytes(), at);
        }
    }
}

#[test]
fn words_stand_alone_where_they_must() {
    let mut found = Found::default();
    find(&Grams::of("discard cards; sonce nonces job_ids"), &POOL, &mut found);
    find(&Grams::of("tokens"), &TRANSFERS, &mut found);
    let kinds: Vec<_> = found.list.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [ConstantKind::Mining]);
}
