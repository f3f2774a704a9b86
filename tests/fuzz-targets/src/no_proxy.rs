//! Lists of hosts that are reached without the proxy.

use graphtoken::http::no_proxy::NoProxyList;

/// A list in the form of `NO_PROXY`, and after a line break the host that is reached.
pub fn no_proxy(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (list, host) = text.split_once('\n').unwrap_or((&text, "login.microsoftonline.com"));
    let contains = |list: &str| NoProxyList::new(list).contains(host);
    let found = contains(list);
    assert_eq!(contains(&list.to_ascii_uppercase()), found, "letter case matters");
    assert_eq!(contains(&format!(" ,{list}, ")), found, "an empty entry matters");
    assert!(
        !found || contains(&format!("other.example,{list}")),
        "another entry hides the host"
    );
    assert!(contains(&format!("{list} *")), "not every host is in *");
}
