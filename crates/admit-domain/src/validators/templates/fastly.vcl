# Judges addresses of admit in Fastly's VCL: /s/<handle>/<video>/… and /u/<signature>/<video>/….
#
# Written by `admit edge-config fastly`; {{says}}
# It holds the delivery keys: whoever reads it can let anybody in.
# Call admit_recv at the beginning of vcl_recv and admit_error at the beginning of vcl_error. What is allowed goes on with
# a path of /<video>/…, by which it is cached; everything else is refused. With shielding a request passes the service
# twice, and is to be judged the first time: if (fastly.ff.visits_this_service == 0) { call admit_recv; }
# Revocation reaches Fastly only when a version of the service with this file written anew is activated. With the three
# tables made dictionaries of the service under the same names, an entry added by Fastly's API does the same.

table admit_sessions STRING { {{f_sessions}} }
table admit_gone STRING { {{f_gone}} }
table admit_until STRING { {{f_until}} }

sub admit_recv {
  declare local var.role STRING;
  declare local var.text STRING;
  declare local var.video STRING;
  declare local var.id STRING;
  declare local var.asset STRING;
  declare local var.hex STRING;
  declare local var.key STRING;
  declare local var.meant STRING;
  declare local var.session STRING;
  declare local var.mac STRING;
  declare local var.message STRING;
  declare local var.right STRING;
  declare local var.digits STRING;
  declare local var.end INTEGER;
  declare local var.begun INTEGER;
  declare local var.until INTEGER;
  declare local var.everything INTEGER;
  declare local var.now INTEGER;

  unset req.http.Admit-Reason;
  if (req.method != "GET" && req.method != "HEAD") {
    {{refuse method_not_allowed}}
  }
  if (req.url.path !~ "^/[su]/") {
    {{refuse no_handle}}
  }
  if (req.url.path ~ "^/([su])/([^/]*)/(vi[A-Za-z0-9]{22})/({{name}}(?:/{{name}})*)$") {
    set var.role = re.group.1;
    set var.text = re.group.2;
    set var.video = re.group.3;
    set var.asset = re.group.4;
  } else {
    {{refuse not_found}}
  }
  set var.id = bin.base64_to_hex(digest.base64(var.video));
  set var.now = std.strtol(now.sec, 10);

  if (var.role == "s") {
    # version 1 | key 1 | session 12 | tag of the video 8 | end 5 | begun 6 | flags 1 | width 1 | MAC 16
    if (var.text !~ "^[A-Za-z0-9_-]{68}$") {
      {{refuse malformed_handle}}
    }
    set var.hex = bin.base64_to_hex(regsuball(regsuball(var.text, "-", "+"), "_", "/"));
    if (var.hex !~ "^01.{64}[01].([0-9].|A[0-2]).{32}$") {
      {{refuse malformed_handle}}
    }
    set var.key = substr(var.hex, 2, 2);
    if (var.key !~ "^({{key_ids_or}})$") {
      {{refuse unknown_delivery_key}}
    }
    if (substr(var.hex, 28, 16) != substr(var.id, 4, 16)) {
      {{refuse other_video}}
    }
    set var.session = "se" std.tolower(substr(var.hex, 4, 24));
    set var.end = std.strtol(substr(var.hex, 44, 10), 16);
    set var.begun = std.strtol(substr(var.hex, 54, 12), 16);
    set var.meant = substr(var.hex, 66, 4);
    set var.mac = substr(var.hex, 70, 32);
    set var.message = substr(var.hex, 0, 28) substr(var.hex, 44, 26) var.id;
  } else {
    # end.key[-flags width].base64url of begun 6 | MAC 16, the last letter of which carries two bits
    if (var.text ~ "^(0|[1-9][0-9]{0,11})\.({{byte}})(?:-([01][0-9a-f](?:[0-9][0-9a-f]|a[0-2])))?\.([A-Za-z0-9_-]{29}[AQgw])$") {
      set var.end = std.strtol(re.group.1, 10);
      set var.key = std.itoa(std.strtol(re.group.2, 10), 16);
      set var.meant = std.toupper(re.group.3);
      set var.digits = re.group.4;
    } else {
      {{refuse malformed_signature}}
    }
    if (var.end > 253402300799 || var.meant == "0700") {
      {{refuse malformed_signature}}
    }
    if (std.strlen(var.meant) == 0) {
      set var.meant = "0700";
    }
    set var.key = std.toupper(regsub("00" var.key, "^.*(..)$", "\1"));
    if (var.key !~ "^({{key_ids_or}})$") {
      {{refuse unknown_delivery_key}}
    }
    set var.hex = bin.base64_to_hex(regsuball(regsuball(var.digits, "-", "+"), "_", "/") "==");
    set var.begun = std.strtol(substr(var.hex, 0, 12), 16);
    set var.mac = substr(var.hex, 12, 32);
    set var.digits = std.itoa(var.end, 16);
    set var.digits = std.toupper(regsub("0000000000000000" var.digits, "^.*(.{16})$", "\1"));
    set var.message = "{{label}}00000003" var.key var.meant "00000018" var.id "00000008" var.digits
      "00000006" substr(var.hex, 0, 12) "00000000";
  }

  # To which network, country or program it is bound is under the MAC, and cannot be evaluated here.
  if (var.meant !~ "^0[0-7]00$") {
    {{refuse bound_elsewhere}}
  }
  # HMAC-SHA256 by its two hashes: the messages hold zero bytes, which no string of VCL can.
{{macs}}
  if (std.strlen(var.mac) != 32 || !digest.secure_is_equal(var.right, var.mac)) {
    if (var.role == "s") {
      {{refuse forged_handle}}
    }
    {{refuse forged_signature}}
  }
  if (var.end <= var.now) {
    if (var.role == "s") {
      {{refuse session_expired}}
    }
    {{refuse signature_expired}}
  }
  if (var.role == "s" && table.contains(admit_sessions, var.session)) {
    {{refuse session_ended}}
  }
  if (table.contains(admit_gone, var.video)) {
    {{refuse video_gone}}
  }
  # Pictures, parts of a stream, and whatever else: a film as one file.
  if (var.asset ~ "{{pictures}}") {
    if (var.meant !~ "^0[2367]") {
      {{refuse missing_right}}
    }
  } else if (var.asset ~ "{{stream}}") {
    if (var.meant !~ "^0[1357]") {
      {{refuse missing_right}}
    }
  } else if (var.meant !~ "^0[4567]") {
    {{refuse missing_right}}
  }
  set var.until = std.strtol(table.lookup(admit_until, var.video, "0"), 10);
  set var.everything = std.strtol(table.lookup(admit_until, "everything", "0"), 10);
  if (var.begun <= var.until || var.begun <= var.everything) {
    if (var.role == "s") {
      {{refuse session_ended}}
    }
    {{refuse credential_revoked}}
  }
  set req.url = "/" var.video "/" var.asset if(std.strlen(req.url.qs) > 0, "?" req.url.qs, "");
}

sub admit_error {
  if (obj.status == 618) {
    set obj.status = std.strtol(obj.response, 10);
    set obj.response = "Refused";
    set obj.http.Admit-Reason = req.http.Admit-Reason;
    set obj.http.Cache-Control = "no-store";
    set obj.http.Access-Control-Allow-Origin = "*";
    set obj.http.Access-Control-Expose-Headers = "Admit-Reason";
    set obj.http.Content-Type = "text/plain";
    synthetic req.http.Admit-Reason;
    return(deliver);
  }
}
