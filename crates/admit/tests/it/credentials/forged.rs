//! The table of tokens that prove nothing: section 5.T of the programme, as far as a server can be asked.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::{
    Scene,
    signer::{Signer, at, claims, claims_but, sign_with},
};

/// A token, the row of the programme it belongs to, and what is wrong with it.
pub(super) struct Forged {
    pub(super) row: &'static str,
    pub(super) what: String,
    pub(super) token: String,
}

/// Secrets that a careless backend has; the programme's list in small.
const COMMON_SECRETS: [&str; 8] =
    ["", "\0", "secret", "your-256-bit-secret", "changeme", "password", "0123456789abcdef0123456789abcdef", "null"];

struct Table<'a> {
    scene: &'a Scene,
    rows: Vec<Forged>,
}

/// Every token here is refused as one that proves nothing.
pub(super) fn table(scene: &Scene, of_others: &[(&'static str, String, String)]) -> Vec<Forged> {
    let mut table = Table { scene, rows: Vec::new() };
    table.algorithms();
    table.signatures();
    table.key_names(of_others);
    table.headers();
    table.envelopes();
    table.times();
    table.subjects();
    table.shapes();
    table.spellings();
    table.rows
}

impl Table<'_> {
    fn add(&mut self, row: &'static str, what: impl Into<String>, token: String) {
        self.rows.push(Forged { row, what: what.into(), token });
    }

    fn signer(&self) -> &Signer {
        &self.scene.signer
    }

    /// Rightly signed, with this header and good claims.
    fn add_header(&mut self, row: &'static str, header: &str) {
        let token = self.signer().sign(header, &claims(&self.scene.video));
        self.add(row, header, token);
    }

    /// Rightly signed, with a good header and these claims.
    fn add_claims(&mut self, row: &'static str, claims: &str) {
        let token = self.signer().sign(&self.signer().header(), claims);
        self.add(row, claims, token);
    }

    /// T02, T03: the header is not asked which algorithm it would like.
    fn algorithms(&mut self) {
        let kid = self.signer().id.clone();
        for alg in ["\"none\"", "\"None\"", "\"NONE\"", "\"nOnE\"", "\"\"", "null", "[\"HS256\"]", "\"none\\u0000\""] {
            let header = format!(r#"{{"alg":{alg},"kid":"{kid}"}}"#);
            self.add_header("T02", &header);
            let good = self.signer().sign(&header, &claims(&self.scene.video));
            let (signed, _) = good.rsplit_once('.').unwrap();
            self.add("T02", format!("{alg}, no signature"), format!("{signed}."));
            self.add("T02", format!("{alg}, two parts"), signed.to_owned());
        }
        for alg in ["HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", "hs256", "HS256 "] {
            self.add_header("T03", &format!(r#"{{"alg":"{alg}","kid":"{kid}"}}"#));
        }
        self.add_header("T03", &format!(r#"{{"kid":"{kid}"}}"#));
    }

    /// T04–T06: signatures that are none, and secrets that anybody might try.
    fn signatures(&mut self) {
        let good = self.scene.token();
        let (signed, signature) = good.rsplit_once('.').unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let mut longer = bytes.clone();
        longer.push(0);
        for wrong in [&bytes[..31], &bytes[..16], &longer, &[0; 32][..], &[0xff; 32], &[]] {
            self.add("T05", format!("{wrong:?}"), format!("{signed}.{}", URL_SAFE_NO_PAD.encode(wrong)));
        }
        self.add("T05", "AA==", format!("{signed}.AA=="));
        let header = self.signer().header();
        let (kid, claims) = (self.signer().id.clone(), claims(&self.scene.video));
        // What the server shows to everybody, taken for a key.
        let shown = [kid.as_str(), &self.scene.video, &self.scene.page_key, "basic", "admit"];
        for secret in COMMON_SECRETS.iter().chain(&shown) {
            let token = sign_with(secret.as_bytes(), header.as_bytes(), claims.as_bytes());
            self.add(if shown.contains(secret) { "T04" } else { "T06" }, *secret, token);
        }
    }

    /// T07–T11: names of keys that are none, or somebody else's.
    fn key_names(&mut self, of_others: &[(&'static str, String, String)]) {
        let long = "k".repeat(65);
        let names = [
            ("T07", None),
            ("T07", Some("null".to_owned())),
            ("T07", Some("1".to_owned())),
            ("T07", Some("[]".to_owned())),
            ("T07", Some("\"\"".to_owned())),
            ("T07", Some(format!("\"{long}\""))),
            ("T08", Some("\"../../../../dev/null\"".to_owned())),
            ("T08", Some("\"/etc/passwd\"".to_owned())),
            ("T08", Some("\"file:///dev/null\"".to_owned())),
            ("T08", Some("\"..%2f..%2fdev%2fnull\"".to_owned())),
            ("T09", Some("\"x' UNION SELECT '1';--\"".to_owned())),
            ("T09", Some("\"' OR 1=1--\"".to_owned())),
            ("T09", Some("\"|sleep 10\"".to_owned())),
            ("T09", Some("\"$(sleep 10)\"".to_owned())),
        ];
        for (row, kid) in names {
            let member = kid.map(|kid| format!(",\"kid\":{kid}")).unwrap_or_default();
            let header = format!(r#"{{"alg":"HS256"{member}}}"#);
            self.add_header(row, &header);
            let empty = sign_with(b"", header.as_bytes(), claims(&self.scene.video).as_bytes());
            self.add(row, format!("{header}, signed with nothing"), empty);
        }
        for (what, kid, secret) in of_others {
            let header = format!(r#"{{"alg":"HS256","kid":"{kid}"}}"#);
            let token = sign_with(secret.as_bytes(), header.as_bytes(), claims(&self.scene.video).as_bytes());
            self.add("T11", *what, token);
        }
    }

    /// T12–T16: members of the header that would have somebody fetch, unpack or believe something.
    fn headers(&mut self) {
        let kid = self.signer().id.clone();
        let with = |more: &str| format!(r#"{{"alg":"HS256","kid":"{kid}",{more}}}"#);
        for name in ["jku", "x5u"] {
            self.add_header("T12", &with(&format!(r#""{name}":"http://127.0.0.1:1/keys""#)));
        }
        self.add_header("T12", &with(r#""jwk":{"kty":"oct","k":"AAAA"}"#));
        for name in ["x5t", "x5t#S256"] {
            self.add_header("T12", &with(&format!(r#""{name}":"AAAA""#)));
        }
        self.add_header("T12", &with(r#""x5c":["AAAA"]"#));
        for crit in [r#"["exp"]"#, r#"["b64"],"b64":false"#, r#"["x"]"#, "[]", r#""exp""#] {
            self.add_header("T13", &with(&format!(r#""crit":{crit}"#)));
        }
        self.add_header("T14", &with(r#""zip":"DEF""#));
        self.add_header("T14", &with(r#""cty":"JWT""#));
        self.add_header("T14", &with(r#""enc":"A256GCM""#));
        for typ in [r#""at+jwt""#, r#""JOSE""#, "1", "null"] {
            self.add_header("T15", &with(&format!(r#""typ":{typ}"#)));
        }
        self.add_header("T16", &with(r#""alg":"HS256""#));
        self.add_header("T16", &with(r#""alg":"none""#));
        self.add_header("T16", &with(r#""\u0061lg":"HS256""#));
        self.add_header("T16", &with(&format!(r#""kid":"{kid}""#)));
    }

    /// T14, T31: what is not three parts, and a part that is not the one spelling of its bytes.
    fn envelopes(&mut self) {
        let good = self.scene.token();
        let parts: Vec<&str> = good.split('.').collect();
        self.add("T14", "five parts", format!("{good}.AAAA.AAAA"));
        self.add("T14", "four parts", format!("{good}."));
        self.add("T14", "detached", format!("{}..{}", parts[0], parts[2]));
        let [protected, payload, signature] = [parts[0], parts[1], parts[2]];
        let serialised = json!({ "protected": protected, "payload": payload, "signature": signature });
        self.add("T14", "as JSON", serialised.to_string());
        for place in 0..3 {
            for ending in ["=", "==", "%3D", ".", "!", "+", "/"] {
                let mut changed: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
                changed[place].push_str(ending);
                self.add("T31", format!("{ending} behind part {place}"), changed.join("."));
            }
        }
        let (signed, signature) = good.rsplit_once('.').unwrap();
        let (head, last) = signature.split_at(signature.len() - 1);
        for sibling in siblings(last.as_bytes()[0]) {
            self.add("T31", format!("{sibling} for {last}"), format!("{signed}.{head}{sibling}"));
        }
        for (what, token) in [("a blank", format!("{good} ")), ("a blank before", format!(" {good}"))] {
            self.add("T31", what, token.replace(' ', "%20"));
        }
    }

    /// T18–T23: times that are none, or over, or too far away.
    fn times(&mut self) {
        for spelled in ["null", "true", "\"123\"", "\"\"", "[]", "{}", "123.0", "1e12", "1E400", "-0", "-1", "0"] {
            self.add_claims("T18/T19", &claims_but(&self.scene.video, "exp", Some(spelled)));
        }
        for spelled in ["2147483648", "9007199254740993", "18446744073709551616", "0123", "+1", "NaN"] {
            self.add_claims("T19", &claims_but(&self.scene.video, "exp", Some(spelled)));
        }
        for seconds in [-3_600, -1, 0, 86_400 + 60, 3_155_760_000] {
            self.add_claims("T20/T21", &claims_but(&self.scene.video, "exp", Some(&at(seconds).to_string())));
        }
        let (late, past_end) = (at(90).to_string(), at(600).to_string());
        for spelled in ["null", "\"1\"", "1.5", "-1", "0", late.as_str(), &past_end] {
            self.add_claims("T22", &claims_but(&self.scene.video, "iat", Some(spelled)));
        }
        self.add_claims("T22", &claims_but(&self.scene.video, "iat", None));
        for spelled in ["null", "\"1\"", "1.5", late.as_str(), &past_end] {
            self.add_claims("T23", &claims_but(&self.scene.video, "nbf", Some(spelled)));
        }
    }

    /// T17, T24: a subject that is none, and a claim that is said twice.
    fn subjects(&mut self) {
        let video = self.scene.video.clone();
        for spelled in ["null", "1", "[]", "{}", "\"\"", &format!("[\"{video}\"]")] {
            self.add_claims("T24", &claims_but(&video, "sub", Some(spelled)));
        }
        self.add_claims("T24", &claims_but(&video, "sub", None));
        let good = claims(&video);
        let twice = |more: &str| good.replacen('{', &format!("{{{more},"), 1);
        let end = at(60);
        for more in [
            format!(r#""sub":"{video}""#),
            format!(r#""s\u0075b":"{video}""#),
            format!(r#""exp":{end}"#),
            format!(r#""iat":{}"#, at(0)),
            r#""jti":"a","jti":"a""#.to_owned(),
        ] {
            self.add_claims("T17", &twice(&more));
        }
        // T27: a restriction that this dialect has no word for is not passed over.
        for more in [r#""ip":"10.0.0.1""#, r#""domain":"a.example""#, r#""aud":"x""#, r#""future":true"#] {
            self.add_claims("T27", &twice(more));
        }
    }

    /// T28–T30: claims that are not one bounded object of JSON.
    fn shapes(&mut self) {
        let good = claims(&self.scene.video);
        for text in ["null", "[]", "\"x\"", "1", "", "{"] {
            self.add_claims("T28", text);
        }
        for text in [
            format!("{good}{good}"),
            format!("{good}x"),
            format!("\u{feff}{good}"),
            format!("/**/{good}"),
            good.replace('}', ",}"),
            good.replace(':', "="),
        ] {
            self.add_claims("T28", &text);
        }
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        self.add_claims("T29", &good.replacen('{', &format!("{{\"a\":{deep},"), 1));
        let long = "x".repeat(3_200);
        self.add_claims("T29", &good.replacen('{', &format!("{{\"jti\":\"{long}\","), 1));
        self.add_claims("T30", &good.replacen('{', "{\"iss\":\"\\ud800\",", 1));
        let header = self.signer().header();
        for bytes in [&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80"] {
            let claims = [b"{\"iss\":\"", bytes, b"\",", &good.as_bytes()[1..]].concat();
            let token = sign_with(self.signer().secret.as_bytes(), header.as_bytes(), &claims);
            self.add("T30", format!("{bytes:?}"), token);
        }
    }

    /// T25: what looks like the video's id is not the video's id. Nor is it another's: no video has such a one.
    fn spellings(&mut self) {
        let video = self.scene.video.clone();
        for wrong in [
            format!("{video}\\u0000"),
            format!(" {video}"),
            format!("{video} "),
            video.to_uppercase(),
            format!("{video}/"),
            format!("../{video}"),
            format!("{video}%00"),
            format!("{video}\\u200d"),
            format!("\\u202e{video}"),
            video.replacen("vi", "v\u{456}", 1),
            video.replacen("vi", "\u{ff56}\u{ff49}", 1),
            format!("{video}\u{301}"),
        ] {
            self.add_claims("T25", &claims_but(&video, "sub", Some(&format!("\"{wrong}\""))));
        }
    }
}

/// Letters of base64url that end a signature of 32 bytes with the same four bits that count, and others that do not.
fn siblings(last: u8) -> Vec<char> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let value = LETTERS.iter().position(|letter| *letter == last).expect("a letter");
    (1..4).map(|spare| char::from(LETTERS[value | spare])).collect()
}
