//! The one file of a multipart form. Clients name the field as they like, so the file is the part with a file name.

use axum::{
    body::Bytes,
    extract::multipart::{Field, Multipart, MultipartError, MultipartRejection},
};
use bytes::BytesMut;

use crate::error::ApiError;

/// Fields a form may have, its file among them.
const FIELDS_MAX: usize = 16;
/// Bytes of a field that is not the file.
const FIELD_BYTES_MAX: usize = 4_096;

/// Where the bytes of a file go. A trait and not a closure, because a handler's future must be `Send`.
pub trait Take: Send {
    fn take(&mut self, slice: Bytes) -> impl Future<Output = Result<(), ApiError>> + Send;

    /// A field that is not the file; most forms have none that matters.
    fn note(&mut self, _name: &str, _value: String) {}
}

/// Goes through the form and hands on the bytes of its one file, a slice at a time.
pub async fn receive(form: Result<Multipart, MultipartRejection>, to: &mut impl Take) -> Result<(), ApiError> {
    let mut form = form.map_err(|_| ApiError::invalid_payload("The body must be multipart/form-data."))?;
    let mut found = false;
    for _ in 0..=FIELDS_MAX {
        let Some(mut field) = form.next_field().await.map_err(malformed)? else {
            let title = "There is no uploaded file in the request.";
            return if found { Ok(()) } else { Err(ApiError::bad_upload("uploaded-file-no-file", title)) };
        };
        if field.file_name().is_none() {
            let name = field.name().unwrap_or_default().to_owned();
            to.note(&name, text_of(&mut field).await?);
            continue;
        }
        if std::mem::replace(&mut found, true) {
            let title = "There is more than one uploaded file in the request.";
            return Err(ApiError::bad_upload("uploaded-file-multiple-files", title));
        }
        while let Some(slice) = field.chunk().await.map_err(malformed)? {
            to.take(slice).await?;
        }
    }
    Err(ApiError::invalid_payload("The form has too many fields."))
}

/// A form whose file is small enough to be held in memory until it is known what it is.
pub struct SmallForm {
    pub file: Bytes,
    /// The fields that are not the file, by name.
    pub fields: Vec<(String, String)>,
}

pub async fn small_form(form: Result<Multipart, MultipartRejection>, bytes_max: u64) -> Result<SmallForm, ApiError> {
    let mut small = Small { file: BytesMut::new(), bytes_max, fields: Vec::new() };
    receive(form, &mut small).await?;
    Ok(SmallForm { file: small.file.freeze(), fields: small.fields })
}

/// The file of such a form.
pub async fn small_file(form: Result<Multipart, MultipartRejection>, bytes_max: u64) -> Result<Bytes, ApiError> {
    Ok(small_form(form, bytes_max).await?.file)
}

struct Small {
    file: BytesMut,
    bytes_max: u64,
    fields: Vec<(String, String)>,
}

impl Take for Small {
    async fn take(&mut self, slice: Bytes) -> Result<(), ApiError> {
        if (self.file.len() + slice.len()) as u64 > self.bytes_max {
            return Err(ApiError::bad_upload("uploaded-file-too-large", "The uploaded file is too large."));
        }
        self.file.extend_from_slice(&slice);
        Ok(())
    }

    fn note(&mut self, name: &str, value: String) {
        self.fields.push((name.to_owned(), value));
    }
}

async fn text_of(field: &mut Field<'_>) -> Result<String, ApiError> {
    let mut text = BytesMut::new();
    while let Some(slice) = field.chunk().await.map_err(malformed)? {
        if text.len() + slice.len() > FIELD_BYTES_MAX {
            return Err(ApiError::invalid_payload("A field of the form is too large."));
        }
        text.extend_from_slice(&slice);
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err asks for")]
fn malformed(error: MultipartError) -> ApiError {
    tracing::debug!(%error, "read a form");
    ApiError::invalid_payload("The multipart body is malformed or was cut off.")
}
