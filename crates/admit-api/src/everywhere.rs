//! What the document says of every operation: a name of its own, and the answers that any request may meet.

use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response, path::Operation};

/// Status and reason. The listener refuses what is malformed before any operation sees it.
const ANYWHERE: [(&str, &str); 4] = [
    ("400", "The request is malformed, or says something that cannot be"),
    ("413", "The body is too large"),
    ("429", "Too many requests in this minute"),
    ("503", "The service cannot answer right now"),
];

pub(crate) fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in [
            ("GET", &mut item.get),
            ("POST", &mut item.post),
            ("PUT", &mut item.put),
            ("PATCH", &mut item.patch),
            ("DELETE", &mut item.delete),
        ] {
            let Some(operation) = operation else { continue };
            // A handler's name is not its alone. This one is, and reads like api.video's: `GET_videos-videoId-status`.
            operation.operation_id = Some(format!("{method}_{}", path[1..].replace('/', "-").replace(['{', '}'], "")));
            answer(operation);
        }
    }
}

fn answer(operation: &mut Operation) {
    let problem = || RefOr::T(Content::new(Some(Ref::from_schema_name("Problem"))));
    for (status, reason) in ANYWHERE {
        let known = operation.responses.responses.entry(status.to_owned());
        let RefOr::T(response) = known.or_insert_with(|| RefOr::T(Response::new(reason))) else { continue };
        for kind in ["application/json", "application/problem+json"] {
            response.content.entry(kind.to_owned()).or_insert_with(problem);
        }
    }
}
