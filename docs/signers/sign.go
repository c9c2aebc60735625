// Signs for one video, without modules: go run sign.go admit|moviie|signed-url VIDEO TTL_SECONDS [VIEWER]
// The key stands in ADMIT_KEY_ID and ADMIT_KEY_SECRET, as `POST /signing-keys` answered them.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"
)

type key struct{ id, secret string }

func base64url(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func (k key) mac(message []byte) string {
	mac := hmac.New(sha256.New, []byte(k.secret))
	mac.Write(message)
	return base64url(mac.Sum(nil))
}

func (k key) jwt(claims map[string]any) string {
	header, _ := json.Marshal(map[string]string{"alg": "HS256", "typ": "JWT", "kid": k.id})
	body, _ := json.Marshal(claims)
	signed := base64url(header) + "." + base64url(body)
	return signed + "." + k.mac([]byte(signed))
}

// Our own token, for `?token=`.
func (k key) admit(video string, now, ttl int64, viewer string) string {
	claims := map[string]any{"aud": video, "iat": now, "exp": now + ttl}
	if viewer != "" {
		claims["sub"] = viewer
	}
	return k.jwt(claims)
}

// Moviie's token, for `?token=` or the header `x-moviie-playback-token`.
func (k key) moviie(video string, now, ttl int64) string {
	return k.jwt(map[string]any{"sub": video, "iat": now, "exp": now + ttl})
}

// What is put behind the `?` of any address of the video: `/vod/VIDEO/…` or `/embed/VIDEO`.
func (k key) signedURL(video string, now, ttl int64) string {
	expires := strconv.FormatInt(now+ttl, 10)
	// Two empty fields: no address and no site that the viewer is bound to.
	fields := []string{"admit signed url", "\x01", k.id, "read", "/vod/" + video + "/", expires, "", ""}
	var message []byte
	for _, field := range fields {
		message = binary.BigEndian.AppendUint32(message, uint32(len(field)))
		message = append(message, field...)
	}
	return fmt.Sprintf("expires=%s&kid=%s&sig=%s", expires, k.id, k.mac(message))
}

func main() {
	k := key{os.Getenv("ADMIT_KEY_ID"), os.Getenv("ADMIT_KEY_SECRET")}
	kind, video, viewer := os.Args[1], os.Args[2], ""
	ttl, err := strconv.ParseInt(os.Args[3], 10, 64)
	if err != nil {
		panic(err)
	}
	if len(os.Args) > 4 {
		viewer = os.Args[4]
	}
	now := time.Now().Unix()
	switch kind {
	case "admit":
		fmt.Println(k.admit(video, now, ttl, viewer))
	case "moviie":
		fmt.Println(k.moviie(video, now, ttl))
	case "signed-url":
		fmt.Println(k.signedURL(video, now, ttl))
	default:
		panic("admit, moviie or signed-url")
	}
}
