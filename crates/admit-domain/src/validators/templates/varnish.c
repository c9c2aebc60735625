#include <stdint.h>
#include <string.h>
#include <stdlib.h>

/* Varnish's own; what it keeps is smaller than the room it is given. */
void VSHA256_Init(void *);
void VSHA256_Update(void *, const void *, size_t);
void VSHA256_Final(unsigned char[32], void *);
typedef union { uint64_t aligned; unsigned char room[512]; } admit_sha;

struct admit_key { int id; unsigned char inner[64], outer[64]; };
static const struct admit_key admit_keys[] = { {{c_keys}} };
/* Sorted, so that they can be searched. */
static const char *const admit_sessions[] = { {{c_sessions}} };
static const char *const admit_gone[] = { {{c_gone}} };
struct admit_cut { const char *video; long long until; };
static const struct admit_cut admit_until[] = { {{c_until}} };
static const long long admit_everything = {{everything}}LL;

struct admit_said {
    const struct admit_key *key;
    const char *video, *asset;
    size_t asset_len;
    char session[27];
    long long end, begun;
    int flags, width, is_handle;
    unsigned char message[128], mac[16];
    size_t message_len;
};

#define ADMIT_LETTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static int admit_digit64(char c)
{
    static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *at = c == 0 ? NULL : strchr(all, c);
    return at == NULL ? -1 : (int)(at - all);
}

/* Exactly one spelling: no padding, no other letters, no spare bits. */
static int admit_decode(const char *text, size_t len, unsigned char *out)
{
    unsigned held = 0;
    int bits = 0;
    for (size_t i = 0; i < len; i++) {
        int digit = admit_digit64(text[i]);
        if (digit < 0)
            return 0;
        held = (held << 6 | (unsigned)digit) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *out++ = (unsigned char)(held >> bits);
        }
    }
    return (held & ((1u << bits) - 1)) == 0;
}

static long long admit_number(const unsigned char *bytes, int len)
{
    long long number = 0;
    while (len-- > 0)
        number = number << 8 | *bytes++;
    return number;
}

/* A decimal number without sign or leading zero that ends at `stop`; -1 if it is none. */
static long long admit_decimal(const char **text, const char *end, const char *stop)
{
    const char *at = *text;
    long long number = 0;
    while (at < end && *at >= '0' && *at <= '9' && at - *text < 12)
        number = number * 10 + (*at++ - '0');
    if (at == *text || (**text == '0' && at - *text > 1) || at == end || strchr(stop, *at) == NULL)
        return -1;
    *text = at;
    return number;
}

static int admit_hex(const char *text)
{
    int number = 0;
    for (int i = 0; i < 2; i++) {
        if (text[i] >= '0' && text[i] <= '9')
            number = number * 16 + (text[i] - '0');
        else if (text[i] >= 'a' && text[i] <= 'f')
            number = number * 16 + (text[i] - 'a' + 10);
        else
            return -1;
    }
    return number;
}

static const struct admit_key *admit_find(long long id)
{
    for (size_t i = 0; i < sizeof admit_keys / sizeof *admit_keys; i++)
        if (admit_keys[i].id == id)
            return &admit_keys[i];
    return NULL;
}

static int admit_is_right(const struct admit_said *said)
{
    unsigned char tag[32];
    unsigned differ = 0;
    admit_sha sha;
    VSHA256_Init(&sha);
    VSHA256_Update(&sha, said->key->inner, 64);
    VSHA256_Update(&sha, said->message, said->message_len);
    VSHA256_Final(tag, &sha);
    VSHA256_Init(&sha);
    VSHA256_Update(&sha, said->key->outer, 64);
    VSHA256_Update(&sha, tag, 32);
    VSHA256_Final(tag, &sha);
    for (int i = 0; i < 16; i++)
        differ |= tag[i] ^ said->mac[i];
    return differ == 0;
}

static const char *admit_handle(struct admit_said *said, const char *text, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[51];
    if (len != 68 || !admit_decode(text, len, bytes) || bytes[0] != 1 || bytes[33] > 31 || bytes[34] > 162)
        return "malformed_handle";
    said->key = admit_find(bytes[1]);
    if (said->key == NULL)
        return "unknown_delivery_key";
    if (memcmp(bytes + 14, said->video + 2, 8) != 0)
        return "other_video";
    memcpy(said->session, "se", 2);
    for (int i = 0; i < 12; i++) {
        said->session[2 + 2 * i] = digits[bytes[2 + i] >> 4];
        said->session[3 + 2 * i] = digits[bytes[2 + i] & 15];
    }
    said->session[26] = 0;
    said->end = admit_number(bytes + 22, 5);
    said->begun = admit_number(bytes + 27, 6);
    said->flags = bytes[33];
    said->width = bytes[34];
    memcpy(said->message, bytes, 14);
    memcpy(said->message + 14, bytes + 22, 13);
    memcpy(said->message + 27, said->video, 24);
    said->message_len = 51;
    memcpy(said->mac, bytes + 35, 16);
    return NULL;
}

static void admit_field(struct admit_said *said, const void *field, size_t len)
{
    unsigned char *at = said->message + said->message_len;
    memset(at, 0, 3);
    at[3] = (unsigned char)len;
    memcpy(at + 4, field, len);
    said->message_len += 4 + len;
}

static const char *admit_signature(struct admit_said *said, const char *text, size_t len)
{
    const char *end = text + len;
    unsigned char bytes[22], fields[3], expiry[8];
    long long id;
    said->end = admit_decimal(&text, end, ".");
    if (said->end < 0 || said->end > 253402300799LL)
        return "malformed_signature";
    text++;
    id = admit_decimal(&text, end, ".-");
    if (id < 0 || id > 255)
        return "malformed_signature";
    said->flags = 7;
    said->width = 0;
    if (*text == '-') {
        if (end - text < 6 || text[5] != '.')
            return "malformed_signature";
        said->flags = admit_hex(text + 1);
        said->width = admit_hex(text + 3);
        if (said->flags < 0 || said->flags > 31 || said->width < 0 || said->width > 162 ||
            (said->flags == 7 && said->width == 0))
            return "malformed_signature";
        text += 5;
    }
    text++;
    if (end - text != 30 || !admit_decode(text, 30, bytes))
        return "malformed_signature";
    said->key = admit_find(id);
    if (said->key == NULL)
        return "unknown_delivery_key";
    said->begun = admit_number(bytes, 6);
    memcpy(said->mac, bytes + 6, 16);
    fields[0] = (unsigned char)id;
    fields[1] = (unsigned char)said->flags;
    fields[2] = (unsigned char)said->width;
    for (int i = 0; i < 8; i++)
        expiry[i] = (unsigned char)(said->end >> (8 * (7 - i)));
    said->message_len = 0;
    admit_field(said, "admit signed address 1", 22);
    admit_field(said, fields, 3);
    admit_field(said, said->video, 24);
    admit_field(said, expiry, 8);
    admit_field(said, bytes, 6);
    admit_field(said, "", 0);
    return NULL;
}

/* Does the path of the asset, with the slash before it, end so? */
static int admit_ends(const struct admit_said *said, const char *const *endings)
{
    for (; *endings != NULL; endings++) {
        size_t len = strlen(*endings);
        if (said->asset_len + 1 >= len && memcmp(said->asset + said->asset_len - len, *endings, len) == 0)
            return 1;
    }
    return 0;
}

static int admit_is_key(const struct admit_said *said)
{
    size_t at = said->asset_len;
    while (at > 0 && said->asset[at - 1] >= '0' && said->asset[at - 1] <= '9')
        at--;
    return at < said->asset_len && at >= 5 && memcmp(said->asset + at - 6, "/keys/", 6) == 0;
}

/* Pictures, parts of a stream, and whatever else: a film as one file. */
static int admit_right(const struct admit_said *said)
{
    static const char *const pictures[] = { {{c_pictures}}, NULL };
    static const char *const stream[] = { {{c_stream}}, NULL };
    if (admit_ends(said, pictures))
        return 2;
    return admit_ends(said, stream) || admit_is_key(said) ? 1 : 4;
}

static int admit_compare(const void *one, const void *other)
{
    return strcmp(one, *(const char *const *)other);
}

#define ADMIT_LISTED(name, list) \
    (bsearch(name, list, sizeof list / sizeof *list, sizeof *list, admit_compare) != NULL)

/* Names between slashes, of letters that need no escape; none is empty or begins with a dot. */
static int admit_is_asset(const char *asset, size_t len)
{
    if (strspn(asset, "/" ADMIT_LETTERS ".,=~_-") != len)
        return 0;
    for (size_t i = 0; i <= len; i++)
        if ((i == 0 || asset[i - 1] == '/') && (i == len || asset[i] == '/' || asset[i] == '.'))
            return 0;
    return 1;
}

static const char *admit_read(struct admit_said *said, const char *method, const char *url)
{
    const char *text, *reason;
    size_t len;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return "method_not_allowed";
    said->is_handle = strncmp(url, "/s/", 3) == 0;
    if (!said->is_handle && strncmp(url, "/u/", 3) != 0)
        return "no_handle";
    text = url + 3;
    len = strcspn(text, "/?");
    said->video = text + len + 1;
    if (text[len] != '/' || strspn(said->video, ADMIT_LETTERS) != 24 || memcmp(said->video, "vi", 2) != 0 || said->video[24] != '/')
        return "not_found";
    said->asset = said->video + 25;
    said->asset_len = strcspn(said->asset, "?");
    if (!admit_is_asset(said->asset, said->asset_len))
        return "not_found";
    reason = said->is_handle ? admit_handle(said, text, len) : admit_signature(said, text, len);
    if (reason != NULL)
        return reason;
    /* To which network, country or program it is bound is under the MAC, and cannot be evaluated here. */
    if (said->width != 0 || said->flags > 7)
        return "bound_elsewhere";
    if (!admit_is_right(said))
        return said->is_handle ? "forged_handle" : "forged_signature";
    return NULL;
}

static const char *admit_reason(const char *method, const char *url, long long now)
{
    struct admit_said said;
    char video[25];
    const struct admit_cut *cut;
    const char *reason = admit_read(&said, method, url);
    if (reason != NULL)
        return reason;
    memcpy(video, said.video, 24);
    video[24] = 0;
    if (said.end <= now)
        return said.is_handle ? "session_expired" : "signature_expired";
    if (said.is_handle && ADMIT_LISTED(said.session, admit_sessions))
        return "session_ended";
    if (ADMIT_LISTED(video, admit_gone))
        return "video_gone";
    if ((said.flags & admit_right(&said)) == 0)
        return "missing_right";
    cut = bsearch(video, admit_until, sizeof admit_until / sizeof *admit_until, sizeof *admit_until, admit_compare);
    if (said.begun <= admit_everything || (cut != NULL && said.begun <= cut->until))
        return said.is_handle ? "session_ended" : "credential_revoked";
    return NULL;
}

static const char *admit_status(const char *reason)
{
    static const struct { const char *code, *status; } all[] = { {{c_statuses}} };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].code, reason) == 0)
            return all[i].status;
    return "403";
}

static void admit_judge(VRT_CTX)
{
    static const struct gethdr_s reason_header = { HDR_REQ, "\015Admit-Reason:" };
    static const struct gethdr_s status_header = { HDR_REQ, "\015Admit-Status:" };
    const char *method = VRT_r_req_method(ctx);
    const char *url = VRT_r_req_url(ctx);
    const char *reason = admit_reason(method == NULL ? "" : method, url == NULL ? "" : url, (long long)ctx->now);
    if (reason != NULL)
        VRT_SetHdr(ctx, &reason_header, NULL, TOSTRAND(reason));
    VRT_SetHdr(ctx, &status_header, NULL, TOSTRAND(reason == NULL ? "200" : admit_status(reason)));
}
