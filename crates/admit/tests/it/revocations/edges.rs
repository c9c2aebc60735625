//! Who is an edge, and who is not.

use http::Method;
use serde_json::json;
use tokio::task::JoinSet;

use super::{Edge, join, join_token};
use crate::{
    house::{Answer, House, on_both},
    management::expect_problem,
};

on_both! {
    a_token_joins_once,
    an_edge_is_no_customer_and_a_customer_no_edge,
}

async fn a_token_joins_once(house: &mut House) {
    let (viewer, token) = (house.viewer(), join_token(house).await);
    let mut racing = JoinSet::new();
    for _ in 0..16 {
        let (viewer, token) = (viewer.clone(), token.clone());
        racing.spawn(async move { join(&viewer, &token).await.status });
    }
    let mut answers = racing.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [[201].as_slice(), &[410; 15]].concat());
    expect_problem(join(&viewer, &token).await, 410, "join-token-spent");
    for wrong in ["", "adm_join_", &format!("adm_join_{}", "A".repeat(43))] {
        expect_problem(join(&viewer, wrong).await, 401, "authentication-invalid-join-token");
    }
    let fresh = join_token(house).await;
    for name in ["", "   ", "a\u{7}b", &"x".repeat(101)] {
        let request = viewer.request(Method::POST, "/internal/edge/join");
        let answer = Answer::to("join".into(), request.json(&json!({ "joinToken": fresh, "name": name }))).await;
        expect_problem(answer, 400, "invalid-attribute");
    }
    join(&viewer, &fresh).await.expect(201);
    assert!(!house.holds(&token) && !house.holds(&fresh), "tokens are kept as fingerprints");
}

async fn an_edge_is_no_customer_and_a_customer_no_edge(house: &mut House) {
    let (customer, edge) = (house.customer().await, Edge::joined(house).await);
    let video = customer.create_private().await;
    let paths = ["feed".to_owned(), format!("videos/{video}"), format!("objects/videos/{video}/mp4-1")];
    for path in &paths {
        let path = format!("/internal/edge/{path}");
        for answer in [
            customer.get(&path).await,
            edge.viewer.get(&path).await,
            edge.viewer.get_with(&path, &[("authorization", &format!("Bearer {}", customer.key))]).await,
            edge.viewer.get_with(&path, &[("authorization", &format!("Bearer {}x", edge.secret))]).await,
        ] {
            expect_problem(answer, 401, "authentication-invalid-edge");
        }
    }
    for path in ["/videos", "/edges", "/settings"] {
        let bearer = format!("Bearer {}", edge.secret);
        edge.viewer.get_with(path, &[("authorization", &bearer)]).await.expect(401);
        Answer::to("basic".into(), edge.viewer.request(Method::GET, path).basic_auth(&edge.secret, Some("")))
            .await
            .expect(401);
    }
    edge.get(&format!("videos/{video}"), &[]).await.expect(200);
    customer.delete(&format!("/edges/{}", edge.id)).await.expect(204);
    edge.get(&format!("videos/{video}"), &[]).await.expect(401);
    edge.applied(1).await.expect(401);
}
