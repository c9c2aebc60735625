//! Declarations of what many servers and networks do, by name.

/// Each in the spelling that a declaration is printed in.
pub(super) const PRESETS: [(&str, &str); 9] = [
    // nginx, ngx_http_secure_link_module: the expression of its manual, with the viewer's address and without.
    (
        "nginx-secure-link",
        "hash: md5\nkey: text\nmessage: {expires}{path}{ip} {secret}\nmessage: {expires}{path} {secret}\n\
         encode: base64url_nopad\nquery: md5={sig}&expires={expires}\nexpires: seconds",
    ),
    // Alibaba Cloud CDN, type A: the time is that of signing, and a zone adds what it is good for.
    (
        "alibaba-a",
        "hash: md5\nkey: text\nmessage: {path}-{expires}-{rand}-{uid}-{secret}\nencode: hex\n\
         query: auth_key={expires}-{rand}-{uid}-{sig}\nexpires: seconds\nttl: 1800",
    ),
    // Alibaba Cloud CDN, type B: minutes of China's clock.
    (
        "alibaba-b",
        "hash: md5\nkey: text\nmessage: {secret}{expires}{path}\nencode: hex\npath: /{expires}/{sig}{path}\n\
         expires: minutes+08:00\nttl: 1800",
    ),
    // Tencent Cloud CDN, type A.
    (
        "tencent-a",
        "hash: md5\nkey: text\nmessage: {path}-{expires}-{rand}-{uid}-{secret}\nencode: hex\n\
         query: sign={expires}-{rand}-{uid}-{sig}\nexpires: seconds\nttl: 1800",
    ),
    // Gcore Video Streaming: the client's number, the video, and all its assets.
    (
        "gcore",
        "hash: md5\nkey: text\nmessage: {uid}_{video}_{secret}_{expires}_\nmessage: {uid}_{video}_{secret}_{expires}_{ip}\n\
         encode: base64url_nopad\npath: /videos/{uid}_{video}/{sig}/{expires}{path}\nexpires: seconds",
    ),
    // CDN77, secure tokens as a parameter.
    (
        "cdn77",
        "hash: md5\nkey: text\nmessage: {expires}{path}{secret}\nencode: base64url\nquery: secure={sig},{expires}\n\
         expires: seconds",
    ),
    // Fastly's token functions.
    (
        "fastly",
        "hash: hmac-sha1\nkey: text\nmessage: {path}{expires}\nencode: hex\nquery: token={expires}_{sig}\n\
         expires: seconds",
    ),
    // Cloudflare's is_timed_hmac_valid_v0, with the life of its manual's example.
    (
        "cloudflare-waf-hmac",
        "hash: hmac-sha256\nkey: text\nmessage: {path}{expires}\nencode: base64\nquery: verify={expires}-{sig}\n\
         expires: seconds\nttl: 10800",
    ),
    // JW Player, addresses of the first version.
    (
        "jw-v1",
        "hash: md5\nkey: text\nmessage: {bare_path}:{expires}:{secret}\nencode: hex\nquery: exp={expires}&sig={sig}\n\
         expires: seconds",
    ),
];
