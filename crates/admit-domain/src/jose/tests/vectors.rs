//! The examples of RFC 7515 (§A.1–§A.3) and RFC 8037 (§A.4): their signatures are right, and their headers name no key.

use super::super::token::Token;
use crate::{
    json::{self, Bounds},
    public_key::PublicKey,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

const CLAIMS: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

fn jwk(text: &str) -> PublicKey {
    PublicKey::from_jwk(&json::read(text.as_bytes(), Bounds { bytes: 4_096, depth: 1 }).unwrap()).unwrap()
}

#[test]
fn rfc_7515_a_1_hs256() {
    let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let secret = URL_SAFE_NO_PAD.decode(secret).unwrap();
    let text = format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{CLAIMS}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let token = Token::read(&text).unwrap();
    let mut claims = token.verify_secret(&secret).unwrap();
    assert_eq!(claims.text("iss"), Ok(Some("joe".to_owned())));
    assert!(token.verify_secret(&secret[1..]).is_err());
    assert!(claims.finish().is_err());
}

#[test]
fn rfc_7515_a_2_rs256() {
    let key = jwk(
        "{\"kty\":\"RSA\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\",\"e\":\"AQAB\"}",
    );
    let signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    check("eyJhbGciOiJSUzI1NiJ9", signature, &key);
}

#[test]
fn rfc_7515_a_3_es256() {
    let key = jwk(
        r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
    );
    let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    check("eyJhbGciOiJFUzI1NiJ9", signature, &key);
}

fn check(header: &str, signature: &str, key: &PublicKey) {
    let text = format!("{header}.{CLAIMS}.{signature}");
    assert!(Token::read(&text).unwrap().verify_public(key).is_ok());
    let other = text.replacen("eyJpc3Mi", "eyJpc3Mj", 1);
    assert!(Token::read(&other).unwrap().verify_public(key).is_err());
}

#[test]
fn rfc_8037_a_4_eddsa() {
    let key = jwk(r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#);
    let signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let fault = Token::read(&format!("{signed}.{signature}")).unwrap().verify_public(&key).unwrap_err();
    // The signature is right; what it is over is no JSON.
    assert_eq!(fault.field, "claims");
    let flipped = signature.replacen("hgyY", "hgyZ", 1);
    assert_eq!(
        Token::read(&format!("{signed}.{flipped}")).unwrap().verify_public(&key).unwrap_err().field,
        "signature"
    );
}
