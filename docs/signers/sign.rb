#!/usr/bin/env ruby
# Signs for one video, without gems: ruby sign.rb admit|moviie|signed-url VIDEO TTL_SECONDS [VIEWER]
# The key stands in ADMIT_KEY_ID and ADMIT_KEY_SECRET, as `POST /signing-keys` answered them.

require "json"
require "openssl"

def base64url(data)
  [data].pack("m0").tr("+/", "-_").delete("=")
end

def mac(secret, message)
  base64url(OpenSSL::HMAC.digest("SHA256", secret, message))
end

def jwt(key_id, secret, claims)
  signed = [{ alg: "HS256", typ: "JWT", kid: key_id }, claims].map { |part| base64url(JSON.generate(part)) }.join(".")
  "#{signed}.#{mac(secret, signed)}"
end

# Our own token, for `?token=`.
def admit(key_id, secret, video, ttl, viewer = nil)
  now = Time.now.to_i
  jwt(key_id, secret, { sub: viewer, aud: video, iat: now, exp: now + ttl }.compact)
end

# Moviie's token, for `?token=` or the header `x-moviie-playback-token`.
def moviie(key_id, secret, video, ttl, _viewer = nil)
  now = Time.now.to_i
  jwt(key_id, secret, { sub: video, iat: now, exp: now + ttl })
end

# What is put behind the `?` of any address of the video: `/vod/VIDEO/…` or `/embed/VIDEO`.
def signed_url(key_id, secret, video, ttl, _viewer = nil)
  expires = (Time.now.to_i + ttl).to_s
  # Two empty fields: no address and no site that the viewer is bound to.
  fields = ["admit signed url", "\x01", key_id, "read", "/vod/#{video}/", expires, "", ""]
  message = fields.map { |field| [field.bytesize].pack("N") + field.b }.join
  "expires=#{expires}&kid=#{key_id}&sig=#{mac(secret, message)}"
end

kind, video, ttl, viewer = ARGV
sign = { "admit" => :admit, "moviie" => :moviie, "signed-url" => :signed_url }.fetch(kind)
puts send(sign, ENV.fetch("ADMIT_KEY_ID"), ENV.fetch("ADMIT_KEY_SECRET"), video, Integer(ttl), viewer)
