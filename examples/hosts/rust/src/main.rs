extern "C" {
    fn gf_gelu_f32(x: *const f32, out: *mut f32, n: usize);
}

fn main() {
    let x = [-4.0f32, -1.0, 0.0, 2.0];
    let mut y = [0.0f32; 4];
    unsafe { gf_gelu_f32(x.as_ptr(), y.as_mut_ptr(), x.len()) };
    for (x, y) in x.iter().zip(y) {
        println!("{x} {y}");
    }
}
