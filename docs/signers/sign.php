<?php
// Signs for one video, without packages: php sign.php admit|moviie|signed-url VIDEO TTL_SECONDS [VIEWER]
// The key stands in ADMIT_KEY_ID and ADMIT_KEY_SECRET, as `POST /signing-keys` answered them.

function base64url(string $data): string
{
    return rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
}

function mac(string $secret, string $message): string
{
    return base64url(hash_hmac('sha256', $message, $secret, true));
}

function jwt(string $keyId, string $secret, array $claims): string
{
    $spell = fn (array $part) => base64url(json_encode($part, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES));
    $signed = $spell(['alg' => 'HS256', 'typ' => 'JWT', 'kid' => $keyId]) . '.' . $spell($claims);
    return $signed . '.' . mac($secret, $signed);
}

/** Our own token, for `?token=`. */
function admit(string $keyId, string $secret, string $video, int $ttl, ?string $viewer = null): string
{
    $now = time();
    $named = $viewer === null ? [] : ['sub' => $viewer];
    return jwt($keyId, $secret, $named + ['aud' => $video, 'iat' => $now, 'exp' => $now + $ttl]);
}

/** Moviie's token, for `?token=` or the header `x-moviie-playback-token`. */
function moviie(string $keyId, string $secret, string $video, int $ttl): string
{
    $now = time();
    return jwt($keyId, $secret, ['sub' => $video, 'iat' => $now, 'exp' => $now + $ttl]);
}

/** What is put behind the `?` of any address of the video: `/vod/VIDEO/…` or `/embed/VIDEO`. */
function signed_url(string $keyId, string $secret, string $video, int $ttl): string
{
    $expires = (string) (time() + $ttl);
    // Two empty fields: no address and no site that the viewer is bound to.
    $fields = ['admit signed url', "\x01", $keyId, 'read', "/vod/$video/", $expires, '', ''];
    $message = implode('', array_map(fn (string $field) => pack('N', strlen($field)) . $field, $fields));
    return "expires=$expires&kid=$keyId&sig=" . mac($secret, $message);
}

[, $kind, $video, $ttl] = $argv;
[$keyId, $secret] = [getenv('ADMIT_KEY_ID'), getenv('ADMIT_KEY_SECRET')];
echo match ($kind) {
    'admit' => admit($keyId, $secret, $video, (int) $ttl, $argv[4] ?? null),
    'moviie' => moviie($keyId, $secret, $video, (int) $ttl),
    'signed-url' => signed_url($keyId, $secret, $video, (int) $ttl),
}, "\n";
