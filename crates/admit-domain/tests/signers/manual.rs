//! What docs/dialects.md says, held against the dialects there are.

use admit_domain::dialects::Dialect;

const MANUAL: &str = include_str!("../../../../docs/dialects.md");

#[test]
fn the_manual_names_every_dialect_and_no_other() {
    let table: Vec<&str> = MANUAL
        .lines()
        .skip_while(|line| !line.starts_with("| `dialect`"))
        .take_while(|line| line.starts_with('|'))
        .collect();
    let first = |line: &&str| line.split('|').nth(1).map(str::to_owned);
    let cells: Vec<String> = table.iter().skip(2).filter_map(first).collect();
    let named: Vec<&str> = cells.iter().flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    let mut sorted = (named.clone(), Dialect::ALL_NAMES.to_vec());
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    assert_eq!(sorted.0, sorted.1);
}

#[test]
fn the_manuals_template_is_one() {
    let example = MANUAL.split("```\n").find(|block| block.starts_with("template\n")).expect("an example");
    let text = example.trim_end();
    assert_eq!(Dialect::parse(text).map(|dialect| dialect.to_string()).as_deref(), Ok(text));
    let akamai = MANUAL.split('`').find(|code| code.starts_with("akamai\\n")).expect("an example");
    let lines = akamai.replace("\\n", "\n").replace('…', "pepper");
    assert_eq!(Dialect::parse(&lines).map(|dialect| dialect.to_string()), Ok(lines));
}
