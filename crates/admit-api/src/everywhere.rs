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
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            name(operation);
            answer(operation);
        }
    }
}

/// `list` of `Live streams` becomes `live_streams_list`: a handler's name is not its alone.
fn name(operation: &mut Operation) {
    if let (Some(id), Some(tag)) = (&operation.operation_id, operation.tags.iter().flatten().next()) {
        operation.operation_id = Some(format!("{}_{id}", tag.to_lowercase().replace(' ', "_")));
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
