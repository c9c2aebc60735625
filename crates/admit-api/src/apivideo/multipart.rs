//! The one file of a multipart form. Clients name the field as they like, so the file is the part with a file name;
//! what else is in the form may stand before it or behind it.

use axum::{
    body::Bytes,
    extract::multipart::{Field, Multipart, MultipartError, MultipartRejection},
};

use crate::error::ApiError;

/// Fields a form may have, its file among them.
const FIELDS_MAX: usize = 16;
/// Bytes of a field that is not the file.
const FIELD_BYTES_MAX: usize = 4_096;

/// Where the bytes of a file go. A trait and not a closure, because a handler's future must be `Send`.
pub trait Take: Send {
    fn take(&mut self, slice: Bytes) -> impl Future<Output = Result<(), ApiError>> + Send;
}

/// What a form says beside its file.
#[derive(Debug, Default)]
pub struct Said {
    pub file_name: String,
    fields: Vec<(String, String)>,
}

impl Said {
    /// A text field that is there and not empty.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).filter(|v| !v.is_empty())
    }
}

/// Goes through the form and hands on the bytes of its one file, a slice at a time.
pub async fn receive(form: Result<Multipart, MultipartRejection>, to: &mut impl Take) -> Result<Said, ApiError> {
    let mut form = form.map_err(|_| ApiError::invalid_payload("The body must be multipart/form-data."))?;
    let (mut said, mut found) = (Said::default(), false);
    for _ in 0..=FIELDS_MAX {
        let Some(mut field) = form.next_field().await.map_err(malformed)? else {
            let title = "There is no uploaded file in the request.";
            return if found { Ok(said) } else { Err(ApiError::bad_upload("uploaded-file-no-file", title)) };
        };
        let Some(file_name) = field.file_name().map(str::to_owned) else {
            let name = field.name().unwrap_or_default().to_owned();
            said.fields.push((name, text(&mut field).await?));
            continue;
        };
        if std::mem::replace(&mut found, true) {
            let title = "There is more than one uploaded file in the request.";
            return Err(ApiError::bad_upload("uploaded-file-multiple-files", title));
        }
        said.file_name = file_name;
        while let Some(slice) = field.chunk().await.map_err(malformed)? {
            to.take(slice).await?;
        }
    }
    Err(ApiError::invalid_payload("The form has too many fields."))
}

async fn text(field: &mut Field<'_>) -> Result<String, ApiError> {
    let mut bytes = Vec::new();
    while let Some(slice) = field.chunk().await.map_err(malformed)? {
        if bytes.len() + slice.len() > FIELD_BYTES_MAX {
            return Err(ApiError::invalid_payload("A field of the form is too large."));
        }
        bytes.extend_from_slice(&slice);
    }
    String::from_utf8(bytes).map_err(|_| ApiError::invalid_payload("A field of the form is not UTF-8."))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err asks for")]
fn malformed(error: MultipartError) -> ApiError {
    tracing::debug!(%error, "read a form");
    ApiError::invalid_payload("The multipart body is malformed or was cut off.")
}
