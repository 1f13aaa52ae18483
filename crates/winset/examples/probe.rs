//! probe
fn main() {
    let t = std::time::Instant::now();
    let files = winset::dossier::Files::open(None).unwrap();
    let last = std::sync::Mutex::new((String::new(), std::time::Instant::now()));
    let b = winset::brief::run(files, None, &|what, _, _| {
        let mut l = last.lock().unwrap();
        if l.0 != what { println!("{:6.2} {}", t.elapsed().as_secs_f64(), what); l.0 = what.to_owned(); }
    });
    let b = match b { Ok(b) => b, Err(e) => { println!("{e}"); return; } };
    println!("{:6.2} done", t.elapsed().as_secs_f64());
    for s in b.sentences() { println!("- {s}"); }
    std::fs::create_dir_all("/tmp/brief").unwrap();
    std::fs::write("/tmp/brief/brief.html", b.html()).unwrap();
    std::fs::write("/tmp/brief/brief.json", serde_json::to_string_pretty(&b.json()).unwrap()).unwrap();
    println!("{:6.2} written", t.elapsed().as_secs_f64());
}
