//! Downloads, against a server of our own that answers as the publishers' do.

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use winset::fetch::{FetchError, Fetched, Form, Patience, Wanted, fetch};

use common::winset;

const FILE: &[u8] = b"KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE\n\
    EXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,2025-04-02,1.0803\n\
    EXR.D.JPY.EUR.SP00.A,D,JPY,EUR,SP00,A,2025-04-02,161.65\n";

/// What the server answers to one request: the head, and what it sends of the body.
struct Answer {
    head: String,
    body: Vec<u8>,
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Answer {
    Answer {
        head: format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n"),
        body: body.to_vec(),
    }
}

/// The whole file under a tag.
fn whole(body: &[u8], tag: &str) -> Answer {
    let headers = format!("Content-Length: {}\r\nETag: {tag}\r\n", body.len());
    answer("200 OK", &headers, body)
}

/// The whole file promised, `sent` bytes of it sent.
fn cut(body: &[u8], tag: &str, sent: usize) -> Answer {
    let mut answer = whole(body, tag);
    answer.body.truncate(sent);
    answer
}

fn rest(body: &[u8], tag: &str, from: usize) -> Answer {
    let headers = format!(
        "Content-Length: {}\r\nContent-Range: bytes {from}-{}/{}\r\nETag: {tag}\r\n",
        body.len() - from,
        body.len() - 1,
        body.len()
    );
    answer("206 Partial Content", &headers, &body[from..])
}

/// Gives the answers one after another, and what was asked each time.
fn server(answers: Vec<Answer>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/rates.csv", listener.local_addr().unwrap());
    let (asked, requests) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let Ok((stream, _)) = listener.accept() else {
                return;
            };
            let _ = asked.send(read(&stream));
            let mut stream = stream;
            let _ = stream.write_all(answer.head.as_bytes());
            let _ = stream.write_all(&answer.body);
        }
    });
    (url, requests)
}

fn read(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while reader.read_line(&mut head).is_ok_and(|n| n > 2) {}
    head.to_lowercase()
}

fn work(name: &str) -> PathBuf {
    common::work("fetch", name)
}

const QUICK: Patience = Patience {
    attempts: 3,
    first_pause: Duration::from_millis(5),
    longest_pause: Duration::from_secs(2),
    answer: Duration::from_secs(5),
    body: Duration::from_secs(5),
};

fn table(url: &str) -> Wanted<'_> {
    Wanted {
        url,
        sha256: None,
        forms: &[Form::Csv],
    }
}

fn get(url: &str, folder: &Path) -> Result<Fetched, FetchError> {
    fetch(table(url), &folder.join("rates.csv"), QUICK, &mut |_, _| {})
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_connection_cut_half_way_goes_on_where_it_was() {
    let folder = work("resumed");
    let (url, asked) = server(vec![cut(FILE, "\"one\"", 60), rest(FILE, "\"one\"", 60)]);
    let fetched = get(&url, &folder).unwrap();
    assert_eq!(fs::read(folder.join("rates.csv")).unwrap(), FILE);
    assert_eq!(fetched.bytes, FILE.len() as u64);
    assert_eq!(fetched.sha256, winset_import::sha256(FILE));
    let first = asked.recv().unwrap();
    assert!(first.contains("user-agent: winset/"), "{first}");
    assert!(!first.contains("range:"), "{first}");
    let second = asked.recv().unwrap();
    assert!(
        second.contains("range: bytes=60-") && second.contains("if-range: \"one\""),
        "{second}"
    );
    assert_eq!(names(&folder), ["rates.csv", "rates.csv.fetched.toml"]);
    let record = fs::read_to_string(folder.join("rates.csv.fetched.toml")).unwrap();
    assert_eq!(toml::from_str::<Fetched>(&record).unwrap(), fetched);
}

#[test]
fn a_later_call_goes_on_too() {
    let folder = work("later");
    let (url, _asked) = server(vec![cut(FILE, "\"one\"", 60)]);
    let Err(FetchError::Unreachable { kept, .. }) = get(&url, &folder) else {
        panic!("nobody answers any more");
    };
    assert_eq!(kept, 60);
    // The same address answers again.
    let address = url
        .trim_start_matches("http://")
        .trim_end_matches("/rates.csv")
        .to_owned();
    let listener = TcpListener::bind(address).unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        read(&stream);
        let answer = rest(FILE, "\"one\"", 60);
        stream.write_all(answer.head.as_bytes()).unwrap();
        stream.write_all(&answer.body).unwrap();
    });
    get(&url, &folder).unwrap();
    assert_eq!(fs::read(folder.join("rates.csv")).unwrap(), FILE);
}

#[test]
fn a_server_without_ranges_gives_it_all_again() {
    let folder = work("no-ranges");
    let (url, _asked) = server(vec![cut(FILE, "\"one\"", 60), whole(FILE, "\"one\"")]);
    get(&url, &folder).unwrap();
    assert_eq!(fs::read(folder.join("rates.csv")).unwrap(), FILE);
}

#[test]
fn without_a_mark_nothing_is_pieced_together() {
    let folder = work("no-mark");
    let length = format!("Content-Length: {}\r\n", FILE.len());
    let (url, asked) = server(vec![
        answer("200 OK", &length, &FILE[..60]),
        answer(
            "200 OK",
            &format!("{length}ETag: W/\"weak\"\r\n"),
            &FILE[..70],
        ),
        whole(FILE, "\"one\""),
    ]);
    get(&url, &folder).unwrap();
    assert_eq!(fs::read(folder.join("rates.csv")).unwrap(), FILE);
    assert!(asked.iter().all(|request| !request.contains("range:")));
}

#[test]
fn a_file_that_changed_in_between_is_begun_again() {
    let changed = [
        FILE,
        b"EXR.D.JPY.EUR.SP00.A,D,JPY,EUR,SP00,A,2025-04-03,162\n",
    ]
    .concat();
    // As If-Range asks: all of the new file.
    let folder = work("changed");
    let (url, _asked) = server(vec![cut(FILE, "\"one\"", 60), whole(&changed, "\"two\"")]);
    get(&url, &folder).unwrap();
    assert_eq!(fs::read(folder.join("rates.csv")).unwrap(), changed);
    // A server that has less than came before.
    let folder = work("shrunk");
    let gone = answer(
        "416 Range Not Satisfiable",
        "Content-Range: bytes */40\r\n",
        b"",
    );
    let (url, _asked) = server(vec![
        cut(FILE, "\"one\"", 60),
        gone,
        whole(&FILE[..40], "\"two\""),
    ]);
    get(&url, &folder).unwrap();
    assert_eq!(fs::read(folder.join("rates.csv")).unwrap(), &FILE[..40]);
}

#[test]
fn a_busy_server_is_asked_again_when_it_says() {
    let folder = work("busy");
    let (url, asked) = server(vec![
        answer(
            "429 Too Many Requests",
            "Retry-After: 1\r\nContent-Length: 0\r\n",
            b"",
        ),
        answer("503 Service Unavailable", "Content-Length: 0\r\n", b""),
        whole(FILE, "\"one\""),
    ]);
    let started = std::time::Instant::now();
    get(&url, &folder).unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert_eq!(asked.iter().count(), 3);
}

#[test]
fn a_server_that_asks_for_hours_is_left_alone() {
    let folder = work("later-today");
    let (url, asked) = server(vec![
        cut(FILE, "\"one\"", 60),
        answer(
            "429 Too Many Requests",
            "Retry-After: 7200\r\nContent-Length: 0\r\n",
            b"",
        ),
        whole(FILE, "\"one\""),
    ]);
    let before = jiff::Timestamp::now();
    let Err(error @ FetchError::Later { .. }) = get(&url, &folder) else {
        panic!("the pause is longer than anybody waits");
    };
    let said = error.to_string();
    assert!(
        said.contains(
            "the server answers 429 and wants to be left alone for 7200 seconds: try again after "
        ) && said.ends_with("(60 bytes are kept; the next call goes on from there)"),
        "{said}"
    );
    let FetchError::Later { until, .. } = error else {
        unreachable!()
    };
    let until: jiff::Timestamp = until
        .replace(" UTC", "Z")
        .parse()
        .expect("a time that people and programs read");
    let wait = until.as_second() - before.as_second();
    assert!((7200..7260).contains(&wait), "{wait}");
    assert_eq!(asked.try_iter().count(), 2);
}

#[test]
fn a_page_in_place_of_the_file_is_not_kept() {
    let folder = work("page");
    fs::write(folder.join("rates.csv"), "old").unwrap();
    let page = b"<!DOCTYPE html><html><body>Busy, please try later</body></html>";
    let of_kind = |kind: &str, body: &[u8]| {
        let headers = format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
        answer("200 OK", &headers, body)
    };
    for (what, said) in [
        (of_kind("text/html; charset=utf-8", FILE), "a web page"),
        (
            of_kind("text/csv", page),
            "a web page that begins `<!DOCTYPE html>",
        ),
        (
            of_kind("text/csv", b"{\"error\": \"busy, try later\"}"),
            "a file that begins `{\"error\"",
        ),
        (of_kind("text/csv", b""), "an empty file"),
    ] {
        let (url, asked) = server(vec![what]);
        let error = get(&url, &folder).unwrap_err().to_string();
        assert!(
            error.contains(&format!("the server gives {said}"))
                && error.contains("not a CSV table"),
            "{error}"
        );
        assert_eq!(asked.iter().count(), 1);
        assert_eq!(names(&folder), ["rates.csv"]);
        assert_eq!(fs::read_to_string(folder.join("rates.csv")).unwrap(), "old");
    }
}

#[test]
fn two_do_not_download_to_one_file() {
    let folder = work("two");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/rates.csv", listener.local_addr().unwrap());
    let first = {
        let (url, folder) = (url.clone(), folder.clone());
        std::thread::spawn(move || get(&url, &folder))
    };
    // The first has asked and is not answered before the second has come.
    let (mut stream, _) = listener.accept().unwrap();
    read(&stream);
    let (other, asked) = server(vec![whole(b"a,b\n1,2\n", "\"other\"")]);
    let error = get(&other, &folder).unwrap_err();
    assert!(matches!(error, FetchError::Busy { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("rates.csv: another fetch is writing it; wait until that ends"),
        "{error}"
    );
    assert_eq!(asked.try_iter().count(), 0);
    let answer = whole(FILE, "\"one\"");
    stream.write_all(answer.head.as_bytes()).unwrap();
    stream.write_all(&answer.body).unwrap();
    drop(stream);
    first.join().unwrap().unwrap();
    assert_eq!(fs::read(folder.join("rates.csv")).unwrap(), FILE);
    assert_eq!(names(&folder), ["rates.csv", "rates.csv.fetched.toml"]);
    // A lock of one that was killed keeps nobody away.
    fs::write(folder.join("rates.csv.part.lock"), "").unwrap();
    get(&other, &folder).unwrap();
    assert_eq!(names(&folder), ["rates.csv", "rates.csv.fetched.toml"]);
}

#[test]
fn what_is_not_there_is_not_asked_for_twice() {
    let folder = work("missing");
    fs::write(folder.join("rates.csv"), "old").unwrap();
    let (url, asked) = server(vec![answer("404 Not Found", "Content-Length: 0\r\n", b"")]);
    let error = get(&url, &folder).unwrap_err().to_string();
    assert!(error.ends_with("the server answers 404"), "{error}");
    assert_eq!(asked.iter().count(), 1);
    assert_eq!(fs::read_to_string(folder.join("rates.csv")).unwrap(), "old");
}

#[test]
fn another_file_than_expected_is_not_kept() {
    let folder = work("checksum");
    let (url, _asked) = server(vec![whole(FILE, "\"one\""), whole(FILE, "\"one\"")]);
    let out = folder.join("rates.csv");
    let with = |sha256: &str| {
        let wanted = Wanted {
            sha256: Some(sha256),
            ..table(&url)
        };
        fetch(wanted, &out, QUICK, &mut |_, _| {})
    };
    let wrong = with(&"0".repeat(64));
    assert!(matches!(wrong, Err(FetchError::Checksum { .. })));
    assert!(names(&folder).is_empty());
    let right = winset_import::sha256(FILE).to_uppercase();
    with(&right).unwrap();
}

#[test]
fn what_was_downloaded_is_what_import_reads() {
    let folder = work("command");
    let (url, _asked) = server(vec![cut(FILE, "\"one\"", 60), rest(FILE, "\"one\"", 60)]);
    let fetched = winset(
        &folder,
        &[
            "fetch",
            "ecb",
            "--from",
            &url,
            "--out",
            "rates.csv",
            "--json",
        ],
    );
    assert!(
        fetched.status.success(),
        "{}",
        String::from_utf8_lossy(&fetched.stderr)
    );
    let said: serde_json::Value = serde_json::from_slice(&fetched.stdout).unwrap();
    assert_eq!(said["sha256"], winset_import::sha256(FILE));
    let imported = winset(&folder, &["import", "ecb", "rates.csv", "--out", "rates"]);
    assert!(
        imported.status.success(),
        "{}",
        String::from_utf8_lossy(&imported.stderr)
    );
    assert_eq!(
        fs::read_to_string(folder.join("rates/ecb_rates.csv")).unwrap(),
        "date,usd,jpy\n2025-04-02,1.0803,161.65\n"
    );
}

#[test]
fn without_the_file_it_says_what_to_do_by_hand() {
    let folder = work("by-hand");
    let (url, _asked) = server(vec![answer("404 Not Found", "Content-Length: 0\r\n", b"")]);
    let failed = winset(
        &folder,
        &["fetch", "hts", "--from", &url, "--out", "hts.json"],
    );
    assert_eq!(failed.status.code(), Some(1));
    let said = String::from_utf8(failed.stderr).unwrap();
    assert!(said.contains("404"), "{said}");
    assert!(
        said.contains("Download it by hand from https://hts.usitc.gov/export and then write: winset import hts hts.json"),
        "{said}"
    );
    let icio = winset(&folder, &["fetch", "icio", "--out", "icio.csv"]);
    assert_eq!(icio.status.code(), Some(2));
    assert!(
        String::from_utf8(icio.stderr)
            .unwrap()
            .contains("write --from ADDRESS")
    );
    let census = winset(
        &folder,
        &["fetch", "census", "--out", "x.json", "--month", "12/2024"],
    );
    assert_eq!(census.status.code(), Some(2));
}
