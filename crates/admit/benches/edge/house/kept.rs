//! An installation that is kept between runs: what was filled into it, as a file beside it.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::workload::{Object, Workload};

const FILE: &str = "filled.json";

/// Everything that cannot be read from the installation itself.
pub(super) struct Kept {
    pub(super) workloads: Vec<Workload>,
    pub(super) open: Workload,
    pub(super) pattern: (String, String),
}

impl Kept {
    pub(super) fn is_in(folder: &Path) -> bool {
        folder.join(FILE).exists()
    }

    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let objects = |workload: &Workload| -> Vec<Value> {
            let one = |object: &Object| json!([object.file, object.video, object.asset, object.bytes]);
            workload.objects.iter().map(one).collect()
        };
        let workloads: Vec<_> = self.workloads.iter().map(objects).collect();
        let all =
            json!({ "workloads": workloads, "open": objects(&self.open), "pattern": [self.pattern.0, self.pattern.1] });
        Ok(fs::write(folder.join(FILE), all.to_string())?)
    }

    /// `names` are those of the workloads, in their order.
    pub(super) fn read(folder: &Path, names: [(&'static str, &'static str); 4]) -> Result<Self> {
        let all: Value = serde_json::from_slice(&fs::read(folder.join(FILE))?)?;
        let text = |value: &Value| value.as_str().map(str::to_owned).context("a text");
        let workload = |objects: &Value, (name, what)| {
            let one = |object: &Value| {
                let bytes = usize::try_from(object[3].as_u64().context("a size")?)?;
                let (file, video, asset) = (text(&object[0])?, text(&object[1])?, text(&object[2])?);
                Ok::<_, anyhow::Error>(Object { file, video, asset, bytes })
            };
            let objects = objects.as_array().context("objects")?.iter().map(one).collect::<Result<_>>()?;
            Ok::<_, anyhow::Error>(Workload { name, what, objects })
        };
        let listed = all["workloads"].as_array().context("workloads")?;
        let workloads =
            listed.iter().zip(names).map(|(objects, name)| workload(objects, name)).collect::<Result<_>>()?;
        let pattern = (text(&all["pattern"][0])?, text(&all["pattern"][1])?);
        Ok(Self { workloads, open: workload(&all["open"], names[0])?, pattern })
    }
}
