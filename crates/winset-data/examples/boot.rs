fn main() {
    let a: Vec<String> = std::env::args().collect();
    for (f, b) in winset_data::build::build(std::path::Path::new(&a[1])).unwrap() {
        println!("{f} {}", b.len());
        std::fs::write(std::path::Path::new(&a[2]).join(f), b).unwrap();
    }
}
