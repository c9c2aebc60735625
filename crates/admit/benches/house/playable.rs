//! How long after its last byte a film can be watched, against how long its whole ladder takes.

use std::{path::Path, process::Command, time::Duration};

use anyhow::{Context as _, Result, ensure};
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::program::Program;

const POLL: Duration = Duration::from_millis(20);

pub(crate) fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let clip = folder.path().join("clip.mp4");
    make(&clip)?;
    let program = Program::start(None)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let house = House { program: &program, client: reqwest::Client::new() };
        let id = house.create().await?;
        let bytes = tokio::fs::read(&clip).await?;
        house.upload(&id, bytes).await?;
        let (playable, ()) = timed(house.until(&id, |status| status["encoding"]["playable"] == true)).await?;
        let (rest, ()) = timed(house.until(&id, |status| {
            let qualities = status["encoding"]["qualities"].as_array().map_or(&[][..], Vec::as_slice);
            !qualities.is_empty() && qualities.iter().all(|quality| quality["status"] == "encoded")
        }))
        .await?;
        let whole = playable + rest;
        println!("60 s of 720p H.264 and AAC, from the answer to its last byte");
        println!("  playable after   {playable:6.2} s");
        println!("  whole ladder     {whole:6.2} s");
        println!("  ratio            {:6.3}     (aim: at most 0.100)", playable / whole);
        Ok(())
    })
}

async fn timed<T>(work: impl Future<Output = Result<T>>) -> Result<(f64, T)> {
    let begun = tokio::time::Instant::now();
    let done = work.await?;
    Ok((begun.elapsed().as_secs_f64(), done))
}

struct House<'a> {
    program: &'a Program,
    client: reqwest::Client,
}

impl House<'_> {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.program.address)
    }

    async fn create(&self) -> Result<String> {
        let body = serde_json::json!({ "title": "bench", "public": false });
        let request = self.client.post(self.url("/videos")).json(&body);
        let video = self.send(request).await?;
        video["videoId"].as_str().map(str::to_owned).context("an id")
    }

    async fn upload(&self, id: &str, bytes: Vec<u8>) -> Result<()> {
        let form = Form::new().part("file", Part::bytes(bytes).file_name("clip.mp4"));
        self.send(self.client.post(self.url(&format!("/videos/{id}/source"))).multipart(form)).await?;
        Ok(())
    }

    async fn until(&self, id: &str, reached: impl Fn(&Value) -> bool) -> Result<()> {
        loop {
            let status = self.send(self.client.get(self.url(&format!("/videos/{id}/status")))).await?;
            if reached(&status) {
                return Ok(());
            }
            // sleep: the status is polled, as a client polls it
            tokio::time::sleep(POLL).await;
        }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value> {
        let answer = request.basic_auth(&self.program.key, Some("")).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }
}

/// Pictures that are not trivial to encode, with a keyframe every two seconds, as a phone or an editor writes them.
fn make(clip: &Path) -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "a benchmark makes its own film")]
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc2=s=1280x720:r=30:d=60"])
        .args(["-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000:duration=60"])
        .args(["-c:v", "libx264", "-preset", "veryfast", "-g", "60", "-pix_fmt", "yuv420p", "-c:a", "aac"])
        .args(["-b:a", "128k", "-movflags", "+faststart"])
        .arg(clip)
        .status()?;
    ensure!(made.success(), "make the film");
    Ok(())
}
