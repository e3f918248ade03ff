//! The `proforma` program. Everything it does lives in the library; this file maps its answer to an exit code.

fn main() -> std::process::ExitCode {
    proforma::cli::main()
}
