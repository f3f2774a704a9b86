//! What a browser sends to a sign-in on this machine.

use graphtoken::Authority;
use graphtoken::Secret;
use graphtoken::authority::ResponseMode;
use graphtoken::sign_in::loopback::Receiver;
use graphtoken::sign_in::response::{Answer, Expected};

/// Nobody guesses it.
const STATE: &str = "the-state-of-the-sign-in";

/// A request, as it comes over the network.
pub fn browser_request(input: &[u8]) {
    for mode in [ResponseMode::FormPost, ResponseMode::Query] {
        let expected = Expected {
            state: Secret::copy_of(STATE.as_bytes()),
            authority: Authority::new("contoso.com", None, None).expect("it is a tenant"),
            requires_issuer: false,
        };
        let receiver = Receiver::new(8400, mode, expected);
        let Some((page, answer)) = receiver.respond(&mut &*input) else {
            continue;
        };
        assert!(page.starts_with("HTTP/1.1 ") && page.ends_with("</html>\n"), "{page}");
        let (_, body) = page.split_once("\r\n\r\n").expect("the head has an end");
        assert_eq!(body.matches('<').count(), PAGE_TAGS, "{body}");
        assert!(!page.contains(STATE), "{page}");
        if let Some(Answer::Code(code)) = answer {
            assert!(!code.is_empty());
        }
    }
}

/// Nothing of the request becomes a tag.
const PAGE_TAGS: usize = 23;
