//! `winset assess` on folders: parts, what is kept, and that nothing is overwritten.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use winset_io::stream::{Cell, FileFormat, RowReader, Rows};

fn work(name: &str) -> PathBuf {
    common::work("assess-folder", name)
}

fn command(folder: &Path, words: &str, threads: &str) -> Command {
    let mut command = common::command(folder, words.split_whitespace());
    command.env("RAYON_NUM_THREADS", threads);
    command
}

/// What the command says as JSON.
fn succeeds(folder: &Path, words: &str, threads: &str) -> serde_json::Value {
    let output = command(folder, &format!("{words} --json"), threads)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{words}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn fails(folder: &Path, words: &str) -> String {
    let output = command(folder, words, "2").output().unwrap();
    assert!(!output.status.success(), "{words}");
    String::from_utf8(output.stderr).unwrap()
}

/// Rows of a few kinds, as CSV.
fn entries(from: usize, rows: usize) -> String {
    let mut out = "id,goods,origin,entry_date,value,claims,facts\n".to_owned();
    let kinds = [
        "8481.80.90,JP,2025-04-16,10000.25,,",
        "7326.90.86,DE,2025-06-20,99.99,,us_share=0.25",
        "8703.23.01,MX,2025-05-20,20000,USMCA,certified=auto_part",
        "9999.99.99,VN,2025-09-01,123.45,,",
    ];
    for i in from..from + rows {
        let _ = writeln!(out, "row {i},{}", kinds[i * i % 97 % kinds.len()]);
    }
    out
}

/// A Parquet file of rows, in row groups of 65,536: the answers on them serve as well as any, with columns of their own.
fn parquet(folder: &Path, name: &str, from: usize, rows: usize) {
    use winset_io::stream::{Answers, BATCH_ROWS, Encoder, Kind, RowWriter, Texts};
    let columns = [
        ("id", Kind::Text),
        ("goods", Kind::Text),
        ("origin", Kind::Text),
        ("entry_date", Kind::Text),
        ("value", Kind::Text),
        ("claims", Kind::Text),
        ("facts", Kind::Text),
    ];
    let encoder = Encoder::new(FileFormat::Parquet, &columns).unwrap();
    let mut writer = RowWriter::create(&folder.join(name), &encoder).unwrap();
    let text = entries(from, rows);
    let lines: Vec<&str> = text.lines().skip(1).collect();
    for lines in lines.chunks(BATCH_ROWS) {
        let mut texts: Vec<Texts> = vec![Texts::default(); columns.len()];
        for line in lines {
            for (column, cell) in texts.iter_mut().zip(line.split(',')) {
                column.push(cell.as_bytes());
            }
        }
        let answers: Vec<Answers> = texts.into_iter().map(Answers::Texts).collect();
        writer
            .write(encoder.encode(lines.len(), &answers).unwrap())
            .unwrap();
    }
    writer.finish().unwrap();
}

/// Name and total of each row of a file of answers.
fn totals(path: &Path) -> Vec<String> {
    let mut reader = RowReader::open(path, FileFormat::of(path).unwrap()).unwrap();
    reader.choose(&["id", "total", "error"]).unwrap();
    let (mut rows, mut all) = (Rows::default(), Vec::new());
    loop {
        reader.read(&mut rows).unwrap();
        if rows.len == 0 {
            return all;
        }
        for row in 0..rows.len {
            let shown = |column| match rows.cell(column, row) {
                Cell::Blank => String::new(),
                other => other.text(),
            };
            all.push(format!("{} {} {}", shown(0), shown(1), shown(2)));
        }
    }
}

/// The files below a folder, but for the lock.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut open, mut found) = (vec![folder.to_owned()], BTreeMap::new());
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if !path.ends_with(".assessment.lock") {
                let inside = path.strip_prefix(folder).unwrap().to_owned();
                found.insert(inside, fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn each_file_is_answered_below_its_own_name_and_what_is_done_is_kept() {
    let folder = work("names");
    fs::create_dir_all(folder.join("in/2025/04")).unwrap();
    fs::write(folder.join("in/2025/04/b.csv"), entries(0, 1000)).unwrap();
    fs::write(folder.join("in/a.csv"), entries(1000, 10)).unwrap();
    fs::write(folder.join("in/empty.csv"), entries(0, 0)).unwrap();
    fs::write(folder.join("in/_SUCCESS"), "").unwrap();
    fs::write(folder.join("in/.part.crc"), "x").unwrap();
    let said = succeeds(&folder, "assess in --out out", "2");
    assert_eq!(
        (&said["rows"], &said["parts"], &said["kept"]),
        (&1010.into(), &3.into(), &0.into())
    );
    let found = files(&folder.join("out"));
    let names: Vec<String> = found.keys().map(|p| p.display().to_string()).collect();
    assert_eq!(
        names,
        [
            "2025/04/b.parquet",
            "_assessment.json",
            "a.parquet",
            "empty.parquet"
        ]
    );
    // The rows are those of each file by itself.
    succeeds(&folder, "assess in/2025/04/b.csv --out b.csv", "2");
    assert_eq!(
        totals(&folder.join("out/2025/04/b.parquet")),
        totals(&folder.join("b.csv"))
    );
    assert!(totals(&folder.join("out/empty.parquet")).is_empty());
    let again = succeeds(&folder, "assess in --out out", "1");
    assert_eq!((&again["kept"], &again["rows"]), (&3.into(), &1010.into()));
    assert_eq!(again["errors"], said["errors"]);
    assert_eq!(files(&folder.join("out")), found);
}

#[test]
fn a_large_file_is_cut_at_its_row_groups_and_the_parts_together_are_the_whole() {
    let folder = work("groups");
    parquet(&folder, "in.parquet", 0, 300_000);
    succeeds(&folder, "assess in.parquet --out whole.parquet", "2");
    let said = succeeds(
        &folder,
        "assess in.parquet --out parts --part-rows 100000",
        "2",
    );
    // Row groups of 65,536: two, two and the rest.
    assert_eq!(
        (&said["parts"], &said["rows"]),
        (&3.into(), &300_000.into())
    );
    let mut all = Vec::new();
    for part in 0..3 {
        all.extend(totals(&folder.join(format!("parts/in-{part:05}.parquet"))));
    }
    assert!(all == totals(&folder.join("whole.parquet")));
    succeeds(
        &folder,
        "assess in.parquet --out one --part-rows 100000",
        "1",
    );
    assert!(files(&folder.join("one")) == files(&folder.join("parts")));
}

#[test]
fn killed_at_any_moment_it_goes_on_and_writes_the_same_bytes() {
    let folder = work("killed");
    fs::create_dir(folder.join("in")).unwrap();
    for part in 0..12 {
        parquet(
            &folder,
            &format!("in/{part:02}.parquet"),
            20_000 * part,
            20_000,
        );
    }
    let start = Instant::now();
    succeeds(&folder, "assess in --out whole", "2");
    let took = start.elapsed();
    let whole = files(&folder.join("whole"));
    // Moments without pattern, spread over the run.
    let mut state = 20_250_416_u64;
    let (mut kills, mut kept) = (0, 0);
    for _ in 0..10 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let moment = took * (100 + (state >> 33) as u32 % 800) / 1000;
        let mut child = command(&folder, "assess in --out out", "2")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(moment);
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            kills += 1;
        }
        child.wait().unwrap();
        let there = files(&folder.join("out"));
        for (name, bytes) in &there {
            let is_part = name.extension().is_some_and(|e| e == "parquet");
            assert!(
                !is_part || whole[name] == *bytes,
                "{} is whole",
                name.display()
            );
        }
        kept = kept.max(there.len());
        if kept == whole.len() {
            // Begin anew, so that the kills hit all of the run.
            fs::remove_dir_all(folder.join("out")).unwrap();
        }
    }
    let said = succeeds(&folder, "assess in --out out", "2");
    assert_eq!(said["rows"], 240_000);
    assert!(files(&folder.join("out")) == whole);
    println!("{kills} of 10 killed, at most {kept} files there before the end");
    assert!(kills > 0, "no run was killed");
}

#[test]
fn it_does_not_mix_assessments_nor_write_over_anything_else() {
    let folder = work("refused");
    fs::create_dir_all(folder.join("in")).unwrap();
    fs::write(folder.join("in/a.csv"), entries(0, 10)).unwrap();
    succeeds(&folder, "assess in --out out", "2");
    let said = fails(&folder, "assess in --out out --known-on 2025-04-16");
    assert!(
        said.contains("of another assessment, of all acts"),
        "{said}"
    );
    let said = fails(&folder, "assess in --out out --columns id,total");
    assert!(said.contains("the columns id,total,payable,"), "{said}");
    let said = fails(&folder, "assess in --out out --part-rows 7");
    assert!(said.contains("parts of 4194304 rows"), "{said}");
    fs::write(folder.join("in/b.csv"), entries(0, 10)).unwrap();
    let said = fails(&folder, "assess in --out out");
    assert!(said.contains("files without b.csv"), "{said}");
    fs::remove_file(folder.join("in/b.csv")).unwrap();
    fs::write(folder.join("in/a.csv"), entries(1, 10)).unwrap();
    let said = fails(&folder, "assess in --out out");
    assert!(said.contains("another or no file a.csv"), "{said}");

    let said = fails(&folder, "assess in --out in/out");
    assert!(
        said.contains("lies in the folder that is assessed"),
        "{said}"
    );
    fs::remove_dir_all(folder.join("in/out")).unwrap();
    let said = fails(&folder, "assess in --out out.csv");
    assert!(said.contains("name a folder for the answers"), "{said}");
    fs::create_dir(folder.join("mine")).unwrap();
    fs::write(folder.join("mine/letter.txt"), "dear").unwrap();
    let said = fails(&folder, "assess in --out mine");
    assert!(
        said.contains("letter.txt holds files, and no assessment"),
        "{said}"
    );
    fs::write(folder.join("in/notes.txt"), "x").unwrap();
    let said = fails(&folder, "assess in --out new");
    assert!(
        said.contains("notes.txt: the ending names no format"),
        "{said}"
    );
    fs::remove_file(folder.join("in/notes.txt")).unwrap();
    fs::write(folder.join("in/a.parquet"), "x").unwrap();
    let said = fails(&folder, "assess in --out new");
    assert!(said.contains("a.parquet"), "{said}");
    fs::remove_file(folder.join("in/a.parquet")).unwrap();
    let said = fails(&folder, "assess nowhere --out new");
    assert!(
        said.contains("nowhere: there is no such file or folder"),
        "{said}"
    );
    fs::create_dir(folder.join("nothing")).unwrap();
    let said = fails(&folder, "assess nothing --out new");
    assert!(said.contains("no file to assess"), "{said}");
}

/// What is wrong with the files is told before anything is begun, and mended they are assessed.
#[test]
fn files_can_be_mended_and_a_reading_is_looked_up_first() {
    let folder = work("mended");
    fs::create_dir_all(folder.join("in")).unwrap();
    fs::write(folder.join("in/a.csv"), entries(0, 10)).unwrap();
    fs::write(folder.join("in/b.csv"), "goods,origin\n8481.80.90,JP\n").unwrap();
    let said = fails(&folder, "assess in --out out");
    assert!(
        said.contains("b.csv") && said.contains("entry_date"),
        "{said}"
    );
    fs::write(folder.join("in/b.csv"), entries(10, 10)).unwrap();
    let said = fails(&folder, "assess in --out out --reading nosuch=1");
    assert!(said.contains("no reading `nosuch`"), "{said}");
    assert!(files(&folder.join("out")).is_empty());
    succeeds(&folder, "assess in --out out", "2");
    // Spark names folders so; their answers would stand where those of the file beside do.
    fs::create_dir(folder.join("in/a.parquet")).unwrap();
    parquet(&folder, "in/a.parquet/part.parquet", 0, 10);
    let said = fails(&folder, "assess in --out other");
    assert!(said.contains("would both be answered in"), "{said}");
    // One digit in the middle of a large file.
    let text = entries(0, 20_000);
    fs::remove_dir_all(folder.join("in/a.parquet")).unwrap();
    fs::write(folder.join("in/a.csv"), &text).unwrap();
    succeeds(&folder, "assess in --out large", "2");
    fs::write(
        folder.join("in/a.csv"),
        text.replace("row 9999,", "row 9990,"),
    )
    .unwrap();
    let said = fails(&folder, "assess in --out large");
    assert!(said.contains("another or no file a.csv"), "{said}");
}

#[test]
fn two_files_of_one_name_are_told_and_one_writer_at_a_time_works() {
    let folder = work("alone");
    fs::create_dir_all(folder.join("in")).unwrap();
    fs::write(folder.join("in/a.csv"), entries(0, 10)).unwrap();
    parquet(&folder, "in/a.pq", 0, 10);
    let said = fails(&folder, "assess in --out out");
    assert!(said.contains("would both be answered in"), "{said}");
    fs::remove_file(folder.join("in/a.pq")).unwrap();
    fs::create_dir_all(folder.join("busy")).unwrap();
    let lock = fs::File::create(folder.join("busy/.assessment.lock")).unwrap();
    lock.lock().unwrap();
    let said = fails(&folder, "assess in --out busy");
    assert!(
        said.contains("is being written by another winset"),
        "{said}"
    );
    drop(lock);
    succeeds(&folder, "assess in --out busy", "2");
}
