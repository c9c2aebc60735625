//! Before anything is measured: everybody serves the same bytes, and whoever verifies refuses what was tampered with.

use std::{fs, path::Path, sync::Arc};

use anyhow::{Context as _, Result, ensure};

use crate::{
    client,
    field::{Entrant, Field, OPEN},
    workload::{ADDRESSES, Workload},
};

/// Answers that are compared for each object kind: the first, some in the middle, the last.
const SAMPLES: [usize; 4] = [0, 1, ADDRESSES / 2, ADDRESSES - 1];

/// How many answers were compared, and how many forgeries refused.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Checked {
    pub(crate) compared: usize,
    pub(crate) refused: usize,
}

pub(crate) fn all(field: &Field, workloads: &[Workload], files: &Path) -> Result<Checked> {
    let mut checked = Checked::default();
    for entrant in field.entrants.iter().filter(|entrant| entrant.is_always_served()) {
        for workload in workloads {
            if entrant.name == OPEN && workload.name != "W1" {
                continue;
            }
            one(field, entrant, workload, files, &mut checked)
                .with_context(|| format!("{} does not serve {} as it should", entrant.name, workload.name))?;
        }
    }
    Ok(checked)
}

fn one(field: &Field, entrant: &Entrant, workload: &Workload, files: &Path, checked: &mut Checked) -> Result<()> {
    for (endpoint, tls) in [(&entrant.plain, None), (&entrant.tls, Some(Arc::clone(&field.trust)))] {
        let Some(endpoint) = endpoint else { continue };
        for number in SAMPLES {
            let path = entrant.path(workload, number)?;
            let (status, body) = client::get(endpoint.address, tls.as_ref(), &path)?;
            // The kernel's own floor has one answer for each workload.
            let number = if entrant.name == crate::field::FLOOR { 0 } else { number };
            let expected = fs::read(Workload::file_of(files, workload.object(number)))?;
            ensure!(status == 200 && body == expected, "{status} and other bytes at {path}");
            checked.compared += 1;
            if entrant.verifies {
                let path = entrant.tampered(workload, number)?;
                let (status, body) = client::get(endpoint.address, tls.as_ref(), &path)?;
                ensure!(
                    (400..500).contains(&status) && body != expected,
                    "{status} at {path}, which was tampered with"
                );
                checked.refused += 1;
            }
        }
    }
    Ok(())
}
