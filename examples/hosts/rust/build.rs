// GELU_C_LIBRARY is the path of the library: python -c "import gelu_fast; print(gelu_fast.get_library())"
fn main() {
    let library = std::env::var("GELU_C_LIBRARY").expect("GELU_C_LIBRARY is the path of libgelu_c");
    let folder = std::path::Path::new(&library).parent().unwrap().display();
    println!("cargo:rustc-link-arg={library}");
    println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
    println!("cargo:rerun-if-env-changed=GELU_C_LIBRARY");
}
