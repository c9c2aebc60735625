//! What a project decides for itself, and tags, which are counted over the whole project.

use serde_json::{Value, json};

use super::expect_problem;
use crate::house::{Customer, House, on_both};

on_both! {
    a_project_decides_what_its_new_videos_are,
    a_wrong_setting_changes_nothing,
    tags_are_found_whatever_their_case_and_accents,
}

/// As they are until somebody says otherwise, but for one. Whose they are is the project's to say.
fn settings_of(visibility: &str, told: &Value) -> Value {
    let seconds = admit_domain::limits::SESSION_TTL_DEFAULT.as_secs();
    assert!(told["projectId"].as_str().is_some_and(|id| id.starts_with("pr")), "{told}");
    json!({
        "projectId": told["projectId"],
        "defaultVisibility": visibility,
        "discardedVideoDays": 0,
        "tokenAccess": true,
        "sessionSeconds": seconds,
        "onStale": "closed",
    })
}

async fn a_project_decides_what_its_new_videos_are(house: &mut House) {
    let customer = house.customer().await;
    let unsaid = customer.get("/settings").await.expect(200).json();
    assert_eq!(unsaid, settings_of("public", &unsaid));
    let before = customer.create(&json!({ "title": "before" })).await;
    let changed = customer.patch("/settings", &json!({ "defaultVisibility": "private" })).await.expect(200).json();
    assert_eq!(changed, settings_of("private", &unsaid));
    house.restart().await;
    let customer = house.customer_with(&customer.key);
    let is_public = async |id: &str| customer.get(&format!("/videos/{id}")).await.expect(200).json()["public"].clone();
    let after = customer.create(&json!({ "title": "after" })).await;
    let said = customer.create(&json!({ "title": "said", "public": true })).await;
    assert_eq!([is_public(&before).await, is_public(&after).await, is_public(&said).await], [true, false, true]);
}

async fn a_wrong_setting_changes_nothing(house: &mut House) {
    let customer = house.customer().await;
    let before = customer.get("/settings").await.expect(200).json();
    let wrong = [
        (json!({ "defaultVisibility": "secret" }), "invalid-payload"),
        (json!({ "discardedVideoDays": 366 }), "invalid-attribute"),
        (json!({ "discardedVideoDays": -1 }), "invalid-payload"),
        (json!([]), "invalid-payload"),
    ];
    for (body, slug) in wrong {
        expect_problem(customer.patch("/settings", &body).await, 400, slug);
    }
    assert_eq!(customer.get("/settings").await.expect(200).json(), before);
}

async fn list(customer: &Customer, query: &str) -> Vec<Value> {
    let list = customer.get(&format!("/tags?{query}")).await.expect(200).json();
    assert_eq!(list["pagination"]["itemsTotal"], list["data"].as_array().unwrap().len());
    list["data"].as_array().unwrap().clone()
}

async fn tags_are_found_whatever_their_case_and_accents(house: &mut House) {
    let customer = house.customer().await;
    for tags in [json!(["Été", "maths"]), json!(["maths", "maths"]), json!(["100%"])] {
        customer.create(&json!({ "title": "tagged", "tags": tags })).await;
    }
    let tag = |value: &str, count: u32| json!({ "value": value, "videoCount": count });
    let (summer, maths, whole) = (tag("Été", 1), tag("maths", 2), tag("100%", 1));
    assert_eq!(list(&customer, "").await, [whole.clone(), summer.clone(), maths.clone()]);
    assert_eq!(list(&customer, "sortOrder=desc").await, [maths.clone(), summer.clone(), whole.clone()]);
    assert_eq!(list(&customer, "sortBy=videoCount&sortOrder=desc").await[0], maths);
    for part in ["ete", "%C3%89T", "E%CC%81te"] {
        assert_eq!(list(&customer, &format!("value={part}")).await, std::slice::from_ref(&summer), "{part}");
    }
    assert_eq!(list(&customer, "value=%25").await, [whole], "a sign stands for itself");
    assert_eq!(list(&customer, "value=_").await, [Value::Null; 0]);
    expect_problem(customer.get("/tags?sortBy=colour").await, 400, "invalid-query-parameter");
}
