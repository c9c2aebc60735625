# Judges addresses of admit in Varnish: /s/<handle>/<video>/… and /u/<signature>/<video>/….
#
# Written by `admit edge-config varnish`; {{says}}
# It holds the delivery keys: whoever reads this file can let anybody in.
#
# The messages that are authenticated hold zero bytes, which no string of VCL can, so vmod_digest cannot do it. The
# judgement is a page of C over Varnish's own SHA-256, and needs varnishd -p vcc_allow_inline_c=on. In your VCL:
#
#     vcl 4.1;
#     include "{{installed}}/admit.vcl";
#     backend origin { .host = "127.0.0.1"; .port = "9000"; }
#     sub vcl_recv { call admit_recv; }
#
# What is allowed goes on with a path of /<video>/…, by which it is cached; everything else is refused, so call
# admit_recv for the hosts only that serve nothing else.
# Revocation reaches Varnish only when this file is written anew and the VCL is loaded and used (vcl.load, vcl.use).

import std;

C{
{{c}}
}C

sub admit_recv {
    unset req.http.Admit-Reason;
    unset req.http.Admit-Status;
    C{ admit_judge(ctx); }C
    if (req.http.Admit-Status != "200") {
        return (synth(std.integer(req.http.Admit-Status, 403), "Refused by admit"));
    }
    unset req.http.Admit-Status;
    set req.url = regsub(req.url, "^/[su]/[^/]+/", "/");
}

sub vcl_synth {
    if (resp.reason == "Refused by admit") {
        set resp.http.Admit-Reason = req.http.Admit-Reason;
        set resp.http.Cache-Control = "no-store";
        set resp.http.Access-Control-Allow-Origin = "*";
        set resp.http.Access-Control-Expose-Headers = "Admit-Reason";
        set resp.http.Content-Type = "text/plain";
        set resp.body = req.http.Admit-Reason;
        return (deliver);
    }
}
