//! Byte ranges: the other grammar of an upload in pieces, over a restart, and never mixed with parts.

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::PART_BYTES;
use crate::house::{House, clip, on_both, seed::Seed, sha256_of};

const FILM_BYTES: usize = 2 * PART_BYTES + 300_000;

on_both! {
    byte_ranges_come_in_any_order_over_a_restart,
    ranges_that_do_not_fit_change_nothing,
}

fn range(first: usize, last: usize, total: usize) -> String {
    format!("bytes {first}-{last}/{total}")
}

async fn byte_ranges_come_in_any_order_over_a_restart(house: &mut House) {
    let customer = house.customer().await;
    let film = clip::padded(FILM_BYTES, &mut Seed::new("ranges"));
    let video = customer.create_private().await;
    for first in [2 * PART_BYTES, 0] {
        let last = (first + PART_BYTES).min(FILM_BYTES) - 1;
        let sent = customer.upload_part(&video, &film[first..=last], &range(first, last, FILM_BYTES)).await.expect(201);
        assert_eq!(sent.json(), json!({ "videoId": video }));
    }
    house.restart().await;
    let customer = house.customer_with(&customer.key);
    let half = customer.status(&video).await["ingest"].clone();
    let received = json!([
        { "from": 0, "to": PART_BYTES - 1, "total": FILM_BYTES },
        { "from": 2 * PART_BYTES, "to": FILM_BYTES - 1, "total": FILM_BYTES }
    ]);
    assert_eq!(half, json!({ "status": "uploading", "receivedBytes": received }));
    let (first, last) = (PART_BYTES, 2 * PART_BYTES - 1);
    let whole = customer.upload_part(&video, &film[first..=last], &range(first, last, FILM_BYTES)).await.expect(201);
    assert!(whole.text_at("/assets/player").contains("?token="), "the last piece is answered with the video");
    customer.until_complete(&video).await;
    let sha256 = admit_domain::secret::hex(&Sha256::digest(&film));
    assert_eq!(sha256_of(&house.data().join(format!("objects/videos/{video}/source"))), sha256);
}

async fn ranges_that_do_not_fit_change_nothing(house: &mut House) {
    let customer = house.customer().await;
    let film = clip::padded(FILM_BYTES, &mut Seed::new("misfits"));
    let video = customer.create_private().await;
    let first = range(0, PART_BYTES - 1, FILM_BYTES);
    for _ in 0..2 {
        customer.upload_part(&video, &film[..PART_BYTES], &first).await.expect(201);
    }
    let before = (customer.status(&video).await, house.stored(&format!("uploads/{video}")));
    assert_eq!(before.1.len(), 1, "the same range twice is one");
    let misfits = [
        (range(0, PART_BYTES - 1, FILM_BYTES), PART_BYTES..2 * PART_BYTES, "by-bytes-range-overlap"),
        (range(PART_BYTES - 1, 2 * PART_BYTES - 1, FILM_BYTES), 0..PART_BYTES + 1, "by-bytes-range-overlap"),
        (range(PART_BYTES, 2 * PART_BYTES - 1, FILM_BYTES + 1), 0..PART_BYTES, "by-bytes-different-total-bytes"),
        (range(PART_BYTES, 2 * PART_BYTES - 1, FILM_BYTES), 0..PART_BYTES - 1, "by-bytes-range-mismatch"),
        (range(PART_BYTES, PART_BYTES + 9, FILM_BYTES), 0..10, "by-bytes-range-too-small"),
        (range(9, 8, FILM_BYTES), 0..1, "by-bytes-from-byte-too-high"),
        (range(9, FILM_BYTES, FILM_BYTES), 0..1, "by-bytes-to-byte-too-high-total"),
        ("bytes 0-52428800000/52428800001".to_owned(), 0..1, "by-bytes-to-byte-too-high-allowed"),
        ("bytes 0-9/52428800001".to_owned(), 0..1, "by-bytes-total-bytes-too-high"),
        ("bytes 0-0/0".to_owned(), 0..1, "by-bytes-total-bytes-zero"),
        ("bytes 0-300000000/400000000".to_owned(), 0..1, "by-bytes-different-total-bytes"),
        ("part 2/3".to_owned(), 0..PART_BYTES, "started-with-bytes"),
    ];
    for (range, bytes, slug) in misfits {
        let refused = customer.upload_part(&video, &film[bytes], &range).await.expect(400);
        let kind = refused.text_at("/type");
        assert!(kind.ends_with(&format!("/video-content-range-{slug}")), "{range}: {kind}");
        assert_eq!(refused.text_at("/name"), "Content-Range");
    }
    let fresh = customer.create_private().await;
    let huge = customer.upload_part(&fresh, b"x", "bytes 0-300000000/400000000").await.expect(400);
    assert!(huge.text_at("/type").ends_with("/video-content-range-by-bytes-range-too-large"), "{}", huge.text());
    customer.upload_part(&fresh, &film[..PART_BYTES], "part 1/3").await.expect(201);
    let bytes = range(PART_BYTES, 2 * PART_BYTES - 1, FILM_BYTES);
    let mixed = customer.upload_part(&fresh, &film[PART_BYTES..2 * PART_BYTES], &bytes).await.expect(400);
    assert!(mixed.text_at("/type").ends_with("/video-content-range-started-with-part"), "{}", mixed.text());
    assert_eq!((customer.status(&video).await, house.stored(&format!("uploads/{video}"))), before);
}
