use super::give;

#[test]
fn every_form_is_read() {
    let file = give(include_str!("design.pf"));
    println!("{file:#?}");
}
