//! The page as a browser and as an attacker meet it: the binary is started, requests go over the socket.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

const MIB: u64 = 1024;

/// A dossier of its own in a fresh folder.
fn dossier(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("serve")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(folder.parent().unwrap()).unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_winset"))
        .arg("init")
        .arg(&folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    folder
}

/// A running server.
struct Page {
    child: Child,
    at: SocketAddr,
    token: String,
    cookie: String,
}

impl Page {
    fn open(dossier: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_winset"))
            .arg("serve")
            .arg(dossier)
            .args(["--listen", "127.0.0.1:0"])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("http://") {
            line.clear();
            assert!(
                said.read_line(&mut line).unwrap() > 0,
                "no link was printed"
            );
        }
        child.stdout = Some(said.into_inner());
        let link = line.trim().strip_prefix("http://").unwrap().to_owned();
        let (at, token) = link.split_once("/?token=").unwrap();
        let mut page = Self {
            child,
            at: at.parse().unwrap(),
            token: token.to_owned(),
            cookie: String::new(),
        };
        let answer = page.ask("GET", &format!("/?token={token}"), &[], "");
        assert_eq!(answer.status, 303);
        let cookie = answer.header("set-cookie");
        page.cookie.push_str(cookie.split(';').next().unwrap());
        page
    }

    /// Waits until the numbers are there.
    fn ready(self) -> Self {
        let started = Instant::now();
        while self.get("/table").text.contains("/status") {
            assert!(started.elapsed() < Duration::from_mins(2), "no numbers");
            std::thread::sleep(Duration::from_millis(100));
        }
        self
    }

    fn get(&self, path: &str) -> Answer {
        let cookie = format!("Cookie: {}", self.cookie);
        self.ask("GET", path, &[&cookie], "")
    }

    /// A change as the page itself sends it.
    fn post(&self, path: &str, body: &str) -> Answer {
        let (cookie, origin) = (
            format!("Cookie: {}", self.cookie),
            format!("Origin: http://{}", self.at),
        );
        let kind = "Content-Type: application/x-www-form-urlencoded";
        self.ask("POST", path, &[&cookie, &origin, kind], body)
    }

    fn ask(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
        let host = format!("Host: {}", self.at);
        let named = headers.iter().any(|h| h.starts_with("Host:"));
        let host = if named { Vec::new() } else { vec![host] };
        let all: Vec<&str> = host
            .iter()
            .map(String::as_str)
            .chain(headers.iter().copied())
            .collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            all.join("\r\n"),
            body.len()
        );
        let mut stream = TcpStream::connect(self.at).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_mins(1)))
            .unwrap();
        // Whoever is refused may find the door shut while still speaking.
        let _ = stream.write_all(request.as_bytes());
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        Answer::read(&bytes)
    }

    /// Resident memory, KiB.
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|l| l.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    text: String,
}

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, text) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head
            .split_whitespace()
            .nth(1)
            .and_then(|s| s.parse().ok())
            .unwrap_or(0);
        Self {
            status,
            head: head.to_owned(),
            text: text.to_owned(),
        }
    }

    fn header(&self, name: &str) -> &str {
        self.head
            .lines()
            .find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.eq_ignore_ascii_case(name).then(|| value.trim())
            })
            .unwrap_or("")
    }
}

/// The version of a text, as the page names it.
fn version(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let start = u64::from_be_bytes(digest[..8].try_into().unwrap());
    format!("{start:016x}")
}

/// The package of first options with the second option of the first issue.
fn code(dossier: &Path) -> String {
    let issues = fs::read_to_string(dossier.join("issues.toml")).unwrap();
    let n = issues
        .lines()
        .filter(|l| l.starts_with("[[issue]]"))
        .count();
    format!("1{}", "0".repeat(n - 1))
}

/// The texts of a page, without marks, codes, script and style, and without what stands in quotation marks of code.
fn texts(html: &str) -> Vec<String> {
    let mut silent = "";
    let mut out = Vec::new();
    for piece in html.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        if let Some(name) = ["style", "code", "script"]
            .into_iter()
            .find(|name| tag == *name || tag.starts_with(&format!("{name} ")))
        {
            silent = name;
        } else if !silent.is_empty() && tag == format!("/{silent}") {
            silent = "";
        }
        if silent.is_empty() && !text.trim().is_empty() {
            out.push(text.trim().to_owned());
        }
    }
    out
}

#[test]
fn a_day_without_law_is_the_visitors_and_not_the_dossiers_fault() {
    let folder = dossier("days");
    let page = Page::open(&folder, &[]).ready();
    for (asked, said) in [
        ("/goods/list?on=2023-10-30", "2023-10-30 is outside"),
        ("/goods/list?on=2025-02-30", "`2025-02-30` is no day"),
        ("/goods/list?known=soon", "`soon` is no day"),
        ("/goods/list?and=tomorrow", "`tomorrow` is no day"),
        ("/situation/day?on=never", "`never` is no day"),
        ("/goods/trace?cell=0&on=2023-10-30", "2023-10-30 is outside"),
    ] {
        let answer = page.get(asked);
        assert_eq!(answer.status, 200, "{asked}");
        assert!(answer.text.contains(said), "{asked}: {}", answer.text);
        assert!(
            answer.text.contains("What is asked has no answer"),
            "{asked}"
        );
        assert!(!answer.text.contains("cannot be computed"), "{asked}");
    }
    // The next question is put in the same place.
    for (asked, place) in [
        ("/goods/list?on=soon", "id=\"lines\""),
        ("/situation/day?on=2023-10-30", "id=\"day\""),
    ] {
        let answer = page.get(asked);
        assert!(answer.text.contains(place), "{asked}: {}", answer.text);
    }
}

#[test]
fn each_language_has_every_room_to_itself() {
    let folder = dossier("languages");
    let page = Page::open(&folder, &[]).ready();
    let rooms = [
        "/situation",
        "/situation/day",
        "/goods",
        "/goods/list",
        "/goods/trace?cell=0",
        "/chips",
        "/table",
        "/table/exact",
        "/frontier",
        "/wants",
        "/others",
        "/others/claims",
        "/log",
        "/brief",
    ];
    let ask = |room: &str, lang: &str| {
        let cookie = format!("Cookie: {}; winset-lang={lang}", page.cookie);
        let answer = page.ask("GET", room, &[&cookie], "");
        assert_eq!(answer.status, 200, "{room} {lang}");
        texts(&answer.text)
    };
    // Three words of small Latin letters.
    let english = |text: &str| {
        let mut run = 0;
        text.split(' ').any(|w| {
            let word = w.len() > 1 && w.chars().all(|c| c.is_ascii_lowercase());
            run = if word { run + 1 } else { 0 };
            run == 3
        })
    };
    let japanese = |text: &str| {
        text.chars()
            .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'))
    };
    for room in rooms {
        let said = ask(room, "en");
        let foreign: Vec<_> = said
            .iter()
            .filter(|t| *t != "日本語" && japanese(t))
            .collect();
        assert!(foreign.is_empty(), "{room} in English: {foreign:?}");
        let said = ask(room, "ja");
        // Citations keep their words.
        let cited = |t: &str| t.contains("HTSUS") || t.contains(" FR ") || t.contains(" USC ");
        let foreign: Vec<_> = said.iter().filter(|t| english(t) && !cited(t)).collect();
        assert!(foreign.is_empty(), "{room} in Japanese: {foreign:?}");
        assert!(said.iter().any(|t| japanese(t)) || room == "/log", "{room}");
    }
}

#[test]
fn strangers_see_nothing() {
    let page = Page::open(&dossier("strangers"), &[]);
    let cookie = format!("Cookie: {}", page.cookie);
    let token = format!("/?token={}", page.token);
    let wrong = format!("/?token={}", "0".repeat(64));
    let host = format!("Host: {}", page.at);
    for (what, method, path, headers) in [
        ("no token", "GET", "/table", vec![]),
        ("a wrong token", "GET", wrong.as_str(), vec![]),
        ("a wrong cookie", "GET", "/table", vec!["Cookie: winset=0"]),
        (
            "the token elsewhere than at the door",
            "GET",
            "/table?token=x",
            vec![],
        ),
        (
            "a foreign host",
            "GET",
            "/table",
            vec!["Host: evil.example", cookie.as_str()],
        ),
        (
            "a foreign host with the token",
            "GET",
            token.as_str(),
            vec!["Host: evil.example"],
        ),
        (
            "another port",
            "GET",
            "/table",
            vec!["Host: 127.0.0.1:1", cookie.as_str()],
        ),
        (
            "a foreign origin",
            "GET",
            "/table",
            vec!["Origin: http://evil.example", cookie.as_str()],
        ),
        (
            "a null origin",
            "POST",
            "/table/save",
            vec!["Origin: null", cookie.as_str()],
        ),
        (
            "a change without an origin",
            "POST",
            "/table/save",
            vec![cookie.as_str()],
        ),
        (
            "another site's page",
            "GET",
            "/table",
            vec!["Sec-Fetch-Site: cross-site", cookie.as_str()],
        ),
        (
            "another port's page",
            "GET",
            "/table",
            vec!["Sec-Fetch-Site: same-site", cookie.as_str()],
        ),
        (
            "assets without a token",
            "GET",
            "/assets/page.js",
            vec![host.as_str()],
        ),
    ] {
        let answer = page.ask(method, path, &headers, "");
        assert_eq!(answer.status, 403, "{what}");
        assert!(
            !answer.text.contains("Japan") && !answer.text.contains("<html"),
            "{what}"
        );
        assert!(answer.header("set-cookie").is_empty(), "{what}");
        assert!(
            answer.header("access-control-allow-origin").is_empty(),
            "{what}"
        );
    }
    let ours = page.get("/table");
    assert_eq!(ours.status, 200);
    let policy = ours.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(ours.header("cache-control"), "no-store");
    assert_eq!(ours.header("x-content-type-options"), "nosniff");
}

#[test]
fn no_path_leads_out_of_the_page() {
    let page = Page::open(&dossier("traversal"), &[]).ready();
    for path in [
        "/assets/../../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets//etc/passwd",
        "/brief/..%2fissues.toml",
        "/brief/%2fetc%2fpasswd",
        "/../../etc/passwd",
        "/issues.toml",
        "/packages.toml",
        "/table?p=../../etc/passwd",
        "/goods/trace?cell=99999999",
        "/goods/trace?cell=-1",
    ] {
        let answer = page.get(path);
        let leak = ["[package]", "root:", "[[issue]]"];
        assert!(
            leak.iter().all(|l| !answer.text.contains(l)),
            "{path}: {}",
            answer.text
        );
        assert!(
            answer.status == 404 || answer.status == 400 || answer.text.contains("failed"),
            "{path}: {}",
            answer.status
        );
    }
}

#[test]
fn a_flood_does_not_move_it() {
    let page = Page::open(&dossier("flood"), &[]).ready();
    for warm in 0..200 {
        assert_eq!(page.get(&format!("/table?warm={warm}")).status, 200);
    }
    let before = page.memory();

    // A body of 1 GiB, announced; and one that never says its length.
    let huge = format!(
        "POST /table/save HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {1}\r\nContent-Type: application/x-www-form-urlencoded\r\n",
        page.at, page.cookie
    );
    for rest in [
        "Content-Length: 1073741824\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(page.at).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream.write_all(huge.as_bytes()).unwrap();
        stream.write_all(rest.as_bytes()).unwrap();
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(65536));
        // At most 64 MiB are pushed; the door must be shut well before.
        let pushed = (0..1024)
            .take_while(|_| stream.write_all(chunk.as_bytes()).is_ok())
            .count();
        assert!(pushed < 1024, "{rest}: everything was taken");
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said);
        let status = Answer::read(&said).status;
        assert!(status == 413 || status == 0, "{rest}: {status}");
    }
    assert_eq!(page.get("/table").status, 200);

    // 200 visitors who never finish their question.
    let mut slow: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(page.at).unwrap();
            stream
                .write_all(b"GET /table HTTP/1.1\r\nHost: 127")
                .unwrap();
            stream
        })
        .collect();
    assert_eq!(page.get("/table").status, 200);
    for stream in &mut slow {
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let mut said = Vec::new();
        // The server gives up on them; none is left hanging.
        let _ = stream.read_to_end(&mut said);
        assert!(!String::from_utf8_lossy(&said).contains("200 OK"));
    }
    drop(slow);

    // 10,000 requests, one after another and four at a time.
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let page = &page;
            scope.spawn(move || {
                for i in 0..2500 {
                    let path = if i % 5 == 0 {
                        "/table/numbers"
                    } else {
                        "/assets/icon.svg"
                    };
                    assert_eq!(page.get(path).status, 200, "{worker} {i}");
                }
            });
        }
    });
    let after = page.memory();
    println!("memory before {before} KiB, after {after} KiB");
    assert!(
        after < before + 24 * MIB,
        "memory grew from {before} to {after} KiB"
    );
    assert_eq!(page.get("/table").status, 200);
}

#[test]
fn a_package_is_saved_as_text_and_a_conflict_overwrites_nothing() {
    let dossier = dossier("save");
    let page = Page::open(&dossier, &[]).ready();
    let code = code(&dossier);
    let save = |name: &str, version: &str| {
        page.post(
            "/table/save",
            &format!("p={code}&name={name}&version={version}"),
        )
    };
    let first = save("first", &version(""));
    assert_eq!(first.status, 200, "{}", first.text);
    let file = dossier.join("packages.toml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        text.contains("name = \"first\"") && text.contains("reciprocal = \"ten\""),
        "{text}"
    );

    // The second window still has the version of before.
    let late = save("second", &version(""));
    assert_eq!(late.status, 409);
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    assert!(
        late.text.contains("first") && late.text.contains(&version(&text)),
        "{}",
        late.text
    );
    let again = save("second", &version(&text));
    assert_eq!(again.status, 200);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("first") && text.contains("second"));
    assert!(page.get("/table").text.contains("second"));

    // What is no package, or has no name, is refused and says so.
    for body in [
        format!("p=zz&name=x&version={}", version(&text)),
        format!("p={code}&name=&version={}", version(&text)),
        format!(
            "p={code}&name={}&version={}",
            "x".repeat(61),
            version(&text)
        ),
    ] {
        assert_eq!(page.post("/table/save", &body).status, 422, "{body}");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn nothing_is_saved_where_it_may_not_be() {
    let dossier = dossier("read-only");
    let page = Page::open(&dossier, &["--read-only"]).ready();
    let body = format!("p={}&name=x&version={}", code(&dossier), version(""));
    assert_eq!(page.post("/table/save", &body).status, 403);
    assert!(!dossier.join("packages.toml").exists());
}

#[test]
fn a_kill_during_a_save_leaves_the_old_text_or_the_new() {
    let dossier = dossier("kill");
    let file = dossier.join("packages.toml");
    let code = code(&dossier);
    // How long a save takes here: the first kill falls then. After one that came too late the next comes earlier, so
    // that they stay about the moment of the save, on any machine.
    let page = Page::open(&dossier, &[]);
    let started = Instant::now();
    for i in 0..5 {
        let old = fs::read_to_string(&file).unwrap_or_default();
        let body = format!("p={code}&name=m{i}&version={}", version(&old));
        assert_eq!(page.post("/table/save", &body).status, 200);
    }
    let mut moment = started.elapsed() / 5;
    drop(page);
    let mut new = 0;
    for i in 0..200_u32 {
        let old = fs::read_to_string(&file).unwrap_or_default();
        let mut page = Page::open(&dossier, &[]);
        // Every save changes the text: another name, or another option under a name that is there.
        let code = format!("{}{}", 1 + i / 7 % 3, &code[1..]);
        let body = format!("p={code}&name=n{}&version={}", i % 7, version(&old));
        let request = format!(
            "POST /table/save HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {1}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {2}\r\n\r\n{body}",
            page.at,
            page.cookie,
            body.len()
        );
        let mut stream = TcpStream::connect(page.at).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        std::thread::sleep(moment * (70 + i * 37 % 60) / 100);
        page.child.kill().unwrap();
        page.child.wait().unwrap();
        let now = fs::read_to_string(&file).unwrap_or_default();
        if now != old {
            new += 1;
            moment = moment * 85 / 100;
            assert!(now.contains(&format!("\"n{}\"", i % 7)), "{now}");
        }
        if now == old {
            moment = moment * 115 / 100;
        }
        let whole: toml::Table = now.parse().unwrap_or_else(|e| panic!("{e}: {now}"));
        assert!(whole.get("package").is_none_or(toml::Value::is_array));
    }
    println!("{new} of 200 were saved before the kill");
    assert!(
        new > 20 && new < 180,
        "the kills all fell on one side: {new}"
    );
}

#[test]
fn other_machines_need_a_certificate_and_a_passphrase() {
    let folder = dossier("beyond");
    let run = |args: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_winset"))
            .arg("serve")
            .arg(&folder)
            .args(args)
            .output()
            .unwrap()
    };
    let bare = run(&["--listen", "0.0.0.0:0"]);
    assert_eq!(bare.status.code(), Some(2));
    let said = String::from_utf8(bare.stderr).unwrap();
    assert!(said.contains("--tls-cert"), "{said}");
}
